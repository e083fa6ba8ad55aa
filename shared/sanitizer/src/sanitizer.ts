import { withheld } from './bound.ts'
import { count as countFor } from './counting.ts'
import { fence } from './fence.ts'
import { KnownValues } from './known-values.ts'
import { Marker } from './mark.ts'
import { maskObject } from './masking/mask-object.ts'
import { sanitiseText } from './sanitise-text.ts'
import { brand, type Sanitised } from './sanitised.ts'
import { walk } from './walk.ts'

export type SanitizerOptions = {
  /** HMAC key of this installation. Same key, same digests, same fences. */
  key: Buffer | string
  /** Credentials this process holds; found wherever they appear, whatever they look like. */
  known?: readonly string[]
}

/** Redactions per class, for audit and metrics. Never values. */
export type Counts = Readonly<Record<string, number>>

export type Sanitizer = {
  /** Sanitises one text: stages 2 to 6. Never throws; what fails is withheld. */
  text(input: string): Sanitised<string>
  /** Sanitises all strings and keys of plain data; strings under secret names go whole. Clean parts are not copied. */
  value<T>(json: T): Sanitised<T>
  /** Stage 1: a Kubernetes object without what its kind and fields make secret. A new object; pass the result on to `value`. */
  maskObject(object: unknown): unknown
  /** Sanitises untrusted text and wraps it as data from `source`, behind a boundary nothing inside can know. */
  fence(text: string, source: string): Sanitised<string>
  /** Keyed digest, 12 hex characters: equal values of one class, equal digests. */
  digest(kind: string, value: string | Uint8Array): string
  /** `[redacted:<class>:<digest>]` in place of a value. The class is lower case, digits and `-`. */
  mask(kind: string, value: string | Uint8Array): Sanitised<string>
  /** Adds a credential this process holds. */
  addKnown(value: string): void
  /** What this sanitizer redacted so far; `counting` tells it for one call. */
  counts(): Counts
  /**
   * The same sanitizer, known values and counts, for text the caller supplied: its marks carry no digest, so
   * that nobody learns the digest of a guess. `digest` is empty; of known values only whole ones are found.
   */
  blind(): Sanitizer
  /**
   * Blind, and whatever is masked in an object is a known value to it, so found in any other place; undefined where
   * nothing is. Values of `except`, a text that the caller wrote, are left out: to find them would answer guesses.
   */
  knowing(object: unknown, except?: string): Sanitizer | undefined
}

const WALK = { depth: 64, nodes: 500_000 }

/**
 * Makes the one sanitizer of a process.
 * @throws TypeError for an empty key
 */
export function createSanitizer({ key, known = [] }: SanitizerOptions): Sanitizer {
  const values = new KnownValues()
  for (const value of known) values.add(value)
  return build(new Marker(key), values, {})
}

function build(marker: Marker, known: KnownValues, counts: Record<string, number>): Sanitizer {
  const count = (kind: string) => countFor(counts, kind)
  const text = (input: string) => {
    const clean = sanitiseText(input, marker, known, count)
    if (clean.startsWith('[withheld: ') && clean !== input) count('withheld')
    return clean
  }
  const mask = (kind: string, value: string | Uint8Array) => {
    count(kind)
    return marker.mark(kind, value)
  }
  // Whatever goes wrong, nothing raw comes out.
  const guarded = (work: () => unknown) => {
    try {
      return work()
    } catch {
      count('withheld')
      return withheld('sanitizer failed')
    }
  }
  const secret = (kind: string, value: string) => (marker.isMark(value) ? value : mask(kind, value))
  return {
    text: (input) => brand(text(input)),
    value: <T>(json: T) => brand(guarded(() => walk(json, { text, secret }, WALK)) as T),
    maskObject: (object) => guarded(() => maskObject(object, { mask, text })),
    fence: (content, source) => brand(guarded(() => fence(text(content), text(source), marker)) as string),
    digest: (kind, value) => marker.digest(kind, value),
    mask: (kind, value) => brand(mask(kind, value)),
    addKnown: (value) => known.add(value),
    counts: () => ({ ...counts }),
    blind: () => build(marker.blind(), known, counts),
    knowing: (object, except) => {
      const found = secretsIn(object, marker, known)
      const more = new KnownValues(known)
      for (const value of found) if (!isWritten(value, except)) more.add(value)
      return found.size > 0 ? build(marker.blind(), more, counts) : undefined
    },
  }
}

function secretsIn(object: unknown, marker: Marker, known: KnownValues): Set<string> {
  const found = new Set<string>()
  const watched = marker.blind().watched((value) => {
    const text = Buffer.from(value).toString()
    // What is already a mark is found as such.
    if (!text.includes('[redacted:')) found.add(text)
  })
  const sanitizer = build(watched, known, {})
  sanitizer.value(sanitizer.maskObject(object))
  return found
}

function isWritten(value: string, text = ''): boolean {
  return text.includes(value) || text.includes(JSON.stringify(value).slice(1, -1))
}
