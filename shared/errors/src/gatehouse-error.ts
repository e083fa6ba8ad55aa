import { catalogue, type ErrorCode } from './catalogue.ts'

export interface ErrorDetail {
  /** What to do next, where the catalogue's hint can be made more precise. */
  hint?: string
  /** The internal reason. Kept for the log, never sent. */
  cause?: unknown
  /** The message quotes what a cluster, a workload or a person in it wrote. */
  quotesCluster?: boolean
  /** Further public fields, such as `nearest` names. */
  data?: Record<string, unknown>
}

/**
 * The one error class that may carry text to a caller. Anything else that is thrown becomes INTERNAL.
 * `message` is public: it must name what was asked, never a secret or an internal address.
 */
export class GatehouseError extends Error {
  override readonly name = 'GatehouseError'
  readonly code: ErrorCode
  readonly hint: string
  readonly quotesCluster: boolean
  readonly data: Record<string, unknown>

  constructor(code: ErrorCode, message?: string, detail: ErrorDetail = {}) {
    super(message ?? catalogue[code].text, detail.cause === undefined ? undefined : { cause: detail.cause })
    this.code = code
    this.hint = detail.hint ?? catalogue[code].hint
    this.quotesCluster = detail.quotesCluster ?? false
    this.data = detail.data ?? {}
  }

  get http(): number {
    return catalogue[this.code].http
  }
}

/** Makes a GatehouseError of anything thrown; the original stays as `cause`. */
export function asGatehouseError(thrown: unknown): GatehouseError {
  if (thrown instanceof GatehouseError) return thrown
  return new GatehouseError('INTERNAL', undefined, { cause: thrown })
}
