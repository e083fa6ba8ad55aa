/** A token bucket: `perSecond` on average, `burst` at once. */
export class Bucket {
  readonly #perMs: number
  readonly #burst: number
  #level: number
  #at: number

  constructor(perSecond: number, burst: number, now: number = performance.now()) {
    this.#perMs = perSecond / 1_000
    this.#burst = burst
    this.#level = burst
    this.#at = now
  }

  /** 0 where the call may go, else how many milliseconds until one may. */
  take(now: number = performance.now()): number {
    this.#level = Math.min(this.#burst, this.#level + (now - this.#at) * this.#perMs)
    this.#at = now
    if (this.#level >= 1) {
      this.#level--
      return 0
    }
    return (1 - this.#level) / this.#perMs
  }
}
