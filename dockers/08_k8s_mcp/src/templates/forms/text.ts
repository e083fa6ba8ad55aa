// Control characters but tab and line feed, line separators that YAML and JSON carry differently, and what nobody sees:
// the sanitizer takes them out of JSON, and then the two would not be the same manifest. Made of pairs of first and last.
const UNSEEN = new RegExp(
  `[${[
    ...[
      '\\0-\\x08',
      '\\x0b-\\x1f',
      '\\x7f-\\x9f',
      '\\u00ad',
      '\\u034f',
      '\\u061c',
      '\\u115f-\\u1160',
      '\\u17b4-\\u17b5',
    ],
    ...[
      '\\u180b-\\u180f',
      '\\u200b-\\u200f',
      '\\u2028-\\u202e',
      '\\u2060-\\u206f',
      '\\u3164',
      '\\ufeff',
      '\\uffa0',
    ],
    ...['\\ufff0-\\ufffb', '\\ufffe-\\uffff', '\\u{1d173}-\\u{1d17a}', '\\u{e0000}-\\u{e0fff}'],
  ].join('')}]|(?<=[\\x21-\\x7e])[\\ufe00-\\ufe0f]`,
  'u',
)
const MOST_CHARACTERS = 200

/** Why this text cannot stand in a manifest and come back as it was. */
export function textProblem(text: string, most = MOST_CHARACTERS): string | undefined {
  // Code units are never fewer than characters, so a very long text is not taken apart.
  if (text.length > most * 2 || [...text].length > most) return `it is longer than ${most} characters`
  if (!text.isWellFormed()) return 'it holds half a surrogate pair, which no file can hold'
  const hidden = UNSEEN.exec(text)
  if (!hidden) return undefined
  return `it holds the character ${codePoint(hidden[0])}, which nobody sees, at position ${hidden.index + 1}`
}

function codePoint(character: string): string {
  return `U+${(character.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, '0')}`
}
