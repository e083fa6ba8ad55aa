/**
 * Lets identical reads that are under way share one request. A caller that goes away leaves the others alone;
 * the request is aborted when the last one has gone.
 */
export class InFlight {
  readonly #running = new Map<string, { result: Promise<unknown>; waiting: number; abort: AbortController }>()

  /** `start` runs only for the first of several concurrent calls with one key. */
  async share<T>(
    key: string,
    signal: AbortSignal | undefined,
    start: (signal: AbortSignal) => Promise<T>,
    onShared: () => void = () => {},
  ): Promise<T> {
    let entry = this.#running.get(key)
    if (entry) onShared()
    else {
      const abort = new AbortController()
      const started = start(abort.signal)
      entry = { result: started, waiting: 0, abort }
      this.#running.set(key, entry)
      const remove = () => this.#remove(key, abort)
      started.then(remove, remove)
    }
    entry.waiting++
    try {
      return (await unlessAborted(entry.result, signal)) as T
    } finally {
      entry.waiting--
      // What has settled is gone from the map already: aborting it would cost an exception and end nothing.
      if (entry.waiting === 0 && this.#remove(key, entry.abort)) entry.abort.abort()
    }
  }

  #remove(key: string, abort: AbortController): boolean {
    return this.#running.get(key)?.abort === abort && this.#running.delete(key)
  }
}

function unlessAborted<T>(result: Promise<T>, signal: AbortSignal | undefined): Promise<T> {
  if (!signal) return result
  if (signal.aborted) return Promise.reject(signal.reason)
  const { promise, reject } = Promise.withResolvers<never>()
  const onAbort = () => reject(signal.reason)
  signal.addEventListener('abort', onAbort, { once: true })
  return Promise.race([result, promise]).finally(() => signal.removeEventListener('abort', onAbort))
}
