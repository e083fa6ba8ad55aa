import { mistaken, quoted } from '../refusal.ts'

const LONGEST = 2_000
// Keys, values, operators and lists of label and field selectors; nothing that could end a query.
const SELECTOR = /^[A-Za-z0-9._/ ,=!()-]+$/

/** A selector as the API server takes it; undefined where none is given. */
export function selectorOf(flag: string, text: string | undefined): string | undefined {
  if (text === undefined || text === '') return undefined
  if (text.length <= LONGEST && SELECTOR.test(text)) return text
  throw mistaken(`${flag} ${quoted(text)} is no selector`)
}
