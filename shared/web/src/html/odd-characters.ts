// Controls but tab and newline, formatting (bidi, zero-width, tags), private use, lone surrogates, line and paragraph
// separators, fillers and selectors that draw nothing, and blanks that are no space.
const HIDDEN = /(?![\t\n ])[\p{Cc}\p{Cf}\p{Co}\p{Cs}\p{Zl}\p{Zp}\p{Zs}\p{Default_Ignorable_Code_Point}]/u
const EMOJI_STYLE = /(?<=\p{Extended_Pictographic})\ufe0f/u
// Three marks on one letter already draw over the lines around it.
const STACKED = /(?<=\p{M}{2})\p{M}/u
const ODD = new RegExp(`(?!${EMOJI_STYLE.source})${HIDDEN.source}|${STACKED.source}`, 'gu')

const LATIN = /\p{Script=Latin}/u
const LOOKS_LATIN =
  /[\p{Script=Cyrillic}\p{Script=Greek}\p{Script=Armenian}\p{Script=Cherokee}\p{Script=Lisu}]/u
const WORD = /[\p{L}\p{N}\p{M}_.-]+/gu
const FULL_WIDTH_OR_STYLED = /(?![ªº²³¹])[\p{L}\p{N}]/u

/** Part of a text: plain, or one character that does not show what it is. */
export interface Piece {
  text: string
  /** `U+202E` for what draws nothing or something else, `а U+0430` for what looks like another letter. */
  odd: boolean
}

/**
 * Takes a text apart so that no character hides or poses as another: invisible and bidirectional controls,
 * odd blanks, stacked marks, letters of another alphabet inside a Latin word, styled forms of ASCII letters.
 * `identifier`: everything outside ASCII is odd, as in Kubernetes names.
 */
export function pieces(text: string, identifier = false): Piece[] {
  if (/^[\t\n\x20-\x7e]*$/.test(text)) return text === '' ? [] : [{ text, odd: false }]
  const posing = identifier ? allOutsideAscii(text) : lookalikes(text)
  const marks = new Map<number, string>()
  for (const match of text.matchAll(ODD)) marks.set(match.index, match[0])
  for (const [index, character] of posing) marks.set(index, character)
  const found: Piece[] = []
  let from = 0
  for (const [index, character] of [...marks].sort((a, b) => a[0] - b[0])) {
    if (index > from) found.push({ text: text.slice(from, index), odd: false })
    found.push({ text: named(character), odd: true })
    from = index + character.length
  }
  if (from < text.length) found.push({ text: text.slice(from), odd: false })
  return found
}

/** The same as one text, for places that take no markup: odd characters in angle brackets. */
export function plainly(text: string): string {
  return pieces(text)
    .map((piece) => (piece.odd ? `⟨${piece.text}⟩` : piece.text))
    .join('')
}

function named(character: string): string {
  const point = character.codePointAt(0) ?? 0
  const name = `U+${point.toString(16).toUpperCase().padStart(4, '0')}`
  return HIDDEN.test(character) || STACKED.test(character) || /\p{M}/u.test(character)
    ? name
    : `${character} ${name}`
}

function allOutsideAscii(text: string): [number, string][] {
  return [...text.matchAll(/[^\t\n\x20-\x7e]/gu)].map((match) => [match.index, match[0]])
}

function lookalikes(text: string): [number, string][] {
  const found: [number, string][] = []
  for (const word of text.matchAll(WORD)) {
    const mixed = LATIN.test(word[0]) && LOOKS_LATIN.test(word[0])
    let index = word.index
    for (const character of word[0]) {
      if ((mixed && LOOKS_LATIN.test(character)) || isStyledAscii(character)) found.push([index, character])
      index += character.length
    }
  }
  return found
}

function isStyledAscii(character: string): boolean {
  if (character <= '\x7f' || !FULL_WIDTH_OR_STYLED.test(character)) return false
  return /^[0-9A-Za-z]+$/.test(character.normalize('NFKC'))
}
