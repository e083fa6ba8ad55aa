import { type Fields, isObject, type MaskTools } from './mask-tools.ts'

/** A user entry of a kubeconfig, or the `user` inside it, as far as names alone do not say what is secret. */
export function isKubeconfigUser(fields: Fields): boolean {
  return isObject(fields['auth-provider']) || (isObject(fields.exec) && 'apiVersion' in fields.exec)
}

/**
 * Everything a credential plugin is given may be a credential: all values of its environment and of an
 * auth provider's configuration are masked. Tokens, passwords and keys are masked by their names.
 */
export function maskKubeconfigUser(
  masked: Record<string, unknown>,
  tools: MaskTools,
): Record<string, unknown> {
  const provider = masked['auth-provider']
  if (isObject(provider) && isObject(provider.config)) {
    const config = Object.entries(provider.config).map(([key, value]) => [key, whole(value, tools)])
    masked['auth-provider'] = { ...provider, config: Object.fromEntries(config) }
  }
  const { exec } = masked
  if (isObject(exec) && Array.isArray(exec.env)) {
    masked.exec = {
      ...exec,
      env: exec.env.map((item) => (isObject(item) ? { ...item, value: whole(item.value, tools) } : item)),
    }
  }
  return masked
}

function whole(value: unknown, tools: MaskTools): unknown {
  if (typeof value !== 'string' || value === '' || value.startsWith('[redacted:')) return value
  return tools.mask('credential', value)
}
