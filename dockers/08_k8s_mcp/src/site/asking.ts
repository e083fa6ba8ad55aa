import { knownKind, neverTarget } from '@gatehouse/policy/gate'

interface Said {
  apiVersion?: string
  kind?: string
  metadata?: { name?: string; namespace?: string }
}

export interface Asking {
  /** Why the gate never lets one of the objects through. */
  refused: string[]
  /** What only POLICY_FILE can allow. */
  conditions: string[]
}

/** What the gate says of applying objects that do not exist yet, as far as their kinds and places tell. */
export function asking(objects: readonly object[]): Asking {
  const refused = new Set<string>()
  const conditions = new Set<string>()
  for (const { apiVersion = '', kind = '', metadata = {} } of objects as Said[]) {
    const group = apiVersion.includes('/') ? apiVersion.slice(0, apiVersion.indexOf('/')) : ''
    const known = knownKind(group ? `${kind}.${group}` : kind)
    if (!known) continue
    const { plural: resource, namespaced } = known
    const { name = '', namespace = '' } = metadata
    const target = { type: 'apply', group, resource, name, namespace, exists: false } as const
    for (const reason of neverTarget(target)) refused.add(reason)
    if (!namespaced || group === 'rbac.authorization.k8s.io') {
      conditions.add(`${kind}: only where allow.kinds of POLICY_FILE names it.`)
    }
  }
  return { refused: [...refused], conditions: refused.size > 0 ? [] : [...conditions] }
}
