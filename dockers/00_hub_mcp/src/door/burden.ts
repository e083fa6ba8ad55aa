import { GatehouseError } from '@gatehouse/errors'

const MOST_BYTES = 32 * 1024 * 1024

/** Bounds what all requests under way hold together, so that large ones cost their senders and not the process. */
export class Burden {
  #bytes = 0

  /** Throws RATE_LIMITED where it would be too much. */
  take(bytes: number): void {
    if (this.#bytes + bytes > MOST_BYTES && this.#bytes > 0) {
      throw new GatehouseError('RATE_LIMITED', 'Too many large requests at once')
    }
    this.#bytes += bytes
  }

  free(bytes: number): void {
    this.#bytes -= bytes
  }
}
