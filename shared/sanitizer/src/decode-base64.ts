/** A run of base64 in a text and what it says. */
export type Run = { start: number; end: number; decoded: string }

const SHORTEST = 12
const WRAPPED_AT = 56
const SAMPLE = 16
const HEAD = 344
const SIX = sixBits()
const PAD = 61
// biome-ignore lint/suspicious/noControlCharactersInRegex: they are what tells binary from text
const BINARY = /[\x00-\x08\x0e-\x1f\x7f]/
// biome-ignore lint/suspicious/noControlCharactersInRegex: as above
const RUBBISH = /[\x00-\x08\x0e-\x1a\x1c-\x1f\x7f\ufffd]/
const LINE_BREAK = /(?:\n|(?:\\{1,3}r)?\\{1,3}n)(?:[+-]?[ \t]{1,80})?/y

/**
 * Runs of base64 or base64url that decode to text, at most `budget` decoded characters in all.
 * Hex, words and paths are passed over: text in base64 mixes cases and decodes to printable bytes.
 */
export function base64Runs(text: string, budget: number): { runs: Run[]; spent: number } {
  const runs: Run[] = []
  let spent = 0
  for (let i = 0; i < text.length; i++) {
    if (!isCode(text.charCodeAt(i))) continue
    // The n of an escaped line break is a letter too.
    const start = text[i - 1] === '\\' && /[nrt]/.test(text[i] ?? '') ? i + 1 : i
    while (i < text.length && isCode(text.charCodeAt(i))) i++
    if (i - start < SHORTEST) continue
    const skip = alignment(text, start, i)
    if (skip === undefined) continue
    const { end, code } = wrapped(text, start + skip, i, i - start)
    spent += end - start
    if (spent > budget) return { runs, spent: Number.POSITIVE_INFINITY }
    runs.push({ start, end: paddedEnd(text, end), decoded: decode(code).replaceAll('\0', ' ') })
    i = end
  }
  return { runs, spent }
}

/** How much a run lost of the four characters at its beginning, where it then decodes to text. */
function alignment(text: string, start: number, end: number): number | undefined {
  if (!looksEncoded(text, start, end)) return undefined
  for (let skip = 0; skip < 4; skip++) {
    if (!samplePrintable(text, start + skip, end)) continue
    if (!BINARY.test(decode(text.slice(start + skip, Math.min(end, start + HEAD))))) return skip
  }
  return undefined
}

/** Lines of one width are one run, also where the line breaks are escaped or a change is shown. */
function wrapped(
  text: string,
  start: number,
  firstEnd: number,
  width: number,
): { end: number; code: string } {
  const first = { end: firstEnd, code: text.slice(start, firstEnd) }
  if (width < WRAPPED_AT) return first
  const lines = [first.code]
  let end = firstEnd
  let length = first.code.length
  for (;;) {
    LINE_BREAK.lastIndex = end
    if (!LINE_BREAK.test(text)) break
    const from = LINE_BREAK.lastIndex
    let to = from
    while (to < text.length && to - from < width && isCode(text.charCodeAt(to))) to++
    if (to === from || isCode(text.charCodeAt(to))) break
    const line = text.slice(from, to)
    // A word that stands alone in the next line decodes to rubbish.
    if (to - from < width && RUBBISH.test(decode(lines.join('').slice(length & ~3) + line))) break
    lines.push(line)
    length += line.length
    end = to
    if (to - from < width) break
  }
  return { end, code: lines.join('') }
}

function decode(code: string): string {
  return Buffer.from(code, 'base64').toString('utf8')
}

/** Text nearly always makes capitals; hex, words and paths seldom have any. */
function looksEncoded(text: string, start: number, end: number): boolean {
  for (let i = start; i < end; i++) {
    const code = text.charCodeAt(i)
    if (code >= 65 && code <= 90) return true
  }
  return false
}

function samplePrintable(text: string, start: number, end: number): boolean {
  const last = Math.min(end, start + SAMPLE)
  let bits = 0
  let held = 0
  let bytes = 0
  for (let i = start; i < last; i++) {
    const six = SIX[text.charCodeAt(i)] ?? 255
    if (six > 63) continue
    bits = ((bits << 6) | six) & 0xffff
    held += 6
    if (held < 8) continue
    held -= 8
    const byte = (bits >> held) & 255
    if ((byte < 32 && byte !== 9 && byte !== 10 && byte !== 13) || byte === 127) return false
    if (byte > 127 && bytes === 0) return false
    bytes++
  }
  return bytes >= 5
}

function paddedEnd(text: string, end: number): number {
  let i = end
  while (i < end + 2 && text.charCodeAt(i) === PAD) i++
  return i
}

function isCode(code: number): boolean {
  return code < 128 && (SIX[code] ?? 255) < 64
}

function sixBits(): Uint8Array {
  const table = new Uint8Array(128).fill(255)
  const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/'
  for (const [value, sign] of [...alphabet].entries()) table[sign.charCodeAt(0)] = value
  table[45] = 62
  table[95] = 63
  return table
}
