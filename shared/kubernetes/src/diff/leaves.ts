import { listKey } from './list-key.ts'

/** A value that holds no others, as it is and as it may be shown. */
export interface Leaf {
  /** With the names of list entries, and no two ways to read it. */
  path: string
  /** The same without which entry of a list it is. */
  pattern: string
  /** JSON pointer, as JSON patches count. */
  pointer: string
  raw: unknown
  shown: unknown
}

/** A copy of `raw` with every leaf replaced; `shown` is the same value sanitised, so of the same shape or a leaf. */
export function mapLeaves(
  raw: unknown,
  shown: unknown,
  change: (leaf: Leaf) => unknown,
  path = '',
  pattern = '',
  pointer = '',
): unknown {
  if (Array.isArray(raw) && Array.isArray(shown) && raw.length === shown.length) {
    const key = listKey(raw, raw)
    return raw.map((entry, index) => {
      const name = key === undefined ? index : `${key}=${JSON.stringify(own(entry, key))}`
      return mapLeaves(entry, shown[index], change, `${path}[${name}]`, `${pattern}[]`, `${pointer}/${index}`)
    })
  }
  if (isRecord(raw) && isRecord(shown)) {
    const entries = Object.entries(raw).map(([key, member]) => {
      const step = `.${JSON.stringify(key)}`
      const at = `${pointer}/${key.replaceAll('~', '~0').replaceAll('/', '~1')}`
      return [key, mapLeaves(member, own(shown, key), change, path + step, pattern + step, at)]
    })
    return Object.fromEntries(entries)
  }
  return change({ path, pattern, pointer, raw, shown })
}

/** How many values there are, those that hold others included. */
export function countValues(value: unknown): number {
  if (value === null || typeof value !== 'object') return 1
  return Object.values(value).reduce<number>((total, member) => total + countValues(member), 1)
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return value !== null && typeof value === 'object' && !Array.isArray(value)
}

function own(value: unknown, key: string): unknown {
  return isRecord(value) && Object.hasOwn(value, key) ? value[key] : undefined
}
