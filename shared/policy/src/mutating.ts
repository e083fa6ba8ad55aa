/** The parts of a request to the API server that policy judges. */
export interface ApiRequest {
  method: string
  /** Path without the query, as sent. */
  path: string
  query: URLSearchParams
}

const REVIEWS = ['selfsubjectaccessreviews', 'selfsubjectreviews', 'selfsubjectrulesreviews']
const ALWAYS_MUTATING = new Set(['exec', 'attach', 'portforward', 'proxy'])

/**
 * Whether a request can change anything: any verb but GET, except a dry run and the self-reviews;
 * exec, attach, portforward and proxy whatever their verb.
 */
export function isMutating(request: ApiRequest): boolean {
  const segments = request.path.split('/').filter(Boolean)
  if (segments.some((segment, index) => index > 3 && ALWAYS_MUTATING.has(segment))) return true
  if (request.method === 'GET') return false
  const dryRun = request.query.getAll('dryRun')
  if (dryRun.length === 1 && dryRun[0] === 'All' && !hasSubresourceWithoutDryRun(segments)) return false
  const last = segments.at(-1) ?? ''
  return (
    !(request.method === 'POST' && segments[1] === 'authorization.k8s.io' && REVIEWS.includes(last)) &&
    !(request.method === 'POST' && segments[1] === 'authentication.k8s.io' && last === 'selfsubjectreviews')
  )
}

// A TokenRequest hands out a credential even as a dry run.
function hasSubresourceWithoutDryRun(segments: string[]): boolean {
  return segments.at(-1) === 'token'
}
