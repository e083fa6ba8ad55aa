import type { ApiRequest } from './mutating.ts'

/** Path roots the API server serves that Gatehouse may read. Everything else is a raw path and refused. */
const ROOTS = /^\/(api|apis|openapi\/v3|version|livez|readyz)(\/|$)/

/**
 * Why a read is refused for every profile, or undefined. Judges what is sent to the API server, never a
 * caller's text: `proxy` sub-resources, TokenRequest and raw paths. Secret values are masked where objects
 * are decoded, so names, sizes and digests remain readable.
 */
export function deniedRead(request: ApiRequest): string | undefined {
  const path = decodeURIComponent(request.path)
  if (path !== request.path && path.includes('..')) return 'the path is not plain'
  if (!ROOTS.test(path)) return 'raw paths are not read'
  if (path.split('/').some((segment) => segment === '..' || segment === '.')) return 'the path is not plain'
  const segments = path.split('/').filter(Boolean)
  if (segments.includes('proxy') && segments.indexOf('proxy') > 3) return 'proxy sub-resources are not read'
  if (segments.at(-1) === 'token' && segments.includes('serviceaccounts')) return 'tokens are not requested'
  return undefined
}
