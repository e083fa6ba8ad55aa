import { setImmediate } from 'node:timers/promises'

const LONGEST_MS = 10

/** Long work in slices: health checks and other callers get their turn between two. */
export class TimeSlice {
  readonly #signal: AbortSignal | undefined
  #began = performance.now()

  constructor(signal?: AbortSignal) {
    this.#signal = signal
  }

  get isOver(): boolean {
    return performance.now() - this.#began > LONGEST_MS
  }

  /** Waits until it is this work's turn again; ends it where its caller has gone. */
  async next(): Promise<void> {
    await setImmediate()
    this.#signal?.throwIfAborted()
    this.#began = performance.now()
  }

  /** `items.map(work)`. */
  async map<Item, Result>(
    items: readonly Item[],
    work: (item: Item, index: number) => Result,
  ): Promise<Result[]> {
    const results: Result[] = []
    for (const [index, item] of items.entries()) {
      if (this.isOver) await this.next()
      results.push(work(item, index))
    }
    return results
  }
}
