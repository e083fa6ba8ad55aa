import { Anchors } from './anchors.ts'
import type { Span } from './span.ts'

const SHORTEST = 6
const SHORTEST_CUT = 8
const LANDMARK = 6
const MOST_BLANKS = 16

/** Stage 3: exact values this process holds, in the forms in which they may leave it. */
export class KnownValues {
  readonly #anchors = new Anchors<string>()
  readonly #forms = new Set<string>()
  readonly #others: KnownValues | undefined

  /** @param others values that are found as well */
  constructor(others?: KnownValues) {
    this.#others = others
  }

  /** Adds a value and its encoded forms. Values under six characters are ignored: they are found everywhere. */
  add(value: string): void {
    const trimmed = value.trim()
    if (trimmed.length < SHORTEST) return
    for (const form of formsOf(trimmed)) {
      if (form.length < SHORTEST || this.#forms.has(form)) continue
      this.#forms.add(form)
      this.#anchors.add(form.slice(0, LANDMARK), form, true)
    }
  }

  /** Whole values anywhere, and a value that the end of the text cuts off unless `wholeOnly`. */
  find(text: string, out: Span[], wholeOnly = false): void {
    this.#others?.find(text, out, wholeOnly)
    if (this.#forms.size === 0) return
    this.#anchors.scan(text, (form, index) => {
      const length = text.startsWith(form, index)
        ? form.length
        : wholeOnly
          ? 0
          : lengthOfCut(text, form, index)
      if (length > 0) out.push({ start: index, end: index + length, kind: 'known' })
    })
  }
}

/** How much of a value stands at the end of a text, blanks behind it not counted. */
function lengthOfCut(text: string, form: string, index: number): number {
  if (text.length - index > form.length + MOST_BLANKS) return 0
  const rest = text.slice(index).trimEnd()
  return rest.length >= SHORTEST_CUT && form.startsWith(rest) ? rest.length : 0
}

function formsOf(value: string): Set<string> {
  const url = encodeURIComponent(value.toWellFormed())
  const json = JSON.stringify(value).slice(1, -1)
  const forms = new Set([value, url, url.replace(/%[0-9A-F]{2}/g, (hex) => hex.toLowerCase())])
  forms.add(new URLSearchParams([['', value]]).toString().slice(1))
  forms.add(json).add(JSON.stringify(json).slice(1, -1)).add(json.replaceAll('/', '\\/'))
  // Go writes these three signs as escapes.
  forms.add(json.replace(/[<>&]/g, (sign) => `\\u00${sign.charCodeAt(0).toString(16)}`))
  for (const lead of [0, 1, 2]) {
    const aligned = base64Aligned(value, lead)
    forms.add(aligned).add(aligned.replaceAll('+', '-').replaceAll('/', '_'))
  }
  forms.add(Buffer.from(value).toString('hex'))
  return forms
}

/** The base64 of a value behind `lead` unknown bytes, without the characters its neighbours share. */
function base64Aligned(value: string, lead: number): string {
  const bytes = Buffer.concat([Buffer.alloc(lead), Buffer.from(value)])
  return bytes.toString('base64').slice(Math.ceil((lead * 8) / 6), Math.floor((bytes.length * 8) / 6))
}
