import { GatehouseError } from '@gatehouse/errors'

const MB = 1024 * 1024

export interface BurdenLimits {
  /** What all callers may hold together, in bytes. */
  most: number
  /** What one caller may. */
  each: number
  /** What a caller may hold however much the others do. */
  always: number
}

/** Requests while they are read and called. A caller that holds little is never refused for those who hold much. */
export const REQUESTS: BurdenLimits = { most: 32 * MB, each: 16 * MB, always: MB / 4 }
/** Replies that their clients have not taken yet. */
export const REPLIES: BurdenLimits = { most: 96 * MB, each: 32 * MB, always: MB }

/** What one request holds at the moment. */
export interface Load {
  /** Throws RATE_LIMITED where it would be too much. */
  add(bytes: number): void
  /** From now on it holds nothing. */
  free(): void
}

/** Bounds what is in memory for callers, by what is really there, so that it costs its senders and not the process. */
export class Burden {
  readonly #limits: BurdenLimits
  readonly #held = new Map<string, number>()
  #all = 0

  constructor(limits: BurdenLimits) {
    this.#limits = limits
  }

  load(caller: string): Load {
    let own = 0
    const free = () => {
      this.#give(caller, own)
      own = 0
    }
    const add = (bytes: number) => {
      try {
        this.#take(caller, bytes)
        own += bytes
      } catch (error) {
        // What is refused is let go at once: of many that arrive side by side the rest still fit.
        free()
        throw error
      }
    }
    return { add, free }
  }

  #take(caller: string, bytes: number): void {
    const { most, each, always } = this.#limits
    const held = (this.#held.get(caller) ?? 0) + bytes
    // One reply may be larger than a share, where hub.yaml lets its server send so much.
    const first = held === bytes
    if (held > always && (this.#all + bytes > most || (held > each && !first))) {
      throw new GatehouseError('RATE_LIMITED', 'Too many large requests or unread answers at once', {
        hint: 'Read what was answered and call again in a moment',
      })
    }
    this.#held.set(caller, held)
    this.#all += bytes
  }

  #give(caller: string, bytes: number): void {
    const left = (this.#held.get(caller) ?? 0) - bytes
    if (left > 0) this.#held.set(caller, left)
    else this.#held.delete(caller)
    this.#all -= bytes
  }
}
