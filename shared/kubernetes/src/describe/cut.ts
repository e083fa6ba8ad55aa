import { names } from './phrase.ts'
import { weigh } from './weigh.ts'

/** Below this many tokens a field is not worth opening: it is kept or left out whole. */
const SMALLEST_SHARE = 60

export interface Cut<T> {
  kept: T
  /** Paths that were left out, with their size. */
  omitted: string[]
}

/**
 * Makes data fit about `most` tokens by leaving out whole fields, the largest first: small fields say what an
 * object is, large ones are mostly one blob. Never cuts inside a value.
 */
export function cutToFit<T extends object>(data: T, most: number): Cut<T> {
  const omitted: string[] = []
  // Same shape with fewer fields; every consumer treats fields as optional.
  const kept = (fit(data, most, '', omitted) ?? {}) as T
  return { kept, omitted }
}

/** A note that names what was left out, and what can be done about it. */
export function omittedNote(omitted: readonly string[], remedy = 'raise maxTokens to see it'): string {
  return `left out to fit the reply: ${names(omitted, 8)}; ${remedy}`
}

function fit(value: unknown, share: number, path: string, omitted: string[]): unknown {
  if (weigh(value) <= share) return value
  if (value === null || typeof value !== 'object' || share < SMALLEST_SHARE) {
    omitted.push(`${path} (${lengthOf(value)} characters)`)
    return undefined
  }
  const entries = Object.entries(value)
  const weights = new Map(entries.map(([key, child]) => [key, weigh(child) + weigh(key)]))
  const lightestFirst = [...entries].sort(([a], [b]) => (weights.get(a) ?? 0) - (weights.get(b) ?? 0))
  const kept = new Map<string, unknown>()
  const dropped: string[] = []
  let left = share - 2
  lightestFirst.forEach(([key, child], index) => {
    const weight = weights.get(key) ?? 0
    const isSplittable = child !== null && typeof child === 'object' && weight >= 2 * SMALLEST_SHARE
    const fair = isSplittable ? left / (lightestFirst.length - index) : left
    const before = omitted.length
    const at = join(path, key, Array.isArray(value))
    const part = fit(child, fair - weigh(key), at, omitted)
    if (part !== undefined) {
      kept.set(key, part)
      left -= weigh(part) + weigh(key)
      return
    }
    // Left out unopened: named together with its siblings below.
    if (omitted.length === before + 1 && omitted[before]?.startsWith(`${at} (`)) {
      omitted.length = before
      dropped.push(key)
    }
  })
  if (dropped.length > 0) omitted.push(droppedText(path, value, dropped))
  if (kept.size === 0) return undefined
  const inOrder = entries
    .filter(([key]) => kept.has(key))
    .map(([key]): [string, unknown] => [key, kept.get(key)])
  return Array.isArray(value) ? inOrder.map(([, child]) => child) : Object.fromEntries(inOrder)
}

// `data.page (48002 characters)`, `data.{a, b, c and 4 more} (…)`, `env[21 of 25 items] (…)`
function droppedText(path: string, value: object, dropped: readonly string[]): string {
  const length = dropped.reduce((sum, key) => sum + lengthOf(Reflect.get(value, key)), 0)
  if (Array.isArray(value))
    return `${path}[${dropped.length} of ${value.length} items] (${length} characters)`
  const [only = ''] = dropped
  const which = dropped.length === 1 ? only : `{${names(dropped)}}`
  return `${join(path, which, false)} (${length} characters)`
}

function join(path: string, key: string, inArray: boolean): string {
  if (inArray) return `${path}[${key}]`
  return path === '' ? key : `${path}.${key}`
}

function lengthOf(value: unknown): number {
  return value === undefined ? 0 : JSON.stringify(value).length
}
