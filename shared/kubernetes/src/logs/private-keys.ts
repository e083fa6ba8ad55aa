const BEGIN = /-----BEGIN [A-Z0-9 ]{0,40}PRIVATE KEY( BLOCK)?-----/
const END = /-----END [A-Z0-9 ]{0,40}PRIVATE KEY( BLOCK)?-----/
// An 8,192-bit RSA key has 101 lines; a head without an end must not hide the rest of a log.
const MOST_LINES = 120

/**
 * Takes the body out of private keys that span lines. The sanitizer finds keys in whole text; a search for
 * base64, or a stream sent line by line, would show it the body without its head.
 */
export class PrivateKeys {
  #inside = 0

  /** The line as it may go on, or undefined when it belongs to a key. */
  without(line: string): string | undefined {
    if (this.#inside > 0) {
      this.#inside = END.test(line) || this.#inside >= MOST_LINES ? 0 : this.#inside + 1
      return undefined
    }
    const begin = line.includes('-----BEGIN') ? BEGIN.exec(line) : null
    if (!begin || END.test(line)) return line
    this.#inside = 1
    return `${line.slice(0, begin.index)}[redacted:private-key]`
  }
}
