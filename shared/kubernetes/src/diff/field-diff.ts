import { listKey } from './list-key.ts'
import { oneValue, twoTexts } from './shown-value.ts'

/** One field that differs; `old` or `new` is missing where the field is. */
export interface FieldChange {
  path: string
  old?: string
  new?: string
}

/**
 * What differs between two JSON values, field by field, in the order of the fields' names. Entries of lists are
 * matched by their name (or another obvious key), else by position. Compare masked values only.
 */
export function fieldDiff(before: unknown, after: unknown, path = ''): FieldChange[] {
  if (before === after) return []
  if (isRecord(before) && isRecord(after)) return recordDiff(before, after, path)
  if (Array.isArray(before) && Array.isArray(after)) return arrayDiff(before, after, path)
  if (before === undefined || isEmptyNow(before, after)) return leaves(after, path, 'new')
  if (after === undefined || isEmptyNow(after, before)) return leaves(before, path, 'old')
  if (typeof before === 'string' && typeof after === 'string') {
    const texts = twoTexts(before, after)
    return [{ path: path + texts.at, old: texts.old, new: texts.new }]
  }
  return [{ path, old: oneValue(before), new: oneValue(after) }]
}

/** The path of a member: dotted where it can be, else in brackets and quotes. */
function memberPath(path: string, key: string): string {
  if (!/^[A-Za-z0-9_-]+$/.test(key)) return `${path}[${JSON.stringify(key)}]`
  return path === '' ? key : `${path}.${key}`
}

type Json = Record<string, unknown>

function recordDiff(before: Json, after: Json, path: string): FieldChange[] {
  const keys = [...new Set([...Object.keys(before), ...Object.keys(after)])].sort()
  return keys.flatMap((key) => fieldDiff(own(before, key), own(after, key), memberPath(path, key)))
}

function arrayDiff(before: unknown[], after: unknown[], path: string): FieldChange[] {
  const key = listKey(before, after)
  if (key === undefined) {
    const most = Math.max(before.length, after.length)
    return Array.from({ length: most }, (_, index) =>
      fieldDiff(before[index], after[index], `${path}[${index}]`),
    ).flat()
  }
  const olds = new Map(before.map((entry) => [nameOf(entry, key), entry]))
  const news = new Map(after.map((entry) => [nameOf(entry, key), entry]))
  const names = [...new Set([...olds.keys(), ...news.keys()])]
  const changes = names.flatMap((name) => fieldDiff(olds.get(name), news.get(name), `${path}[${name}]`))
  const order = (from: Map<string, unknown>) =>
    [...from.keys()].filter((name) => olds.has(name) && news.has(name))
  const [was, is] = [order(olds).join(', '), order(news).join(', ')]
  // Init containers run in their order, so it is a difference of its own.
  return was === is ? changes : [...changes, { path: `${path} (order)`, old: was, new: is }]
}

// Small values in one line; of large ones every leaf, so that nothing hides behind a cut.
function leaves(value: unknown, path: string, side: 'old' | 'new'): FieldChange[] {
  const whole = (): FieldChange[] => {
    const shown = oneValue(value)
    return [side === 'old' ? { path, old: shown } : { path, new: shown }]
  }
  if (value === undefined) return []
  if (!isRecord(value) && !Array.isArray(value)) return whole()
  if (JSON.stringify(value).length <= 100) return whole()
  const empty = Array.isArray(value) ? [] : {}
  return side === 'old' ? expand(value, empty, path) : expand(empty, value, path)
}

function expand(before: unknown, after: unknown, path: string): FieldChange[] {
  if (Array.isArray(before) && Array.isArray(after)) return arrayDiff(before, after, path)
  return isRecord(before) && isRecord(after) ? recordDiff(before, after, path) : []
}

// `null` against an object: show the object's fields, not "null → {…}".
function isEmptyNow(value: unknown, other: unknown): boolean {
  return value === null && (isRecord(other) || Array.isArray(other))
}

function isRecord(value: unknown): value is Json {
  return value !== null && typeof value === 'object' && !Array.isArray(value)
}

function own(object: Json, key: string): unknown {
  return Object.hasOwn(object, key) ? object[key] : undefined
}

function nameOf(entry: unknown, key: string): string {
  return isRecord(entry) ? String(entry[key]) : ''
}
