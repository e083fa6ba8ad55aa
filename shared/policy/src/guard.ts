import { GatehouseError } from '@gatehouse/errors'
import { denyDelete } from './deletes.ts'
import type { ChangeType } from './facts.ts'
import { type ApiRequest, isMutating } from './mutating.ts'
import { neverTarget, OWN_NAMESPACES } from './never.ts'
import { type ApiPath, parsePath } from './path.ts'
import type { Profile } from './profiles.ts'
import { deniedRead } from './reads.ts'
import { judgeBody } from './request-body.ts'

/**
 * The last word before a request leaves for a cluster, under every tool: throws BLOCKED_BY_POLICY for what
 * no tool may send. Only the executor passes `mayMutate`.
 */
export function guard(request: ApiRequest, profile: Profile, mayMutate = false): void {
  const reason = deniedRead(request)
  if (reason) refuse(`${request.path} is refused: ${reason}`)
  const mutating = isMutating(request)
  if (mutating && !mayMutate) {
    refuse(`${request.method} ${request.path} can change the cluster and is only sent after approval`)
  }
  const path = parsePath(request.path) ?? { root: '', group: '' }
  const { group, resource, namespace, name, subresource } = path
  if (resource === undefined) {
    if (mutating) refuse(`${request.method} ${request.path} addresses no object`)
    return
  }
  if (mutating && request.method === 'DELETE') {
    if (name === undefined || subresource !== undefined)
      refuse('Only one named object can be deleted at a time')
    const reason = denyDelete({ namespace, group, plural: resource })
    if (reason) refuse(reason)
  }
  if (group === '' && profile.blockedResources.has(resource)) {
    refuse(`${resource} are not accessible in the ${profile.name} profile`)
  }
  // The path of a namespace itself carries a namespace and yet is no object inside one.
  if (!profile.clusterScope && (namespace === undefined || resource === 'namespaces')) {
    refuse(`cluster-wide access is not possible in the ${profile.name} profile`)
  }
  if (!mutating) return
  if (!profile.mutations.has(request.method)) {
    refuse(`${request.method} is not possible in the ${profile.name} profile`)
  }
  refuseNever(request, { ...path, resource }, profile)
}

// In a version of a group, and not by the old prefixes, which nobody changes anything through.
const OBJECTS = /^\/(api|apis\/[^/]+)\/v[0-9][a-z0-9]*\/(?!watch\/|proxy\/)/

// `method subresource`: what the executor sends, and what it does.
const CHANGES: Record<string, ChangeType> = {
  'POST ': 'create',
  'PUT ': 'patch',
  'PATCH ': 'patch',
  'DELETE ': 'delete',
  'PUT scale': 'scale',
  'PATCH scale': 'scale',
  'POST eviction': 'evict',
  'POST exec': 'exec',
  'GET exec': 'exec',
}

function refuseNever(request: ApiRequest, path: ApiPath & { resource: string }, profile: Profile): void {
  const { group, resource, namespace = '', subresource = '' } = path
  if (!OBJECTS.test(request.path)) refuse(`${request.method} ${request.path} addresses no object`)
  const key = `${request.method} ${subresource}`
  const type = Object.hasOwn(CHANGES, key) ? CHANGES[key] : undefined
  if (type === undefined) refuse(`${key.trim()} of ${resource} is not sent from here`)
  if ((type === 'create') !== (path.name === undefined)) refuse('A change addresses exactly one object')
  const { name, reason } = judgeBody(request, path, type)
  if (reason) refuse(reason)
  const [never] = neverTarget(
    { type, group, resource, namespace, name },
    profile.ownNamespaces ?? OWN_NAMESPACES,
  )
  if (never) refuse(never)
}

function refuse(message: string): never {
  throw new GatehouseError('BLOCKED_BY_POLICY', message)
}
