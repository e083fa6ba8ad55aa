import { partsOf } from './words.ts'

const LONGEST = 200
// How much of the text stands in front of what was found.
const BEFORE = 80
// What the sanitizer left in place of a secret: whole or not at all, and never with a mark inside.
const REDACTED = /\[redacted:[^\][\s]*\]/
const PIECE = new RegExp(`${REDACTED.source}|[\\p{L}\\p{M}\\p{N}]+|.`, 'gu')
const WORD = /^[\p{L}\p{M}\p{N}]/u

/**
 * The part of a text around the first of the words, with every one of them marked as `**word**`. Cut between words, at
 * most 200 characters without the marks. `words` are what `wordsOf` says of the text, in any case.
 */
export function fragmentOf(text: string, words: readonly string[]): string {
  const wanted = new Set(words.map((word) => word.toLowerCase()))
  // A star in front of a word, or two anywhere, would read as a mark.
  const line = text
    .replaceAll(/\s+/g, ' ')
    .replaceAll(/\*+(?=[\p{L}\p{M}\p{N}])|\*{2,}/gu, '')
    .trim()
  const pieces = line.match(PIECE) ?? []
  if (line.length <= LONGEST) return pieces.map((piece) => marked(piece, wanted)).join('')
  const { from, end } = windowOf(pieces, wanted)
  const shown = pieces.slice(from, end).map((piece) => marked(piece, wanted))
  return `${from > 0 ? '…' : ''}${shown.join('').trim()}${end < pieces.length ? '…' : ''}`
}

/** The pieces of a fragment, in turn: outside of marks, inside, outside, … */
export function piecesOf(fragment: string): string[] {
  return fragment.split('**')
}

// Ends at spaces where there are any: other scripts have none.
function windowOf(pieces: readonly string[], wanted: ReadonlySet<string>): { from: number; end: number } {
  const hit = Math.max(
    0,
    pieces.findIndex((piece) => marked(piece, wanted) !== piece),
  )
  const lengthAt = (index: number): number => pieces[index]?.length ?? 0
  let from = hit
  for (let room = BEFORE; from > 0 && room >= lengthAt(from - 1); from--) room -= lengthAt(from - 1)
  const firstSpace = pieces.indexOf(' ', from)
  if (from > 0 && firstSpace >= 0 && firstSpace < hit) from = firstSpace + 1
  let end = from
  // Two are left for what says that it was cut.
  for (let room = LONGEST - 2; end < pieces.length && room >= lengthAt(end); end++) room -= lengthAt(end)
  const lastSpace = pieces.lastIndexOf(' ', end)
  return { from, end: end < pieces.length && lastSpace > hit ? lastSpace : end }
}

// As the index sees it: a whole word, or a part of one that is written together.
function marked(piece: string, wanted: ReadonlySet<string>): string {
  if (wanted.size === 0 || !WORD.test(piece)) return piece
  if (wanted.has(piece.toLowerCase())) return `**${piece}**`
  const parts = partsOf(piece)
  if (parts.length === 1) return piece
  // Two marks side by side are one.
  return parts
    .map((part) => (wanted.has(part.toLowerCase()) ? `**${part}**` : part))
    .join('')
    .replaceAll('****', '')
}
