import { parsePath } from './path.ts'

/** The parts of a request to the API server that policy judges. */
export interface ApiRequest {
  method: string
  /** Path without the query, as sent. */
  path: string
  query: URLSearchParams
  /** What is sent along; named even where it is undefined, because it can overrule the query. */
  body: string | undefined
}

const DRY_RUNNABLE = new Set(['POST', 'PUT', 'PATCH', 'DELETE'])
const ALWAYS_MUTATING = new Set(['exec', 'attach', 'portforward', 'proxy'])
const REVIEWS = new Set([
  'authorization.k8s.io/selfsubjectaccessreviews',
  'authorization.k8s.io/selfsubjectrulesreviews',
  'authentication.k8s.io/selfsubjectreviews',
])

/**
 * Whether a request can change anything: any verb but GET, except a dry run and the self-reviews;
 * exec, attach, portforward and proxy whatever their verb; and whatever cannot be understood.
 */
export function isMutating(request: ApiRequest): boolean {
  const path = parsePath(request.path)
  if (!path || ALWAYS_MUTATING.has(path.subresource ?? '')) return true
  if (request.method === 'GET') return false
  if (request.method === 'POST' && REVIEWS.has(`${path.group}/${path.resource}`) && !path.name) return false
  // A TokenRequest hands out a credential even as a dry run.
  return path.subresource === 'token' || !isDryRun(request)
}

// The API server ignores the query of a DELETE that has a body.
function isDryRun({ method, query, body }: ApiRequest): boolean {
  if (!DRY_RUNNABLE.has(method) || !isAll(query.getAll('dryRun'))) return false
  if (method !== 'DELETE' || !body) return true
  try {
    const options: { dryRun?: unknown } | null = JSON.parse(body)
    return isAll(options?.dryRun)
  } catch {
    return false
  }
}

function isAll(dryRun: unknown): boolean {
  return Array.isArray(dryRun) && dryRun.length === 1 && dryRun[0] === 'All'
}
