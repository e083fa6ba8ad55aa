import type { ApiRequest } from './mutating.ts'
import { parsePath } from './path.ts'

// What the API server serves that Gatehouse may read. Everything else is a raw path and refused.
const ROOTS = new Set(['api', 'apis', 'openapi', 'version', 'livez', 'readyz'])

/**
 * Why a request is refused for every profile, or undefined. Judges what is sent to the API server, never a
 * caller's text: `proxy` sub-resources, TokenRequest and raw paths. Secret values are masked where objects
 * are decoded, so names, sizes and digests remain readable.
 */
export function deniedRead(request: Pick<ApiRequest, 'path'>): string | undefined {
  const path = parsePath(request.path)
  if (!path) return 'the path is not plain'
  if (!ROOTS.has(path.root)) return 'raw paths are not read'
  if (path.root === 'openapi' && !/^\/openapi\/v3(\/|$)/.test(request.path)) return 'raw paths are not read'
  if (path.subresource === 'proxy') return 'proxy sub-resources are not read'
  if (path.resource === 'serviceaccounts' && path.subresource === 'token') return 'tokens are not requested'
  return undefined
}
