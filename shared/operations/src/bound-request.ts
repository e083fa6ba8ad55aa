import type { KubeObject } from '@gatehouse/kubernetes'
import type { FrozenRequest } from './plan.ts'

/** The one version of the one object that a request may change. Null where there is none yet. */
export interface Precondition {
  uid: string | null
  resourceVersion: string | null
}

export interface BoundRequest {
  method: FrozenRequest['method']
  path: string
  query: Record<string, string>
  headers: Record<string, string>
  body: string
}

export const MERGE = 'application/merge-patch+json'
export const STRATEGIC = 'application/strategic-merge-patch+json'
export const JSON_PATCH = 'application/json-patch+json'
export const APPLY = 'application/apply-patch+yaml'
export const JSON_BODY = 'application/json'

/** What a write is bound to. A version no object ever has makes an apply to a new name create it or fail. */
export function boundTo(live: KubeObject | undefined | null): Precondition {
  if (!live) return { uid: null, resourceVersion: '1' }
  return { uid: live.metadata.uid ?? null, resourceVersion: live.metadata.resourceVersion ?? null }
}

/**
 * A frozen request as it is sent: bound to one uid and one resourceVersion, so that however often and however late it
 * arrives it can take effect once. `dryRun` makes a rehearsal of it that changes nothing.
 */
export function boundRequest(frozen: FrozenRequest, bound: Precondition, dryRun = false): BoundRequest {
  const { method, path, query, contentType } = frozen
  return {
    method,
    path,
    query: { ...query, ...(dryRun && { dryRun: 'All' }) },
    headers: { 'content-type': contentType },
    // JSON is YAML, so an apply is sent as JSON too.
    body: JSON.stringify(bodyOf(frozen, bound, dryRun)),
  }
}

type Json = Record<string, unknown>

function bodyOf(
  { method, path, contentType, body }: FrozenRequest,
  bound: Precondition,
  dryRun: boolean,
): unknown {
  const precondition = definedOf(bound)
  const rehearsal = dryRun ? { dryRun: ['All'] } : {}
  if (method === 'DELETE') return { ...(body as Json), ...rehearsal, preconditions: precondition }
  if (path.endsWith('/eviction')) {
    const eviction = body as Json
    const options = { ...Object(eviction.deleteOptions), ...rehearsal, preconditions: precondition }
    return { ...eviction, deleteOptions: options }
  }
  if (contentType === JSON_PATCH) {
    const tests = Object.entries(precondition).map(([field, value]) => ({
      op: 'test',
      path: `/metadata/${field}`,
      value,
    }))
    return [...tests, ...(body as unknown[])]
  }
  if (method === 'POST') return body
  const object = body as { metadata?: Json }
  return { ...object, metadata: { ...object.metadata, ...precondition } }
}

// A new object has no uid, but a version that no object ever has makes an apply create or fail, never change.
function definedOf({ uid, resourceVersion }: Precondition): Json {
  return {
    ...(uid !== null && { uid }),
    ...(resourceVersion !== null && { resourceVersion }),
  }
}
