// Behind these the API server prints parts of the object that is there: a hunk of a diff, or a Go value.
const OBJECT = /\s@@ |\s[{&*]*(?:\[\])?[a-z]\w*\.[A-Za-z]\w*\{/

// A value it repeats, with its reason behind it. Scalars stay: the caller gave them.
const STRUCTURE =
  /((?:Invalid|Duplicate|Unsupported) value: )(?:\{|\[|map\[|&?\w+\.\w+\{)(?:(?!: field is immutable).)*/gs

/** A refusal of the API server without what it prints of objects: the live one's secrets would be among it. */
export function refusalText(message: string): string {
  const text = message.replace(STRUCTURE, '$1…')
  const end = text.search(OBJECT)
  return (end < 0 ? text : `${text.slice(0, end)} …`).replace(/\s+/g, ' ').trim()
}
