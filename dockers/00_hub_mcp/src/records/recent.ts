/** One forwarded call, as the log line has it. */
export interface RecentCall {
  at: number
  correlationId: string
  tool: string
  server: string
  caller: string
  outcome: string
  errorCode: string | undefined
  ms: number
}

/** The last calls and the last that failed, in memory: so that errors outlive a busy minute. */
export class Recent {
  readonly #all: RecentCall[] = []
  readonly #failed: RecentCall[] = []
  readonly #most: { all: number; failed: number }
  #next = 0

  constructor(most = { all: 2_000, failed: 100 }) {
    this.#most = most
  }

  add(call: RecentCall): void {
    // A ring: shifting two thousand entries for each call would cost more than the call.
    this.#all[this.#next] = call
    this.#next = (this.#next + 1) % this.#most.all
    if (call.outcome === 'ok') return
    this.#failed.push(call)
    if (this.#failed.length > this.#most.failed) this.#failed.shift()
  }

  /** Newest first. */
  failed(): RecentCall[] {
    return this.#failed.toReversed()
  }

  /** Every call of one correlation id, newest first. */
  of(correlationId: string): RecentCall[] {
    const found = new Set(
      [...this.#all, ...this.#failed].filter((call) => call.correlationId === correlationId),
    )
    return [...found].sort((a, b) => b.at - a.at)
  }
}
