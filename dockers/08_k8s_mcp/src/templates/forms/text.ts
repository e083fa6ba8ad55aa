// All but tab and line breaks; then what UTF-8 reserves.
// biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for
const CONTROL = /[\0-\x08\x0b\x0c\x0e-\x1f\x7f-\x84\x86-\x9f\ufeff\ufffe\uffff]/
const MOST_CHARACTERS = 200

/** Why this text cannot stand in a manifest and come back as it was. */
export function textProblem(text: string, most = MOST_CHARACTERS): string | undefined {
  // Code units are never fewer than characters, so a very long text is not taken apart.
  if (text.length > most * 2 || [...text].length > most) return `it is longer than ${most} characters`
  if (!text.isWellFormed()) return 'it holds half a surrogate pair, which no file can hold'
  const control = CONTROL.exec(text)
  if (!control) return undefined
  return `it holds the control character ${codePoint(control[0])} at position ${control.index + 1}`
}

function codePoint(character: string): string {
  return `U+${character.charCodeAt(0).toString(16).toUpperCase().padStart(4, '0')}`
}
