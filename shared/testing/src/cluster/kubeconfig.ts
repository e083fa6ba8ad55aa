import type { Certificate } from './certificates.ts'

/** How a context signs in; `none` sends nothing and is the anonymous user. */
export type UserSpec =
  | { certificate: Pick<Certificate, 'cert' | 'key'> }
  | { token: string }
  | { exec: { command: string; args?: string[]; env?: { name: string; value: string }[] } }
  | { none: true }

/** One context of a kubeconfig; `server` defaults to this cluster. */
export type ContextSpec = {
  name: string
  user: UserSpec
  server?: string
  namespace?: string
  insecure?: boolean
}

/** A kubeconfig as text, JSON because every YAML reader takes it. The first context is the current one. */
export function kubeconfig(authority: string, url: string, contexts: ContextSpec[]): string {
  const named = (kind: string, value: (spec: ContextSpec) => object): object[] =>
    contexts.map((spec) => ({ name: spec.name, [kind]: value(spec) }))
  const config = {
    apiVersion: 'v1',
    kind: 'Config',
    'current-context': contexts[0]?.name ?? '',
    clusters: named('cluster', (spec) => ({
      server: spec.server ?? url,
      ...(spec.insecure
        ? { 'insecure-skip-tls-verify': true }
        : { 'certificate-authority-data': base64(authority) }),
    })),
    users: named('user', (spec) => credentials(spec.user)),
    contexts: named('context', (spec) => ({
      cluster: spec.name,
      user: spec.name,
      ...(spec.namespace ? { namespace: spec.namespace } : {}),
    })),
  }
  return `${JSON.stringify(config, null, 2)}\n`
}

function credentials(user: UserSpec): object {
  if ('token' in user) return { token: user.token }
  if ('none' in user) return {}
  if ('exec' in user) {
    return { exec: { apiVersion: 'client.authentication.k8s.io/v1', interactiveMode: 'Never', ...user.exec } }
  }
  const { cert, key } = user.certificate
  return { 'client-certificate-data': base64(cert), 'client-key-data': base64(key) }
}

const base64 = (value: string): string => Buffer.from(value).toString('base64')
