import { isTextEnd } from './text-end.ts'

const LONGEST = 16_384
const LONGEST_LINE = 8_192
const LONGEST_PREFIX = 200
const MOST_WORDS = 6
// What shows a change, a quotation or an indent is no word of a prefix.
const SIGNS = /^["'`>|+\\-]*$/
const HEADER_FIELD =
  /(?:Proc-Type|DEK-Info|Version|Comment|Hash|Charset|Encryption|Private-Lines): [^\n\\]{0,80}/y
const LINE_BREAK = /(?:\\{1,4}[nrt]|[ \t]|\n|\\{1,4}(?=\n))+/y

/**
 * Where the body lines end that follow from `from` on. Lines of a log may each carry a prefix, as the line
 * with the block's beginning at `start` does: as many words at most are passed over.
 */
export function bodyAfter(text: string, start: number, from: number): number {
  const line = lineStart(text, start)
  const prefix = line === undefined ? 0 : wordsIn(text.slice(line, start))
  let end = from
  for (;;) {
    const next = lineBreakEnd(text, end)
    let body = bodyEnd(text, next)
    // The first line may have more before it than the others: the name of the field that holds them all.
    for (let words = 1; body === undefined && words <= prefix; words++) body = behindPrefix(text, next, words)
    if (body === undefined || body === end) return end
    end = body
  }
}

/** A body line behind its prefix; one line before it may be blank but for the prefix. */
function behindPrefix(text: string, index: number, words: number): number | undefined {
  let i = index
  for (let line = 0; line < 2; line++) {
    for (let word = 0; word < words; ) {
      const end = segmentEnd(text, i)
      if (end === i) return undefined
      if (!SIGNS.test(text.slice(i, end))) word++
      i = lineBreakEnd(text, end)
    }
    if (SIGNS.test(text.slice(i, segmentEnd(text, i)))) i = lineBreakEnd(text, segmentEnd(text, i))
    const end = bodyEnd(text, i)
    if (end === undefined) continue
    if (end - i >= 16 || text[end - 1] === '=' || isTextEnd(text, end)) return end
  }
  return undefined
}

function lineBreakEnd(text: string, index: number): number {
  LINE_BREAK.lastIndex = index
  return LINE_BREAK.test(text) ? LINE_BREAK.lastIndex : index
}

function bodyEnd(text: string, start: number): number | undefined {
  HEADER_FIELD.lastIndex = start
  if (HEADER_FIELD.test(text)) return HEADER_FIELD.lastIndex
  const end = segmentEnd(text, start)
  return end > start && isBody(text.slice(start, end), isTextEnd(text, end)) ? end : undefined
}

function segmentEnd(text: string, start: number): number {
  const most = Math.min(text.length, start + LONGEST_LINE)
  for (let i = start; i < most; i++) {
    const code = text.charCodeAt(i)
    if (code === 10 || code === 32 || code === 92) return i
  }
  return Math.max(start, most)
}

/** A body line is base64, or the sign of a YAML block or a change; the last one of a cut text may be short. */
function isBody(segment: string, isLast: boolean): boolean {
  if (/^[>|+-]+$/.test(segment)) return true
  if (!/^[A-Za-z0-9+/]+={0,2}["'`,]{0,3}$/.test(segment)) return false
  return segment.length >= 16 || isLast || /[=\d]/.test(segment)
}

/** Walks back over the lines before an END line at `end` while they look like a body; the first may be cut. */
export function bodyBefore(text: string, end: number): number {
  const near = base64Before(text, end)
  const line = lineStart(text, end)
  const start = near.end === end || line === undefined ? end : linesBefore(text, line, end)
  return start === end && near.end - near.start >= 16 ? near.start : start
}

function linesBefore(text: string, from: number, end: number): number {
  const prefix = wordsIn(text.slice(from, end))
  let start = end
  for (let line: number | undefined = from; line !== undefined && line > 0 && end - start < LONGEST; ) {
    const token = base64Before(text, line)
    if (token.start === token.end) break
    const above = lineStart(text, token.start)
    const words = above === undefined ? MOST_WORDS : wordsIn(text.slice(above, token.start))
    const isShort = token.end - token.start < 16 && start !== end
    // A word that ends a line above the body is no part of it.
    if (words > 0 && (isShort || (token.end - token.start < 16 && words !== prefix))) break
    start = token.start
    // Above the first line, which may be cut, stands something else.
    if (isShort || (words > 0 && words !== prefix)) break
    line = above
  }
  return start
}

/** The base64 before `index`, behind blanks, quotes and line breaks, written out or as escapes. */
function base64Before(text: string, index: number): { start: number; end: number } {
  let end = index
  while (end > 0 && index - end < LONGEST_PREFIX) {
    if (/[\s"'`,]/.test(text[end - 1] ?? '')) end--
    else if (text[end - 2] === '\\' && /[nrt]/.test(text[end - 1] ?? '')) end -= 2
    else if (text[end - 1] === '\\') end--
    else break
  }
  let start = end
  while (start > 0 && index - start < LONGEST && isBase64(text.charCodeAt(start - 1))) start--
  // The n of an escaped line break before the body is a letter too.
  if (start > 0 && start < end && text[start - 1] === '\\' && /[nrt]/.test(text[start] ?? '')) start++
  return { start, end }
}

function isBase64(code: number): boolean {
  return (
    (code >= 97 && code <= 122) ||
    (code >= 65 && code <= 90) ||
    (code >= 47 && code <= 57) ||
    code === 43 ||
    code === 61
  )
}

/** Where the line of a place begins, behind a line break or an escaped one, if that is near. */
function lineStart(text: string, index: number): number | undefined {
  const least = Math.max(0, index - LONGEST_PREFIX)
  for (let i = index; i > least; i--) {
    const code = text.charCodeAt(i - 1)
    if (code === 10 || (code === 110 && text.charCodeAt(i - 2) === 92)) return i
  }
  return least === 0 ? 0 : undefined
}

/** Words of a prefix; more than a few are a sentence. */
function wordsIn(prefix: string): number {
  const words = prefix.split(/\s+/).filter((word) => !SIGNS.test(word)).length
  return words > MOST_WORDS ? 0 : words
}
