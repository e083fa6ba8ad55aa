import { GatehouseError } from '@gatehouse/errors'
import { type ApiRequest, isMutating } from './mutating.ts'
import type { Profile } from './profiles.ts'
import { deniedRead } from './reads.ts'

/**
 * The last word before a request leaves for a cluster, under every tool: throws BLOCKED_BY_POLICY for what
 * no tool may send. Only the executor passes `mayMutate`.
 */
export function guard(request: ApiRequest, profile: Profile, mayMutate = false): void {
  if (isMutating(request) && !mayMutate) {
    refuse(`${request.method} ${request.path} can change the cluster and is only sent after approval`)
  }
  const reason = deniedRead(request)
  if (reason) refuse(`${request.path} is refused: ${reason}`)
  const blocked = coreResource(request.path)
  if (blocked && profile.blockedResources.has(blocked)) {
    refuse(`${blocked} are not accessible in the ${profile.name} profile`)
  }
  if (!profile.clusterScope && isObjectPath(request.path) && !request.path.includes('/namespaces/')) {
    refuse(`cluster-wide access is not possible in the ${profile.name} profile`)
  }
}

function refuse(message: string): never {
  throw new GatehouseError('BLOCKED_BY_POLICY', message)
}

function coreResource(path: string): string | undefined {
  return /^\/api\/v1\/(?:namespaces\/[^/]+\/)?([^/]+)/.exec(path)?.[1]
}

function isObjectPath(path: string): boolean {
  return /^\/api\/v1\/[^/]+/.test(path) || /^\/apis\/[^/]+\/[^/]+\/[^/]+/.test(path)
}
