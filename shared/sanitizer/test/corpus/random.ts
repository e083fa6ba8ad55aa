export const ALNUM = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789'
export const LOWER = 'abcdefghijklmnopqrstuvwxyz'
export const HEX = '0123456789abcdef'
export const BASE64URL = `${ALNUM}_-`
/** What a password may hold where no quotes stand around it. */
export const BARE = `${ALNUM}${ALNUM}!#$%*+-./:=?@^_~`
/** Every printable sign. */
export const PRINTABLE = String.fromCharCode(...Array.from({ length: 95 }, (_, i) => 32 + i))

/** Reproducible randomness: the same seed and label, the same values. */
export class Random {
  #state: number

  constructor(seed: number, label = '') {
    let state = Math.imul(seed + 1, 0x9e3779b1)
    for (let i = 0; i < label.length; i++) state = Math.imul(state ^ label.charCodeAt(i), 0x01000193) + i
    this.#state = state
  }

  /** A whole number from 0 to below `limit`. */
  int(limit: number): number {
    this.#state = (this.#state + 0x6d2b79f5) | 0
    let t = Math.imul(this.#state ^ (this.#state >>> 15), 1 | this.#state)
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t
    return Math.floor((((t ^ (t >>> 14)) >>> 0) / 4294967296) * limit)
  }

  between(least: number, most: number): number {
    return least + this.int(most - least + 1)
  }

  pick<T>(items: readonly T[]): T {
    return items[this.int(items.length)] as T
  }

  chance(share: number): boolean {
    return this.int(1_000_000) < share * 1_000_000
  }

  string(alphabet: string, length: number): string {
    let text = ''
    for (let i = 0; i < length; i++) text += alphabet[this.int(alphabet.length)]
    return text
  }

  bytes(length: number): Buffer {
    return Buffer.from(Array.from({ length }, () => this.int(256)))
  }

  uuid(): string {
    const hex = this.string(HEX, 30)
    return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-4${hex.slice(12, 15)}-a${hex.slice(15, 18)}-${hex.slice(18, 30)}`
  }
}
