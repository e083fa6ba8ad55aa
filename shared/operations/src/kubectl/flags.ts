import { didYouMean, nearest } from '@gatehouse/errors'
import { FORBIDDEN } from './forbidden-flags.ts'
import { mistaken, quoted, refused } from './refusal.ts'

/** `switch` is true or false, `list` may be repeated, `optional` may stand without its value. */
interface FlagShape {
  takes: 'text' | 'switch' | 'list' | 'optional'
  short?: string
  /** What an `optional` one without a value means. */
  bare?: string
  /** Why this verb's flag is known and not carried out. */
  refuse?: string
}
export type FlagShapes = Record<string, FlagShape>

/** What a command's words are: its flags by their long names, the other words, and what stands behind `--`. */
export interface Parsed {
  args: string[]
  behind: string[] | undefined
  text(flag: string): string | undefined
  list(flag: string): string[]
  isOn(flag: string): boolean
  has(flag: string): boolean
}

export const NAMESPACE: FlagShapes = { namespace: { takes: 'text', short: 'n' } }
/** For reads. */
export const ANYWHERE: FlagShapes = { ...NAMESPACE, 'all-namespaces': { takes: 'switch', short: 'A' } }

/** Reads the words behind a verb by the flags it knows, as kubectl does: `--a=b`, `--a b`, `-n x`, `-nx`. */
export function parseFlags(verb: string, words: readonly string[], shapes: FlagShapes): Parsed {
  const values = new Map<string, string[]>()
  const args: string[] = []
  let behind: string[] | undefined
  for (let at = 0; at < words.length; at++) {
    const word = words[at] ?? ''
    if (word === '--') {
      behind = words.slice(at + 1)
      break
    }
    if (!word.startsWith('-') || word === '-') args.push(word)
    else at += readFlag(verb, word, words[at + 1], shapes, values)
  }
  const text = (flag: string) => values.get(flag)?.[0]
  return {
    args,
    behind,
    text,
    list: (flag) => values.get(flag) ?? [],
    isOn: (flag) => text(flag) === 'true',
    has: (flag) => values.has(flag),
  }
}

// How many words beside its own the flag has used.
function readFlag(
  verb: string,
  word: string,
  next: string | undefined,
  shapes: FlagShapes,
  values: Map<string, string[]>,
): number {
  const { name, attached } = word.startsWith('--') ? longFlag(word) : shortFlag(verb, word, shapes)
  const shape = shapeOf(verb, name, shapes)
  let value = attached
  let used = 0
  if (value === undefined && shape.takes === 'switch') value = 'true'
  else if (value === undefined && shape.takes === 'optional') value = shape.bare ?? ''
  else if (value === undefined) {
    if (next === undefined) throw mistaken(`--${name} needs a value`)
    value = next
    used = 1
  }
  if (shape.takes === 'switch' && value !== 'true' && value !== 'false') {
    throw mistaken(`--${name} is true or false, not ${quoted(value)}`)
  }
  if (shape.refuse && !(shape.takes === 'switch' && value === 'false'))
    throw refused(`--${name}: ${shape.refuse}`)
  const before = values.get(name)
  if (before && shape.takes !== 'list' && before[0] !== value) {
    throw refused(`--${name} is given twice and differently`)
  }
  values.set(name, shape.takes === 'list' && before ? [...before, value] : [value])
  return used
}

function longFlag(word: string): { name: string; attached: string | undefined } {
  const equals = word.indexOf('=')
  if (equals === -1) return { name: word.slice(2), attached: undefined }
  return { name: word.slice(2, equals), attached: word.slice(equals + 1) }
}

// `-it` is two switches to kubectl; only one at a time is understood here, except where one takes the rest as its value.
function shortFlag(verb: string, word: string, shapes: FlagShapes) {
  const letter = word.charAt(1)
  const found = Object.entries(shapes).find(([, shape]) => shape.short === letter)
  const rest = word.slice(2)
  if (!found) {
    const forbidden = Object.entries(FORBIDDEN).find(([, { short }]) => short === letter)
    if (forbidden) throw refused(`-${letter}: ${forbidden[1].reason}`)
    throw unknown(verb, `-${letter}`, shapes)
  }
  const [name, { takes, refuse }] = found
  if (refuse) throw refused(`-${letter}: ${refuse}`)
  if (takes === 'switch' && rest !== '' && !rest.startsWith('=')) {
    throw refused(`${quoted(word)}: write each flag by itself`)
  }
  return { name, attached: rest === '' ? undefined : rest.replace(/^=/, '') }
}

function shapeOf(verb: string, name: string, shapes: FlagShapes): FlagShape {
  const shape = Object.hasOwn(shapes, name) ? shapes[name] : undefined
  if (shape) return shape
  const forbidden = Object.hasOwn(FORBIDDEN, name) ? FORBIDDEN[name] : undefined
  if (forbidden) throw refused(`--${name}: ${forbidden.reason}`)
  throw unknown(verb, `--${name}`, shapes)
}

function unknown(verb: string, flag: string, shapes: FlagShapes) {
  const known = Object.entries(shapes).flatMap(([name, { refuse }]) => (refuse ? [] : [`--${name}`]))
  const near = nearest(flag, known, 1)
  const hint = known.length > 0 ? `${verb} knows ${known.join(' ')}` : `${verb} takes no flags`
  return refused(`${verb} does not take ${quoted(flag)}${didYouMean(near)}`, hint)
}
