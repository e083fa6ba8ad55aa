/** Decoded text with the place in the source of each of its characters (and one for the end). */
export type Decoded = { text: string; origin: Int32Array }

/** `%41`, `\u0041` or `\n` as they stand in a text. */
const PERCENT = /%[0-9A-Fa-f]{2}/
const JSON_ESCAPE = /\\(?:u00[0-9A-Fa-f]{2}|["/nrt])/

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

/** Undoes one level of JSON string escaping. */
export function decodeJson(text: string): Decoded {
  return decodeWith(text, /\\(?:u([0-9A-Fa-f]{4})|(["'\\/bfnrt]))/g, (match) =>
    match[1] !== undefined
      ? String.fromCharCode(Number.parseInt(match[1], 16))
      : (SIMPLE[match[2] ?? ''] ?? match[2] ?? ''),
  )
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
    pieces.push(decode(match))
    origin[length++] = match.index
    from = match.index + match[0].length
  }
  copy(text.length)
  origin[length] = text.length
  return { text: pieces.join(''), origin }
}
