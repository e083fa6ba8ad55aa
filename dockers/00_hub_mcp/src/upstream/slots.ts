import { GatehouseError } from '@gatehouse/errors'

export interface SlotLimits {
  inFlight: number
  queue: number
  queueWaitMs: number
}

interface Place {
  caller: string
  take(): void
}

/**
 * How many calls one server may have at once. A few more wait for a moment; the rest is refused at once, so that a
 * server that hangs holds no more than its share of this process. One caller has three quarters of either at most, so
 * that there is a place for others.
 */
export class Slots {
  readonly #limits: SlotLimits
  readonly #waiting: Place[] = []
  readonly #runningOf = new Map<string, number>()
  #running = 0

  constructor(limits: SlotLimits) {
    this.#limits = limits
  }

  get running(): number {
    return this.#running
  }

  get waiting(): number {
    return this.#waiting.length
  }

  /**
   * Resolves when the call may go, with what ends it; throws SERVER_BUSY when it may not soon, CANCELLED when its caller
   * left.
   */
  async take(caller: string, gone: AbortSignal): Promise<() => void> {
    const { inFlight, queue, queueWaitMs } = this.#limits
    const free = () => this.#free(caller)
    if (this.#running < inFlight && this.#mayRun(caller)) {
      this.#start(caller)
      return free
    }
    const own = this.#waiting.filter((place) => place.caller === caller).length
    if (this.#waiting.length >= queue || own >= shareOf(queue)) throw busy()
    const { promise, resolve, reject } = Promise.withResolvers<void>()
    const place = { caller, take: resolve }
    const leave = (error: GatehouseError) => {
      const index = this.#waiting.indexOf(place)
      if (index < 0) return
      this.#waiting.splice(index, 1)
      reject(error)
    }
    const timer = setTimeout(() => leave(busy()), queueWaitMs)
    const onGone = () => leave(new GatehouseError('CANCELLED'))
    gone.addEventListener('abort', onGone, { once: true })
    this.#waiting.push(place)
    try {
      await promise
      return free
    } finally {
      clearTimeout(timer)
      gone.removeEventListener('abort', onGone)
    }
  }

  #mayRun(caller: string): boolean {
    return (this.#runningOf.get(caller) ?? 0) < shareOf(this.#limits.inFlight)
  }

  #start(caller: string): void {
    this.#running++
    this.#runningOf.set(caller, (this.#runningOf.get(caller) ?? 0) + 1)
  }

  /** The place goes to whoever waits longest and may have it. */
  #free(caller: string): void {
    this.#running--
    const left = (this.#runningOf.get(caller) ?? 1) - 1
    if (left > 0) this.#runningOf.set(caller, left)
    else this.#runningOf.delete(caller)
    const index = this.#waiting.findIndex((place) => this.#mayRun(place.caller))
    const [next] = index < 0 ? [] : this.#waiting.splice(index, 1)
    if (!next) return
    this.#start(next.caller)
    next.take()
  }
}

function shareOf(places: number): number {
  return Math.ceil((places * 3) / 4)
}

function busy(): GatehouseError {
  return new GatehouseError('SERVER_BUSY')
}
