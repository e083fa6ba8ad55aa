import type { LineFilter } from './line-filter.ts'

export interface WindowOptions {
  /** Newest lines to keep; 0 keeps none. */
  keep: number
  filter?: LineFilter | undefined
}

/** More than the largest reply holds: 20,000 tokens. */
const MOST_KEPT_CHARS = 128 * 1024

/** The newest lines that pass a filter, within a fixed amount of memory: old lines go first. */
export class LogWindow {
  readonly #options: WindowOptions
  #lines: string[] = []
  #first = 0
  #chars = 0
  /** Lines that passed. */
  matched = 0

  constructor(options: WindowOptions) {
    this.#options = options
  }

  get lines(): readonly string[] {
    return this.#lines.slice(this.#first)
  }

  /** Takes lines and returns those that passed. With a filter they must be sanitised: what it finds can be told. */
  take(lines: readonly string[]): string[] {
    const { filter } = this.#options
    const passed = filter ? lines.filter(filter) : [...lines]
    this.matched += passed.length
    for (const line of passed) this.#keep(line)
    return passed
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
