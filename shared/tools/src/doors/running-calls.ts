/** Knows when the last of the calls that are under way has ended. */
export class RunningCalls {
  #running = 0
  #ended = Promise.withResolvers<void>()

  async run<T>(call: () => Promise<T>): Promise<T> {
    this.#running++
    try {
      return await call()
    } finally {
      if (--this.#running === 0) {
        this.#ended.resolve()
        this.#ended = Promise.withResolvers<void>()
      }
    }
  }

  async idle(): Promise<void> {
    if (this.#running > 0) await this.#ended.promise
  }
}
