import { GatehouseError } from '@gatehouse/errors'

export interface SlotLimits {
  inFlight: number
  queue: number
  queueWaitMs: number
}

/**
 * How many calls one server may have at once. A few more wait for a moment; the rest is refused at once, so that a
 * server that hangs holds no more than its share of this process.
 */
export class Slots {
  readonly #limits: SlotLimits
  readonly #waiting: { take(): void }[] = []
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

  /** Resolves when the call may go; throws SERVER_BUSY when it may not soon, CANCELLED when its caller left. */
  async take(gone: AbortSignal): Promise<void> {
    if (this.#running < this.#limits.inFlight) {
      this.#running++
      return
    }
    if (this.#waiting.length >= this.#limits.queue) throw busy()
    const { promise, resolve, reject } = Promise.withResolvers<void>()
    const place = { take: resolve }
    const leave = (error: GatehouseError) => {
      const index = this.#waiting.indexOf(place)
      if (index < 0) return
      this.#waiting.splice(index, 1)
      reject(error)
    }
    const timer = setTimeout(() => leave(busy()), this.#limits.queueWaitMs)
    const onGone = () => leave(new GatehouseError('CANCELLED'))
    gone.addEventListener('abort', onGone, { once: true })
    this.#waiting.push(place)
    try {
      await promise
    } finally {
      clearTimeout(timer)
      gone.removeEventListener('abort', onGone)
    }
  }

  /** The place goes to whoever waits longest. */
  free(): void {
    const next = this.#waiting.shift()
    if (next) next.take()
    else this.#running--
  }
}

function busy(): GatehouseError {
  return new GatehouseError('SERVER_BUSY')
}
