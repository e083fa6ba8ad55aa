import { PrivateKeys } from './private-keys.ts'

// Also what container runtimes write in one piece; tailLines counts pieces.
const MOST_LINE_BYTES = 16 * 1024
const NEWLINE = 10

/**
 * The lines of a byte stream, without the bodies of private keys, within a fixed amount of memory whatever is fed:
 * long lines lose their end. Bytes that are no UTF-8 become U+FFFD.
 */
export class LogLines {
  readonly #keys = new PrivateKeys()
  #partial: Buffer[] = []
  #partialBytes = 0
  /** Bytes fed, lines seen, what these are in the file, lines that lost their end. */
  bytes = 0
  read = 0
  pieces = 0
  cut = 0

  /** Takes bytes and returns the lines they completed. */
  push(chunk: Buffer): string[] {
    this.bytes += chunk.length
    const lines: string[] = []
    let start = 0
    for (let end = chunk.indexOf(NEWLINE); end >= 0; end = chunk.indexOf(NEWLINE, start)) {
      this.#complete(chunk.subarray(start, end), lines)
      start = end + 1
    }
    if (start < chunk.length) this.#hold(chunk.subarray(start))
    return lines
  }

  /** The last line, when the stream did not end with a newline. */
  end(): string[] {
    const lines: string[] = []
    if (this.#partialBytes > 0) this.#complete(Buffer.alloc(0), lines)
    return lines
  }

  #hold(bytes: Buffer): void {
    const room = MOST_LINE_BYTES - this.#partialBytes
    // A copy: a slice would keep its whole chunk alive.
    if (room > 0) this.#partial.push(Buffer.from(bytes.subarray(0, room)))
    this.#partialBytes += bytes.length
  }

  #complete(end: Buffer, lines: string[]): void {
    const size = this.#partialBytes + end.length
    const bytes = this.#partialBytes === 0 ? end : Buffer.concat([...this.#partial, end])
    const head = bytes.toString('utf8', 0, MOST_LINE_BYTES).replace(/\r$/, '')
    this.#partial = []
    this.#partialBytes = 0
    this.read++
    this.pieces += Math.max(1, Math.ceil(size / MOST_LINE_BYTES))
    const line = this.#keys.without(head)
    if (line === undefined) return
    if (size > MOST_LINE_BYTES) this.cut++
    lines.push(size > MOST_LINE_BYTES ? `${line}… [line of ${size} bytes, cut]` : line)
  }
}
