const LONGEST = 96

export type Identifier = { start: number; end: number; name: string }

/** The identifier around a place: letters, digits, `_`, `-` and `.`, at most 96 characters to each side. */
export function identifierAt(text: string, index: number): Identifier {
  let start = index
  while (start > 0 && index - start < LONGEST && isIdentifierCode(text.charCodeAt(start - 1))) start--
  let end = index
  while (end < text.length && end - index < LONGEST && isIdentifierCode(text.charCodeAt(end))) end++
  // `\npassword=` inside a JSON string: the n belongs to the escape.
  if (start > 0 && text[start - 1] === '\\' && start + 1 < index && /[nrt]/.test(text[start] ?? '')) start++
  return { start, end, name: text.slice(start, end) }
}

function isIdentifierCode(code: number): boolean {
  return (
    (code >= 97 && code <= 122) ||
    (code >= 65 && code <= 90) ||
    (code >= 48 && code <= 57) ||
    code === 95 ||
    code === 45 ||
    code === 46
  )
}
