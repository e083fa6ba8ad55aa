import type { LineFilter } from './line-filter.ts'
import { PrivateKeys } from './private-keys.ts'

export interface WindowOptions {
  /** Newest lines to keep; 0 keeps none. */
  keep: number
  filter?: LineFilter | undefined
}

/** More than the largest reply holds: 20,000 tokens. */
const MOST_KEPT_CHARS = 128 * 1024
// Also what container runtimes write in one piece; tailLines counts pieces.
const MOST_LINE_BYTES = 16 * 1024
const FILTER_MS = 1_000
const NEWLINE = 10

/**
 * The newest lines of a byte stream that pass a filter, within a fixed amount of memory whatever is fed: long
 * lines lose their end, old lines go first. Bytes that are no UTF-8 become U+FFFD.
 */
export class LogWindow {
  readonly #options: WindowOptions
  readonly #keys = new PrivateKeys()
  #lines: string[] = []
  #first = 0
  #chars = 0
  #partial: Buffer[] = []
  #partialBytes = 0
  /** Bytes fed, lines seen, what these are in the file, lines that passed, lines that lost their end. */
  bytes = 0
  read = 0
  pieces = 0
  matched = 0
  cut = 0
  /** Time the filter has taken. */
  filterMs = 0

  constructor(options: WindowOptions) {
    this.#options = options
  }

  get lines(): readonly string[] {
    return this.#lines.slice(this.#first)
  }

  /** True once the filter has used up its time: what comes now would not be searched. */
  get exhausted(): boolean {
    return this.filterMs > FILTER_MS
  }

  /** Takes bytes and returns the lines they completed that passed. */
  push(chunk: Buffer): string[] {
    this.bytes += chunk.length
    const passed: string[] = []
    let start = 0
    for (let end = chunk.indexOf(NEWLINE); end >= 0; end = chunk.indexOf(NEWLINE, start)) {
      this.#complete(chunk.subarray(start, end), passed)
      start = end + 1
    }
    if (start < chunk.length) this.#hold(chunk.subarray(start))
    return passed
  }

  /** The last line, when the stream did not end with a newline. */
  end(): string[] {
    const passed: string[] = []
    if (this.#partialBytes > 0) this.#complete(Buffer.alloc(0), passed)
    return passed
  }

  #hold(bytes: Buffer): void {
    const room = MOST_LINE_BYTES - this.#partialBytes
    // A copy: a slice would keep its whole chunk alive.
    if (room > 0) this.#partial.push(Buffer.from(bytes.subarray(0, room)))
    this.#partialBytes += bytes.length
  }

  #complete(end: Buffer, passed: string[]): void {
    const size = this.#partialBytes + end.length
    const bytes = this.#partialBytes === 0 ? end : Buffer.concat([...this.#partial, end])
    const head = bytes.toString('utf8', 0, MOST_LINE_BYTES).replace(/\r$/, '')
    this.#partial = []
    this.#partialBytes = 0
    this.read++
    this.pieces += Math.max(1, Math.ceil(size / MOST_LINE_BYTES))
    const line = this.#keys.without(head)
    if (line === undefined || !this.#passes(line)) return
    this.matched++
    if (size > MOST_LINE_BYTES) this.cut++
    const shown = size > MOST_LINE_BYTES ? `${line}… [line of ${size} bytes, cut]` : line
    passed.push(shown)
    this.#keep(shown)
  }

  #passes(line: string): boolean {
    const { filter } = this.#options
    if (!filter) return true
    if (this.exhausted) return false
    const started = performance.now()
    const passes = filter(line)
    this.filterMs += performance.now() - started
    return passes
  }

  #keep(line: string): void {
    this.#lines.push(line)
    this.#chars += line.length
    while (this.#lines.length - this.#first > this.#options.keep || this.#chars > MOST_KEPT_CHARS) {
      this.#chars -= this.#lines[this.#first]?.length ?? 0
      this.#first++
    }
    // Shifting each old line out of a long array would cost more than reading the log.
    if (this.#first > 2_048) {
      this.#lines = this.#lines.slice(this.#first)
      this.#first = 0
    }
  }
}
