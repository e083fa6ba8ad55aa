import { withheld } from './bound.ts'
import { flagArgumentKind } from './patterns/flag-argument.ts'
import { isPlainValue } from './patterns/plain-value.ts'
import { secretName } from './patterns/secret-name.ts'

export type WalkLimits = { depth: number; nodes: number }

/** What a walk does with text, and with text that stands under a secret name. */
export type WalkText = { text(value: string): string; secret(kind: string, value: string): string }

/**
 * Sanitises every string and key of plain data. Parts that were clean are returned as they are, not copied.
 * What is not plain data, too deep or too much is withheld.
 */
export function walk(data: unknown, handle: WalkText, limits: WalkLimits): unknown {
  let nodes = limits.nodes

  const visit = (value: unknown, depth: number): unknown => {
    if (typeof value === 'string') return handle.text(value)
    if (value === null || typeof value !== 'object') return scalar(value)
    if (--nodes < 0) return withheld('too many values')
    if (depth > limits.depth) return withheld('nested too deep')
    if (Array.isArray(value)) return list(value, depth)
    const prototype = Object.getPrototypeOf(value)
    if (prototype === Object.prototype || prototype === null)
      return object(value as Record<string, unknown>, depth)
    if (value instanceof Date) return Number.isNaN(value.getTime()) ? null : value.toISOString()
    return withheld('not plain data')
  }

  const list = (items: readonly unknown[], depth: number): unknown[] => {
    let changed: unknown[] | undefined
    for (let i = 0; i < items.length; i++) {
      const item = items[i]
      const flag = i > 0 && typeof item === 'string' ? flagArgumentKind(items[i - 1], item) : undefined
      const clean = flag ? handle.secret(flag, item as string) : visit(item, depth + 1)
      if (clean !== item) {
        changed ??= items.slice()
        changed[i] = clean
      }
    }
    nodes -= items.length
    return changed ?? (items as unknown[])
  }

  const object = (source: Record<string, unknown>, depth: number): Record<string, unknown> => {
    let changed: [string, unknown][] | undefined
    const keys = Object.keys(source)
    nodes -= keys.length
    for (const [i, key] of keys.entries()) {
      const value = source[key]
      const cleanKey = handle.text(key)
      const clean = member(source, key, value, depth)
      if (changed) changed.push([cleanKey, clean])
      else if (clean !== value || cleanKey !== key) {
        changed = keys.slice(0, i).map((earlier): [string, unknown] => [earlier, source[earlier]])
        changed.push([cleanKey, clean])
      }
    }
    return changed ? Object.fromEntries(distinct(changed)) : source
  }

  const member = (owner: Record<string, unknown>, key: string, value: unknown, depth: number): unknown => {
    if (typeof value === 'string') {
      const name = key === 'value' ? pairName(owner) : secretName(key)
      if (name && !isPlainValue(value, name.strong)) return handle.secret(name.kind, value)
    } else if (Array.isArray(value) && value.some((item) => typeof item === 'string')) {
      const name = secretName(key)
      if (name)
        return value.map((item) =>
          typeof item === 'string' && !isPlainValue(item, name.strong)
            ? handle.secret(name.kind, item)
            : visit(item, depth + 2),
        )
    }
    return visit(value, depth + 1)
  }

  return visit(data, 0)
}

/** `{ name: 'DB_PASSWORD', value: … }` carries its name beside the value. */
function pairName(owner: Record<string, unknown>): ReturnType<typeof secretName> {
  const name = owner.name ?? owner.key ?? owner.Name
  return typeof name === 'string' ? secretName(name, true) : undefined
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
