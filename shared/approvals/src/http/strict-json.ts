import { GatehouseError } from '@gatehouse/errors'

const MOST_DEPTH = 64

/**
 * Parses JSON that means one thing only: no member twice, no number that loses digits, no lone surrogate, no
 * `__proto__`, at most 64 levels. Messages name the place, never a value.
 * @throws GatehouseError INVALID_INPUT
 */
export function parseStrictJson(text: string): unknown {
  let value: unknown
  try {
    value = JSON.parse(text)
  } catch (cause) {
    throw new GatehouseError('INVALID_INPUT', 'The body is not valid JSON', {
      cause,
      hint: 'Send one JSON object',
    })
  }
  // Valid from here on, so the scan can be simple: it looks for what JSON.parse lets pass.
  scan(text)
  return value
}

interface Level {
  keys: Set<string> | undefined
  /** The member being read, for messages. */
  at: string | number
  /** The next string is the name of a member. */
  naming: boolean
}

const TOKEN = /"(?:[^"\\]|\\.)*"|-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?|[{}[\],]/g

function scan(text: string): void {
  const levels: Level[] = []
  for (const [token] of text.matchAll(TOKEN)) {
    const level = levels.at(-1)
    if (token === '{' || token === '[') {
      if (levels.length >= MOST_DEPTH) throw refused(levels, `has more than ${MOST_DEPTH} levels`)
      const object = token === '{'
      levels.push({ keys: object ? new Set() : undefined, at: object ? '' : 0, naming: object })
    } else if (token === '}' || token === ']') {
      levels.pop()
    } else if (token === ',') {
      if (level?.keys) level.naming = true
      else if (level) level.at = Number(level.at) + 1
    } else if (token.startsWith('"')) {
      readText(token, levels)
    } else {
      readNumber(token, levels)
    }
  }
}

function readText(token: string, levels: readonly Level[]): void {
  const level = levels.at(-1)
  const text = JSON.parse(token) as string
  if (!text.isWellFormed()) throw refused(levels, 'has a lone surrogate')
  if (!level?.keys || !level.naming) return
  level.at = text
  level.naming = false
  if (level.keys.has(text)) throw refused(levels, 'is there twice')
  if (text === '__proto__') throw refused(levels, 'is no name that can be used')
  level.keys.add(text)
}

function readNumber(token: string, levels: readonly Level[]): void {
  const number = Number(token)
  const lossy = Number.isInteger(number) && !Number.isSafeInteger(number)
  if (lossy || !Number.isFinite(number)) throw refused(levels, 'is a number beyond 2^53')
}

function refused(levels: readonly Level[], what: string): GatehouseError {
  const place = levels
    .slice(0, 12)
    .map(({ at }) => String(at).slice(0, 60))
    .join('.')
  return new GatehouseError('INVALID_INPUT', `${place === '' ? 'The body' : place}: ${what}`)
}
