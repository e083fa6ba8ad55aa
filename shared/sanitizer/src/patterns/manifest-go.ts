import type { Span } from '../span.ts'
import { looksEncoded } from './manifest-frame.ts'

const MAP = /:map\[/y
const IS_SECRET = /\](?: immutable:\w{4,5})? kind:Secret\b/y
const STRUCT = /:map\[string\](?:\[\]byte|\[\]uint8|string)\{/y
const ENTRY =
  /(?<=^|[ ,{])"?[\w./-]{1,253}"?:[ ]?([^\0]*?)(?=,? "?[\w./-]{1,253}"?:|,"?[\w./-]{1,253}"?:|,?$)/g
const LONGEST = 16_384

/**
 * A Secret as Go prints it: `map[data:map[a:…] kind:Secret]`, or the fields `Data` and `StringData` of the struct. `end` is
 * where the field's name ends. Returns where it stopped, undefined where there is none.
 */
export function scanGo(text: string, end: number, name: string, out: Span[]): number | undefined {
  STRUCT.lastIndex = end
  if (/^(?:String)?Data$/.test(name) && STRUCT.test(text)) {
    const close = closingOf(text, STRUCT.lastIndex)
    emit(entries(text, STRUCT.lastIndex, close), out)
    return close
  }
  MAP.lastIndex = end
  if (!MAP.test(text)) return undefined
  const start = MAP.lastIndex
  const close = closingOf(text, start)
  // The end of the text may cut off the next key.
  const rest =
    name === 'data' && close === text.length ? / [\w./-]*\s*$/.exec(text.slice(start, close)) : null
  const leaves = entries(text, start, close - (rest?.[0].length ?? 0))
  IS_SECRET.lastIndex = close
  const isSecret = name === 'stringData' || IS_SECRET.test(text)
  if (isSecret || (isCutBefore(text, close) && looksEncoded(text, leaves))) emit(leaves, out)
  return close
}

/** Whether the text ends before it says what kind this is. */
function isCutBefore(text: string, close: number): boolean {
  const rest = text.slice(close, close + 40).trimEnd()
  return (
    close + 40 >= text.length &&
    [']', '] immutable:true', '] immutable:false'].some((head) => `${head} kind:Secret`.startsWith(rest))
  )
}

/** Of the bracket that was opened before `start`. */
function closingOf(text: string, start: number): number {
  const most = Math.min(text.length, start + LONGEST)
  let depth = 1
  for (let i = start; i < most; i++) {
    const code = text.charCodeAt(i)
    if (code === 91 || code === 123) depth++
    else if (code === 93 || code === 125) {
      if (--depth === 0) return i
    }
  }
  return most
}

function entries(text: string, from: number, to: number): { start: number; end: number }[] {
  const found: { start: number; end: number }[] = []
  for (const match of text.slice(from, to).matchAll(ENTRY)) {
    const value = match[1] ?? ''
    const end = from + match.index + match[0].length
    if (value.trim() !== '') found.push({ start: end - value.length, end })
  }
  return found
}

function emit(leaves: readonly { start: number; end: number }[], out: Span[]): void {
  for (const { start, end } of leaves) out.push({ start, end, kind: 'secret' })
}
