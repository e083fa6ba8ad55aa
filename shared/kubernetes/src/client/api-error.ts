import { type ErrorCode, type ErrorDetail, GatehouseError } from '@gatehouse/errors'
import { cutText } from '../cut-text.ts'

interface Status {
  message?: string
  reason?: string
  details?: {
    name?: string
    kind?: string
    retryAfterSeconds?: number
    causes?: { reason?: string; message?: string; field?: string }[]
  }
}

/** Makes an error of the catalogue out of an API server's answer. The body may be anything; only Status text is used. */
export function apiError(status: number, body: string): GatehouseError {
  const said = parseStatus(body)
  const message = said.message && cutText(withoutPatch(said.message), 600)
  const make = (code: ErrorCode, text = message, detail: ErrorDetail = {}) =>
    new GatehouseError(code, text, {
      quotesCluster: message !== undefined && (text ?? '').includes(message),
      cause: { status },
      ...detail,
    })
  if (status === 401)
    return make('CLUSTER_CREDENTIALS', 'The cluster refused the credentials of this context')
  if (status === 403) return make('FORBIDDEN')
  if (status === 404) return make('NOT_FOUND')
  // Which fields, and who owns them: the text alone is cut.
  const causes = said.details?.causes?.slice(0, 50)
  if (status === 409) return make('CONFLICT', message, causes ? { data: { causes } } : {})
  if (status === 410) return make('CURSOR_EXPIRED', 'The cluster no longer holds that list')
  if (status === 413) return make('TOO_LARGE')
  if (status === 429) return make('CLUSTER_BUSY')
  if (status === 400 || status === 422) return make('CLUSTER_REFUSED')
  if (status === 503 || status === 502)
    return make('CLUSTER_UNREACHABLE', message ?? 'The cluster is not ready')
  // A cursor of another cluster, or of this one before it was restored from a backup.
  if (status === 504 && message?.includes('Too large resource version')) return make('CURSOR_EXPIRED')
  if (status === 504) return make('TIMEOUT', 'The cluster took too long')
  return make('CLUSTER_REFUSED', `The cluster answered ${status}${message ? `: ${message}` : ''}`)
}

// In front of an unknown field the API server repeats the whole patch and the object it meant.
function withoutPatch(message: string): string {
  const fields = /: (strict decoding error: [^{}]{1,300})$/.exec(message)?.[1]
  return fields ?? message
}

/** An error for a request that got no answer. */
export function connectionError(context: string, cause: unknown): GatehouseError {
  const error = cause as NodeJS.ErrnoException & { cause?: NodeJS.ErrnoException }
  const code = error.code ?? error.cause?.code ?? error.name
  const reason =
    REASONS[code ?? ''] ?? (isTls(code) ? 'its certificate is not trusted' : 'the connection failed')
  return new GatehouseError(
    'CLUSTER_UNREACHABLE',
    `The cluster of context "${context}" does not answer: ${reason}`,
    {
      cause,
    },
  )
}

/**
 * Whether a failed request certainly changed nothing: it never left, or the API server said no to it (4xx). After
 * anything else (5xx, a lost answer) nobody knows.
 */
export function changedNothing({ code, cause }: GatehouseError): boolean {
  const { status, code: reason = '' } = (cause ?? {}) as { status?: number; code?: string }
  if (status !== undefined) return status >= 400 && status < 500 && status !== 408
  if (code === 'CLUSTER_UNREACHABLE') return NEVER_SENT.has(reason) || isTls(reason)
  return NOT_TRIED.has(code)
}

const NEVER_SENT = new Set([
  'ECONNREFUSED',
  'ENOTFOUND',
  'EAI_AGAIN',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'UND_ERR_CONNECT_TIMEOUT',
])
const NOT_TRIED = new Set<ErrorCode>(['BLOCKED_BY_POLICY', 'INVALID_INPUT', 'CLUSTER_CREDENTIALS'])

const REASONS: Record<string, string> = {
  ECONNREFUSED: 'connection refused',
  ENOTFOUND: 'its host name does not resolve',
  EAI_AGAIN: 'its host name does not resolve',
  ECONNRESET: 'the connection was reset',
  UND_ERR_SOCKET: 'the connection broke',
  UND_ERR_CONNECT_TIMEOUT: 'no connection within 3 s',
  UND_ERR_HEADERS_TIMEOUT: 'no answer in time',
  UND_ERR_BODY_TIMEOUT: 'the answer stopped half-way',
  EHOSTUNREACH: 'no route to it',
  ENETUNREACH: 'no route to it',
  ETIMEDOUT: 'no connection in time',
}

function isTls(code: string | undefined): boolean {
  return /CERT|TLS|SSL|SIGNATURE|ISSUER/.test(code ?? '')
}

function parseStatus(body: string): Status {
  try {
    const parsed: unknown = JSON.parse(body)
    return parsed !== null && typeof parsed === 'object' ? (parsed as Status) : {}
  } catch {
    return {}
  }
}
