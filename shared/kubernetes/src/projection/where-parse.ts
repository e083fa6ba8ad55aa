import { GatehouseError } from '@gatehouse/errors'
import { walk } from './expression.ts'

const LONGEST = 1_000
// The parser's time grows with the cube of unclosed brackets.
const MOST_BRACKETS = 100
const HINT =
  "CEL: && || ! == != < <= > >= in, text in quotes; for example restarts > 5 && status != 'Running'"

// CEL keeps these words for itself; a row has a namespace nevertheless.
const RESERVED =
  /("(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*')|(?<![\w.])(namespace|package|function|import|loop|const|var|let|for|if|else|while|return|break|continue|as|void)(?!\w)/g

/** Parses an expression in which reserved words are names as well. Throws INVALID_INPUT with the position. */
export function parseWhere(cel: typeof import('@bufbuild/cel'), text: string) {
  if (text.length > LONGEST || (text.match(/[([{]/g) ?? []).length > MOST_BRACKETS) {
    throw new GatehouseError('INVALID_INPUT', 'where: the expression is too long', { hint: HINT })
  }
  const names = new Map<string, string>()
  // As long as the word it stands for, so that positions stay true.
  const spelled = text.replace(RESERVED, (whole, literal: string | undefined) => {
    if (literal !== undefined) return whole
    const alias = whole.slice(0, -1) + whole.slice(-1).toUpperCase()
    names.set(alias, whole)
    return alias
  })
  try {
    const parsed = cel.parse(spelled)
    walk(parsed.expr, ({ exprKind: kind }) => {
      if (kind.case === 'identExpr') kind.value.name = names.get(kind.value.name) ?? kind.value.name
      if (kind.case === 'comprehensionExpr')
        kind.value.iterVar = names.get(kind.value.iterVar) ?? kind.value.iterVar
    })
    return parsed
  } catch (cause) {
    throw syntaxError(cause, text)
  }
}

// Says where the parser stopped and what people mostly meant there.
function syntaxError(cause: unknown, text: string): GatehouseError {
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
