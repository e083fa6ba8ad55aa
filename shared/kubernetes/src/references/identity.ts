import type { Around } from './around.ts'
import type { Found } from './network.ts'
import type { Wanted } from './reference.ts'

/** ServiceAccounts that hand out a Secret, and role bindings of a ServiceAccount. */
export function usesByIdentity(around: Around, wanted: Wanted): Found[] {
  if (wanted.group !== '') return []
  const found: Found[] = []
  if (wanted.kind === 'Secret') {
    for (const object of around.serviceAccounts ?? []) {
      for (const how of ['secrets', 'imagePullSecrets'] as const) {
        if (object[how]?.some((one) => one.name === wanted.name))
          found.push({ kind: 'ServiceAccount', object, use: { how } })
      }
    }
  }
  if (wanted.kind !== 'ServiceAccount') return found
  const namespace = wanted.object?.metadata.namespace
  for (const kind of ['RoleBinding', 'ClusterRoleBinding'] as const) {
    for (const object of (kind === 'RoleBinding' ? around.roleBindings : around.clusterRoleBindings) ?? []) {
      const isBound = object.subjects?.some(
        (one) =>
          one.kind === 'ServiceAccount' &&
          one.name === wanted.name &&
          (one.namespace ?? namespace) === namespace,
      )
      const { roleRef } = object
      if (isBound)
        found.push({
          kind,
          object,
          use: { how: 'subject', detail: `gives it ${roleRef?.kind} ${roleRef?.name}` },
        })
    }
  }
  return found
}
