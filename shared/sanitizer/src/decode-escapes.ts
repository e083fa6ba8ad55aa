import { REMOVED } from './normalise.ts'

/** Decoded text with the place in the source of each of its characters (and one for the end). */
export type Decoded = { text: string; origin: Int32Array }

/** `%41`, `\u0041` or `\n` as they stand in a text. */
const PERCENT = /%[0-9A-Fa-f]{2}/
const JSON_ESCAPE = /\\(?:u[0-9A-Fa-f]{4}|x[0-9A-Fa-f]{2}|033|e\[|["/nrt])/

/** Whether there is anything to decode. */
export function hasPercent(text: string): boolean {
  return text.includes('%') && PERCENT.test(text)
}

export function hasJsonEscape(text: string): boolean {
  return text.includes('\\') && JSON_ESCAPE.test(text)
}

/** Decodes percent escapes. Bytes of multi-byte characters stay single: patterns are ASCII. */
export function decodePercent(text: string): Decoded {
  return decodeWith(text, /%([0-9A-Fa-f]{2})/g, (match) =>
    String.fromCharCode(Number.parseInt(match[1] ?? '20', 16)),
  )
}

/** Undoes one level of JSON string escaping, and the escapes with which Go and Python print strings. */
export function decodeJson(text: string): Decoded {
  return decodeWith(
    text,
    /\\(?:u([0-9A-Fa-f]{4})|x([0-9A-Fa-f]{2})|(033|e(?=\[))|(["'\\/bfnrt]))/g,
    (match) => {
      const hex = match[1] ?? match[2] ?? (match[3] && '1b')
      if (hex !== undefined) return String.fromCharCode(Number.parseInt(hex, 16))
      // A line end of Windows is one.
      if (match[4] === 'r' && match.input.startsWith('\\n', match.index + 2)) return ''
      return SIMPLE[match[4] ?? ''] ?? match[4] ?? ''
    },
  )
}

/** Decoded text as a reader would see it, where escapes hid colours or invisible signs in it. */
export function withoutHidden(decoded: Decoded): Decoded | undefined {
  let seen = decoded
  for (const pattern of REMOVED) {
    if (seen.text.search(pattern) === -1) continue
    const { text, origin } = decodeWith(seen.text, pattern, () => '')
    seen = { text, origin: origin.map((at) => seen.origin[at] ?? 0) }
  }
  return seen === decoded ? undefined : seen
}

const SIMPLE: Readonly<Record<string, string>> = { b: ' ', f: ' ', n: '\n', r: '\n', t: '\t' }

function decodeWith(text: string, pattern: RegExp, decode: (match: RegExpExecArray) => string): Decoded {
  const pieces: string[] = []
  const origin = new Int32Array(text.length + 1)
  let length = 0
  let from = 0
  const copy = (to: number) => {
    if (to === from) return
    pieces.push(text.slice(from, to))
    for (let i = from; i < to; i++) origin[length++] = i
  }
  for (const match of text.matchAll(pattern)) {
    copy(match.index)
    const sign = decode(match)
    if (sign !== '') {
      pieces.push(sign)
      origin[length++] = match.index
    }
    from = match.index + match[0].length
  }
  copy(text.length)
  origin[length] = text.length
  return { text: pieces.join(''), origin }
}
