import { withheld } from './bound.ts'
import { argumentsBefore, fieldName, secretText } from './patterns/named-value.ts'
import { type ArgumentSecret, argumentSecrets } from './patterns/program-arguments.ts'
import type { SecretName } from './patterns/secret-name.ts'

type Fields = Record<string, unknown>

export type WalkLimits = { depth: number; nodes: number }

/** What a walk does with text, and with text that stands under a secret name. */
export type WalkText = { text(value: string): string; secret(kind: string, value: string): string }

/**
 * Sanitises every string and key of plain data. Parts that were clean are returned as they are, not copied.
 * What is not plain data, too deep or too much is withheld.
 */
export function walk(data: unknown, handle: WalkText, limits: WalkLimits): unknown {
  let nodes = limits.nodes

  const visit = (value: unknown, depth: number, name?: SecretName): unknown => {
    if (typeof value === 'string') return handle.text(value)
    if (value === null || typeof value !== 'object') return scalar(value)
    if (--nodes < 0) return withheld('too many values')
    if (depth > limits.depth) return withheld('nested too deep')
    if (Array.isArray(value)) return list(value, depth, name)
    const prototype = Object.getPrototypeOf(value)
    if (prototype === Object.prototype || prototype === null) return object(value as Fields, depth, name)
    if (value instanceof Date) return Number.isNaN(value.getTime()) ? null : value.toISOString()
    return withheld('not plain data')
  }

  const list = (items: readonly unknown[], depth: number, name?: SecretName, before?: readonly unknown[]) => {
    let changed: unknown[] | undefined
    const secrets = argumentSecrets(items, before)
    for (let i = 0; i < items.length; i++) {
      const item = items[i]
      const clean = maskItem(item, name, secrets?.get(i), handle) ?? visit(item, depth + 1, name)
      if (clean !== item) {
        changed ??= items.slice()
        changed[i] = clean
      }
    }
    nodes -= items.length
    return changed ?? items
  }

  const object = (source: Fields, depth: number, outer?: SecretName): Fields => {
    let changed: [string, unknown][] | undefined
    const keys = Object.keys(source)
    nodes -= keys.length
    for (const [i, key] of keys.entries()) {
      const value = source[key]
      const cleanKey = handle.text(key)
      const clean = member(source, key, value, depth, outer)
      if (changed) changed.push([cleanKey, clean])
      else if (clean !== value || cleanKey !== key) {
        changed = keys.slice(0, i).map((earlier): [string, unknown] => [earlier, source[earlier]])
        changed.push([cleanKey, clean])
      }
    }
    return changed ? Object.fromEntries(distinct(changed)) : source
  }

  const member = (owner: Fields, key: string, value: unknown, depth: number, outer?: SecretName): unknown => {
    const name = fieldName(owner, key, outer)
    const secret = secretText(value, name)
    if (name && secret !== undefined) return handle.secret(name.kind, secret)
    if (Array.isArray(value) && depth < limits.depth && --nodes >= 0)
      return list(value, depth + 1, name, argumentsBefore(owner, key))
    return visit(value, depth + 1, name)
  }

  return visit(data, 0)
}

function maskItem(
  item: unknown,
  name: SecretName | undefined,
  argument: ArgumentSecret | undefined,
  handle: WalkText,
): string | undefined {
  const named = secretText(item, name)
  if (name && named !== undefined) return handle.secret(name.kind, named)
  if (!argument || typeof item !== 'string') return undefined
  // Of `-pX` and `admin:X` what stands before the secret may be read.
  return handle.text(item.slice(0, argument.from)) + handle.secret(argument.kind, item.slice(argument.from))
}

function scalar(value: unknown): unknown {
  if (typeof value === 'bigint') return value.toString()
  return typeof value === 'function' || typeof value === 'symbol' ? undefined : value
}

/** Two keys may read the same once sanitised; neither may swallow the other. */
function distinct(entries: [string, unknown][]): [string, unknown][] {
  const seen = new Set<string>()
  return entries.map(([key, value]) => {
    let name = key
    for (let n = 2; seen.has(name); n++) name = `${key} (${n})`
    seen.add(name)
    return [name, value]
  })
}
