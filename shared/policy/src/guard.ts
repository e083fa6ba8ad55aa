import { GatehouseError } from '@gatehouse/errors'
import { type ApiRequest, isMutating } from './mutating.ts'
import { parsePath } from './path.ts'
import type { Profile } from './profiles.ts'
import { deniedRead } from './reads.ts'

/**
 * The last word before a request leaves for a cluster, under every tool: throws BLOCKED_BY_POLICY for what
 * no tool may send. Only the executor passes `mayMutate`.
 */
export function guard(request: ApiRequest, profile: Profile, mayMutate = false): void {
  const reason = deniedRead(request)
  if (reason) refuse(`${request.path} is refused: ${reason}`)
  if (isMutating(request) && !mayMutate) {
    refuse(`${request.method} ${request.path} can change the cluster and is only sent after approval`)
  }
  const { group, resource, namespace } = parsePath(request.path) ?? {}
  if (resource === undefined) return
  if (group === '' && profile.blockedResources.has(resource)) {
    refuse(`${resource} are not accessible in the ${profile.name} profile`)
  }
  if (!profile.clusterScope && namespace === undefined) {
    refuse(`cluster-wide access is not possible in the ${profile.name} profile`)
  }
}

function refuse(message: string): never {
  throw new GatehouseError('BLOCKED_BY_POLICY', message)
}
