const MOST_FAILURES = 5
const WINDOW_MS = 30_000

/**
 * Opens after five failures in a row within half a minute. Being slow is no failure. It closes when a probe of the hub
 * itself succeeded, so that no caller's request is the test.
 */
export class Breaker {
  #failures: number[] = []
  #open = false

  get open(): boolean {
    return this.#open
  }

  /** True when this failure was the one that opened it. */
  failed(now = Date.now()): boolean {
    this.#failures = [...this.#failures.filter((at) => now - at < WINDOW_MS), now]
    if (this.#open || this.#failures.length < MOST_FAILURES) return false
    this.#open = true
    return true
  }

  /** An answer to a caller; it closes nothing. */
  succeeded(): void {
    if (this.#failures.length > 0) this.#failures = []
  }

  close(): void {
    this.#open = false
    this.#failures = []
  }
}
