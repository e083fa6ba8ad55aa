import { ownWords, type Sanitised, type Sanitizer } from '@gatehouse/sanitizer'

export type Shown = Sanitised<string>
export type Show = (raw: string) => Shown

// What the sanitizer takes out because nobody would see it. Somebody who decides must know that it is there.
const UNSEEN = /(?![\t\n\r])[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Default_Ignorable_Code_Point}]/gu
const MOST_NAMED = 5

/**
 * Text for somebody who decides: sanitised, and with a note that names the invisible characters the original holds,
 * since the cluster would get them although the page cannot show them.
 */
export function showing(sanitizer: Sanitizer): Show {
  return (raw) => {
    const text = sanitizer.text(raw)
    const unseen = [...new Set(raw.match(UNSEEN))].filter((character) => !text.includes(character))
    if (unseen.length === 0) return text
    const names = unseen.slice(0, MOST_NAMED).map((character) => {
      return `U+${(character.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, '0')}`
    })
    const named = sanitizer.text(names.join(', '))
    const more = unseen.length - names.length
    return more > 0
      ? ownWords`${text} [hidden characters: ${named} and ${more} more]`
      : ownWords`${text} [hidden characters: ${named}]`
  }
}
