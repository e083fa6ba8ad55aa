import { GatehouseError } from '@gatehouse/errors'

const LONGEST = 1_000
// The parser's time grows with the cube of unclosed brackets.
const MOST_BRACKETS = 100
const HINT =
  "CEL: && || ! == != < <= > >= in, text in quotes; for example restarts > 5 && status != 'Running'"

/** Refuses what would keep the parser busy. */
export function checkLength(text: string): void {
  if (text.length <= LONGEST && (text.match(/[([{]/g) ?? []).length <= MOST_BRACKETS) return
  throw new GatehouseError('INVALID_INPUT', 'where: the expression is too long', { hint: HINT })
}

/** Says where the parser stopped and what people mostly meant there. */
export function syntaxError(cause: unknown, text: string): GatehouseError {
  const at = offsetOf(cause) ?? 0
  const rest = text.slice(at)
  const found = rest === '' ? 'the end' : `"${rest.slice(0, 20)}"`
  const meant = MEANT.find(([pattern]) => pattern.test(rest))
  return new GatehouseError(
    'INVALID_INPUT',
    `where: not a CEL expression at position ${at + 1}: unexpected ${found}${meant ? `; write ${meant[1]}` : ''}`,
    { hint: HINT, cause, data: { position: at + 1 } },
  )
}

const MEANT: [RegExp, string][] = [
  [/^and\b/i, '&&'],
  [/^or\b/i, '||'],
  [/^=[^=]/, '=='],
  [/^<>/, '!='],
  [/^not\b/i, '!'],
  [/^like\b/i, ".matches('…') or .contains('…')"],
]

function offsetOf(cause: unknown): number | undefined {
  if (!(cause instanceof Error) || !('location' in cause)) return undefined
  const { location } = cause as { location?: { start?: { offset?: number } } }
  return location?.start?.offset
}
