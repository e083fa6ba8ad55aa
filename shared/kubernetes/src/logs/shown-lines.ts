import type { Sanitizer } from '@gatehouse/sanitizer'
import { turn } from '@gatehouse/sanitizer'

/** Lines to read before the first one that is shown: a secret may begin there. A private key has up to 101. */
export const CONTEXT_LINES = 120

const CONTEXT_CHARS = 8 * 1024
// 15 ms where every word is a secret.
const SLICE_CHARS = 16 * 1024
const MOST_CHARS = 2_000
const ENCODED_END = /^[A-Za-z0-9+/_-]{40}$/
const ENCODED = /^(?=.*[A-Z])(?=.*[a-z])(?=.*[0-9+/=])[A-Za-z0-9+/_-]{14,}={0,2}$/

export interface ShownOptions {
  sanitizer: Sanitizer
  /** Lines are sanitised once there are this many characters of them; 0 is at once. */
  batch: number
  /** The first line is not the first one of the log, and what is before it cannot be read. */
  torn?: boolean
}

/**
 * Lines as they may be shown, of a log that comes bit by bit. Each batch is sanitised together with the lines before
 * it, because a secret may span lines, and lines that look like the first half of one wait for the second.
 */
export class ShownLines {
  readonly #options: ShownOptions
  #torn: boolean
  #before: string[] = []
  #pending: string[] = []
  #chars = 0
  /** Time that sanitising has taken. */
  ms = 0

  constructor(options: ShownOptions) {
    this.#options = options
    this.#torn = options.torn ?? false
  }

  /** Takes lines and returns those that can be shown by now. */
  async take(lines: readonly string[]): Promise<string[]> {
    const shown: string[] = []
    for (const line of lines) {
      this.#pending.push(line)
      this.#chars += line.length
      if (this.#chars >= SLICE_CHARS) shown.push(...(await this.#flush(unfinished(this.#pending))))
    }
    // Already held lines alone are no reason to look again.
    if (lines.length > 0 && this.#chars >= this.#options.batch)
      shown.push(...(await this.#flush(unfinished(this.#pending))))
    return shown
  }

  /** The lines that waited. */
  end(): Promise<string[]> {
    return this.#flush(0)
  }

  async #flush(hold: number): Promise<string[]> {
    const count = this.#pending.length - hold
    if (count <= 0) return []
    const lines = this.#pending.slice(0, count)
    this.#pending = this.#pending.slice(count)
    this.#chars = sizeOf(this.#pending)
    await turn()
    const started = performance.now()
    const shown = this.#sanitised(this.#torn ? this.#mended(lines) : lines)
    this.ms += performance.now() - started
    return shown
  }

  #sanitised(lines: string[]): string[] {
    const raw = [...this.#before, ...lines]
    const clean = this.#text(raw)
    let from = this.#before.length
    if (clean.length !== raw.length && from > 0) {
      // A mark took the place of several lines. What differs from the sanitised context belongs to the new ones.
      const before = this.#text(this.#before)
      from = 0
      while (from < before.length && before[from] === clean[from]) from++
    }
    this.#before = newest(raw)
    return clean.slice(from)
  }

  #text(lines: string[]): string[] {
    const clean: string = this.#options.sanitizer.text(lines.join('\n'))
    return clean.split('\n')
  }

  // The rest of something encoded whose beginning, which would tell what it is, was not read.
  #mended(lines: string[]): string[] {
    const whole = lines.findIndex((line) => !ENCODED.test(line))
    this.#torn = whole < 0
    const { sanitizer } = this.#options
    return lines.map((line, index) => (whole < 0 || index < whole ? sanitizer.mask('encoded', line) : line))
  }
}

/** A line without the end of its length; sanitised before, because half a token no longer looks like one. */
export function cutLine(line: string): string {
  if (line.length <= MOST_CHARS) return line
  const size = /… \[line of \d+ bytes, cut\]$/.exec(line)?.[0]
  return `${line.slice(0, MOST_CHARS)}${size ?? `… [line of ${line.length} characters, cut]`}`
}

/** How many of the last lines may go on in the next: base64 that is wrapped. */
function unfinished(lines: readonly string[]): number {
  let first = lines.length
  while (first > 0 && isEncodedToItsEnd(lines[first - 1] ?? '')) first--
  const held = lines.slice(first)
  return held.length > CONTEXT_LINES || sizeOf(held) > CONTEXT_CHARS ? 0 : held.length
}

function isEncodedToItsEnd(line: string): boolean {
  const end = line.slice(-40)
  return ENCODED_END.test(end) && /[A-Z]/.test(end) && /[a-z]/.test(end)
}

function newest(lines: readonly string[]): string[] {
  let first = lines.length
  let chars = 0
  while (first > 0 && lines.length - first < CONTEXT_LINES) {
    chars += lines[first - 1]?.length ?? 0
    // At least the one before: a long line may end with the first half.
    if (chars > CONTEXT_CHARS && first < lines.length) break
    first--
  }
  return lines.slice(first)
}

function sizeOf(lines: readonly string[]): number {
  return lines.reduce((sum, line) => sum + line.length, 0)
}
