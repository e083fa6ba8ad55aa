import { GatehouseError } from '@gatehouse/errors'
import { quantityOf, secondsOf } from './magnitude.ts'
import { isBlank, type Value } from './value.ts'

const LONGEST_COMPARED = 256

export interface SortKey {
  name: string
  descending: boolean
}

/** Parses `-restarts,name`. */
export function parseSort(text: string): SortKey[] {
  // A comma inside brackets belongs to a key of labels.
  const keys = text.split(/,(?![^[]*\])/).map((part) => {
    const word = part.trim()
    return { name: word.replace(/^[-+]\s*/, ''), descending: word.startsWith('-') }
  })
  if (keys.some((key) => key.name === '')) {
    throw new GatehouseError('INVALID_INPUT', 'sort: a column is missing', {
      hint: 'Write for example -restarts,name',
    })
  }
  return keys
}

/** Compares by several keys; equal rows keep their order. Blank values come last in either direction. */
export function comparator<Row>(
  keys: readonly SortKey[],
  read: (row: Row, name: string) => Value | undefined,
  times: ReadonlySet<string>,
): (a: Row, b: Row) => number {
  return (a, b) => {
    for (const { name, descending } of keys) {
      const [left, right] = [read(a, name), read(b, name)]
      if (isBlank(left) || isBlank(right)) {
        if (isBlank(left) !== isBlank(right)) return isBlank(left) ? 1 : -1
        continue
      }
      const order = compare(left, right, times.has(name))
      if (order !== 0) return descending ? -order : order
    }
    return 0
  }
}

/** Numbers, times and quantities by size, anything else as text in which numbers count as numbers. */
export function compare(a: Value | undefined, b: Value | undefined, time: boolean): number {
  const [left, right] = [magnitude(a, time), magnitude(b, time)]
  if (left !== undefined && right !== undefined) return left - right
  // Numbers before words, so that the order stays total in a mixed column.
  if (left !== undefined || right !== undefined) return left !== undefined ? -1 : 1
  return natural(String(a), String(b))
}

function magnitude(value: Value | undefined, time: boolean): number | undefined {
  if (typeof value === 'number') return value
  if (typeof value !== 'string' || value.length > LONGEST_COMPARED) return undefined
  return time ? secondsOf(value) : quantityOf(value)
}

// `web-2` before `web-10`. Not Intl: its order depends on the ICU of the Node that runs it.
function natural(a: string, b: string): number {
  const left = partsOf(a)
  const right = partsOf(b)
  for (let index = 0; index < Math.min(left.length, right.length); index++) {
    const [x = '', y = ''] = [left[index], right[index]]
    const numbers = /^\d/.test(x) && /^\d/.test(y) ? Number(x) - Number(y) : 0
    if (numbers !== 0) return numbers
    if (x !== y) return x < y ? -1 : 1
  }
  return left.length - right.length
}

// Text is compared by its beginning: a row may hold a megabyte, and each is compared many times.
function partsOf(text: string): string[] {
  return text.slice(0, LONGEST_COMPARED).match(/\d+|\D+/g) ?? []
}
