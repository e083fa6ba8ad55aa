import { createHmac } from 'node:crypto'

/** A redaction mark, with or without digest, with the size note that masked Secret data carries. */
export const MARK = /\[redacted:[a-z0-9-]{1,32}(?::([0-9a-f]{12}))?\](?: \([0-9]{1,9} bytes\))?/g

const WHOLE_MARK = new RegExp(`^${MARK.source}$`)
const VALUE_HEX = 9
const CHECK_HEX = 3
const MOST_CHECKS = 1_000
const CLASS_NAME = /^[a-z0-9-]{1,32}$/

/** Told what a mark takes the place of. */
export type OnMark = (value: string | Uint8Array) => void

/** Makes digests and marks with one installation's key, and recognises its own. */
export class Marker {
  readonly #key: Buffer | string
  readonly #checks = new Map<string, string>()
  readonly #onMark: OnMark | undefined
  /** Blind marks carry no digest. */
  readonly isBlind: boolean

  constructor(key: Buffer | string, isBlind = false, onMark?: OnMark) {
    if (key.length === 0) throw new TypeError('the sanitizer needs a key')
    this.#key = key
    this.isBlind = isBlind
    this.#onMark = onMark
  }

  /** The same key, marks without digest. */
  blind(): Marker {
    return new Marker(this.#key, true)
  }

  /** The same, and tells each value that a mark takes the place of. */
  watched(onMark: OnMark): Marker {
    return new Marker(this.#key, this.isBlind, onMark)
  }

  /**
   * Keyed digest of a value: 12 hex characters, equal for equal values of one class. Across classes they differ: else
   * what one door shows under one class could be looked up at another.
   * The last three are a check over the first nine, so that text cannot invent a mark of ours.
   */
  digest(kind: string, value: string | Uint8Array): string {
    if (this.isBlind) return ''
    const hex = this.hmac(`value/${kind}`, value).slice(0, VALUE_HEX)
    return hex + this.#check(hex)
  }

  /** The text that replaces a secret: `[redacted:<class>:<12 hex>]`, blind `[redacted:<class>]`. */
  mark(kind: string, value: string | Uint8Array): string {
    this.#onMark?.(value)
    const named = CLASS_NAME.test(kind) ? kind : 'secret'
    const digest = this.isBlind ? '' : `:${this.digest(named, value)}`
    return `[redacted:${named}${digest}]`
  }

  /** Whether the 12 hex characters of a mark came from this key; one guess in 4,096 passes. A mark without any tells nothing. */
  isOwn(digest: string | undefined): boolean {
    if (digest === undefined) return true
    return this.#check(digest.slice(0, VALUE_HEX)) === digest.slice(VALUE_HEX)
  }

  /** Whether a text is nothing but one mark of ours. */
  isMark(text: string): boolean {
    const match = WHOLE_MARK.exec(text)
    return match !== null && this.isOwn(match[1])
  }

  /** HMAC-SHA256 in hex; `purpose` keeps digests of different uses apart. */
  hmac(purpose: string, value: string | Uint8Array): string {
    return createHmac('sha256', this.#key).update(purpose).update('\0').update(value).digest('hex')
  }

  // The same marks are looked at again in every pass; what is kept here is no secret.
  #check(hex: string): string {
    const known = this.#checks.get(hex)
    if (known !== undefined) return known
    const check = this.hmac('check', hex).slice(0, CHECK_HEX)
    if (this.#checks.size >= MOST_CHECKS) this.#checks.clear()
    this.#checks.set(hex, check)
    return check
  }
}
