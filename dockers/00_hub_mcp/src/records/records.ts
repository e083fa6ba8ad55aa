import type { Logger, Metrics } from '@gatehouse/telemetry'
import type { Call, Finished } from '../door/forward.ts'
import { Recent } from './recent.ts'

// Of one server: tools, times what becomes of them.
const MOST_SERIES = 400

/** One line per forwarded call, and its metrics. Never an argument or an answer. */
export class Records {
  readonly #log: Logger
  readonly #metrics: Metrics
  readonly recent = new Recent()
  readonly #known = new Map<string, Set<string>>()

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
    const [tool, code] = this.#series(link.id, routed.canonical, outcome, errorCode)
    this.#metrics.callFinished(tool, outcome, code, taken.ms / 1_000)
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
  // A server makes up its codes, and each is a series of its own for as long as this process runs.
  #series(
    server: string,
    tool: string,
    outcome: string,
    code: string | undefined,
  ): [string, string | undefined] {
    const known = this.#known.get(server) ?? new Set()
    this.#known.set(server, known)
    const key = `${tool} ${outcome} ${code}`
    if (known.has(key)) return [tool, code]
    if (known.size >= MOST_SERIES) return ['other', code === undefined ? undefined : 'OTHER']
    known.add(key)
    return [tool, code]
  }
}
