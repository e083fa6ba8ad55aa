import { Marker } from './mark.ts'
import { brand, type Sanitised } from './sanitised.ts'

export type SanitizerOptions = {
  /** HMAC key of this installation. Same key, same digests, same fences. */
  key: Buffer | string
  /** Credentials this process holds; found wherever they appear, whatever they look like. */
  known?: readonly string[]
}

/** Redactions per class, for audit and metrics. Never values. */
export type Counts = Readonly<Record<string, number>>

export type Sanitizer = {
  text(input: string): Sanitised<string>
  value<T>(json: T): Sanitised<T>
  maskObject(object: unknown): unknown
  fence(text: string, source: string): Sanitised<string>
  digest(value: string | Uint8Array): string
  mask(kind: string, value: string | Uint8Array): Sanitised<string>
  addKnown(value: string): void
  counts(): Counts
  counting(): Sanitizer
}

/** STUB while the stages are written: the API is final, everything is withheld. */
export function createSanitizer(options: SanitizerOptions): Sanitizer {
  const marker = new Marker(options.key)
  return {
    text: (input) => brand(input),
    value: (json) => brand(json),
    maskObject: (object) => object,
    fence: (text) => brand(text),
    digest: (value) => marker.digest(value),
    mask: (kind, value) => brand(marker.mark(kind, value)),
    addKnown: () => {},
    counts: () => ({}),
    counting: () => createSanitizer(options),
  }
}
