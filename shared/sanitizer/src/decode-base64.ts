/** A run of base64 in a text and what it says. */
export type Run = { start: number; end: number; decoded: string }

const SHORTEST = 12
const WRAPPED_AT = 56
const SAMPLE = 16
const SIX = sixBits()
const PAD = 61
// biome-ignore lint/suspicious/noControlCharactersInRegex: they are what tells binary from text
const BINARY = /[\x00-\x08\x0e-\x1f\x7f]/

/**
 * Runs of base64 or base64url that decode to text, at most `budget` decoded characters in all.
 * Hex, words and paths are passed over: text in base64 mixes cases and decodes to printable bytes.
 */
export function base64Runs(text: string, budget: number): { runs: Run[]; spent: number } {
  const runs: Run[] = []
  let spent = 0
  for (let i = 0; i < text.length; i++) {
    if (!isCode(text.charCodeAt(i))) continue
    const start = i
    while (i < text.length && isCode(text.charCodeAt(i))) i++
    if (i - start < SHORTEST) continue
    const end = wrappedEnd(text, start, i)
    if (spent + (end - start) > budget) return { runs, spent: Number.POSITIVE_INFINITY }
    const decoded = decode(text, start, end)
    if (decoded !== undefined) {
      spent += end - start
      runs.push({ start, end: paddedEnd(text, end), decoded })
    }
    i = end
  }
  return { runs, spent }
}

/** Lines of one width are one run. */
function wrappedEnd(text: string, start: number, firstEnd: number): number {
  const width = firstEnd - start
  let end = firstEnd
  while (width >= WRAPPED_AT && text[end] === '\n') {
    let from = end + 1
    while (text[from] === ' ') from++
    let to = from
    while (to < text.length && to - from < width && isCode(text.charCodeAt(to))) to++
    if (to === from || isCode(text.charCodeAt(to))) break
    end = to
    if (to - from < width) break
  }
  return end
}

/** Tries the four alignments: a run may have lost its beginning. */
function decode(text: string, start: number, end: number): string | undefined {
  if (!looksEncoded(text, start, end)) return undefined
  for (let skip = 0; skip < 4; skip++) {
    if (!samplePrintable(text, start + skip, end)) continue
    const decoded = Buffer.from(text.slice(start + skip, end), 'base64').toString('utf8')
    if (!BINARY.test(decoded.slice(0, 256))) return decoded.replaceAll('\0', ' ')
  }
  return undefined
}

function looksEncoded(text: string, start: number, end: number): boolean {
  let upper = false
  let lower = false
  for (let i = start; i < end && !(upper && lower); i++) {
    const code = text.charCodeAt(i)
    if (code >= 65 && code <= 90) upper = true
    else if (code >= 97 && code <= 122) lower = true
  }
  return upper && lower
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
