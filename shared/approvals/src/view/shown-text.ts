import { ownWords, type Sanitised, type Sanitizer } from '@gatehouse/sanitizer'
import { namesOfUnseen } from './unseen.ts'

export type Shown = Sanitised<string>
export type Show = (raw: string) => Shown

/**
 * Text for somebody who decides: sanitised, and with a note that names the invisible characters the original holds,
 * since the cluster would get them although the page cannot show them.
 */
export function showing(sanitizer: Sanitizer): Show {
  return (raw) => {
    const text = sanitizer.text(raw)
    const names = namesOfUnseen(raw)
    return names === undefined ? text : ownWords`${text} [hidden characters: ${sanitizer.text(names)}]`
  }
}
