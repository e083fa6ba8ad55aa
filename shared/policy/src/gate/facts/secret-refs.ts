import { isTree, type Tree, textAt } from './tree.ts'

const DEEPEST = 100

/**
 * Names of Secrets a pod spec refers to: volumes of every driver, projected ones, environment, pull secrets. Goes by
 * the names of fields (`secretName`, `secretKeyRef`, `nodePublishSecretRef`, …), so that a driver nobody knows counts too.
 */
export function secretRefsOf(spec: Tree): string[] {
  const names = new Set<string>()
  const visit = (value: unknown, key: string, depth: number): void => {
    if (depth > DEEPEST) throw new RangeError('nested too deeply')
    if (Array.isArray(value)) {
      for (const one of value) visit(one, key, depth + 1)
      return
    }
    if (!isTree(value)) {
      if (/^secretName$/i.test(key) && typeof value === 'string' && value !== '') names.add(value)
      return
    }
    const name = textAt(value, 'name')
    if (name !== undefined && REFERENCE.test(key)) names.add(name)
    // Bare words behind these keys are values of the container itself.
    for (const [inner, one] of Object.entries(value)) if (!VALUES.has(inner)) visit(one, inner, depth + 1)
  }
  visit(spec, '', 0)
  return [...names].sort()
}

const REFERENCE = /^(secret|imagePullSecrets)$|secret(key)?ref(erence)?$/i
const VALUES = new Set(['args', 'command', 'status', 'nodeSelector'])
