// What the sanitizer takes out because nobody would see it. Somebody who decides must know that it is there.
const UNSEEN = /(?![\t\n\r])[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Default_Ignorable_Code_Point}]/gu
const MOST_NAMED = 5
const MOST_PLACES = 5

/** The invisible characters of a text by their numbers, each once; undefined where there are none. */
export function namesOfUnseen(text: string): string | undefined {
  // An emoji keeps the selector that colours it.
  const found = [...new Set(text.replace(/(?<=\p{Extended_Pictographic})\ufe0f/gu, '').match(UNSEEN))]
  if (found.length === 0) return undefined
  const names = found.slice(0, MOST_NAMED).map((character) => {
    return `U+${(character.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, '0')}`
  })
  const more = found.length - names.length
  return `${names.join(', ')}${more > 0 ? ` and ${more} more` : ''}`
}

/** Where in what will be sent there are characters that no page shows, in sentences; differences may have lost them. */
export function unseenIn(body: unknown): string[] {
  const found: string[] = []
  const look = (value: unknown, path: string): void => {
    if (found.length > MOST_PLACES) return
    if (typeof value === 'string') {
      const names = namesOfUnseen(value)
      if (names !== undefined) found.push(`${path === '' ? 'it' : path} holds ${names}`)
    } else if (Array.isArray(value)) {
      for (const [index, entry] of value.entries()) look(entry, `${path}[${index}]`)
    } else if (value !== null && typeof value === 'object') {
      for (const [key, entry] of Object.entries(value)) {
        const names = namesOfUnseen(key)
        if (names !== undefined) found.push(`a name in ${path === '' ? 'it' : path} holds ${names}`)
        look(entry, path === '' ? key : `${path}.${key}`)
      }
    }
  }
  look(body, '')
  return found.length > MOST_PLACES ? [...found.slice(0, MOST_PLACES), 'and there are more'] : found
}
