import { printable } from './shown-value.ts'

// Private-use characters: no text of an object survives the sanitizer with them.
const TOKEN = /("?)\uE000(\d+)\uE001/g
const SHORT = 60

/** Texts by tokens that stand in for them while two objects are compared, so that none is cut or told apart by chance. */
export class Stand {
  readonly #texts: { text: string | undefined; secret: boolean }[] = []
  readonly #known = new Map<string, string>()

  /** The value itself where it is short, else a token; equal texts have equal tokens. */
  tokenOf(value: unknown): unknown {
    if (typeof value !== 'string' || (value.length <= SHORT && !/[\uE000\uE001]/.test(value))) return value
    const known = this.#known.get(value) ?? this.#token(value, false)
    this.#known.set(value, known)
    return known
  }

  /** A token that is like no other of the other side. `around`: what may be shown of it. */
  secret(around: string | undefined): string {
    return this.#token(around, true)
  }

  /** The texts that a line of the comparison stands for, and whether one of them has a secret in it. */
  back(line: string): { text: string; secret: boolean } {
    let secret = false
    const text = line.replace(TOKEN, (_, quote: string, index: string) => {
      const entry = this.#texts[Number(index)]
      if (entry?.secret) secret = true
      if (entry?.text === undefined) return quote && `${quote}[hidden]`
      return quote ? quote + JSON.stringify(entry.text).slice(1, -1) : printable(entry.text)
    })
    return { text, secret }
  }

  #token(text: string | undefined, secret: boolean): string {
    this.#texts.push({ text, secret })
    return `\uE000${this.#texts.length - 1}\uE001`
  }
}
