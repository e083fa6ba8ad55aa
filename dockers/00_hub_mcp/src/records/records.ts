import type { Logger, Metrics } from '@gatehouse/telemetry'
import type { Call, Finished } from '../door/forward.ts'
import { Recent } from './recent.ts'

/** One line per forwarded call, and its metrics. Never an argument or an answer. */
export class Records {
  readonly #log: Logger
  readonly #metrics: Metrics
  readonly recent = new Recent()

  constructor(log: Logger, metrics: Metrics) {
    this.#log = log
    this.#metrics = metrics
  }

  finished(
    call: Call,
    { outcome, errorCode, bytes, cause }: Finished,
    taken: { ms: number; bytes: number },
  ): void {
    const { routed, link, caller, correlation } = call
    this.recent.add({
      at: Date.now(),
      correlationId: correlation.correlationId,
      tool: routed.canonical,
      server: link.id,
      caller,
      outcome,
      errorCode,
      ms: taken.ms,
    })
    this.#metrics.callFinished(routed.canonical, outcome, errorCode, taken.ms / 1_000)
    this.#log.info('call finished', {
      tool: routed.canonical,
      mcp_method: routed.method,
      server: link.id,
      caller,
      duration_ms: Math.round(taken.ms * 100) / 100,
      outcome,
      error_code: errorCode ?? null,
      req_bytes: taken.bytes,
      res_bytes: bytes,
      // A system's own words (ECONNRESET, a stack of ours); callers get the catalogue's.
      ...(cause instanceof Error && { err: errorCode === 'INTERNAL' ? cause.stack : cause.message }),
    })
  }
}
