import { TimeSlice } from '../client/time-slice.ts'
import { comparator, type SortKey } from './sort.ts'
import type { Value, Values } from './value.ts'

const MOST_COMBINATIONS = 100

/**
 * Rows of value and count. A row with several values (images) counts once for each distinct one.
 * Most first, unless `sort` says otherwise; the values decide between equals, so the order is always the same.
 */
export async function groupRows(
  rows: readonly Values[],
  names: readonly string[],
  sort: readonly SortKey[],
  times: ReadonlySet<string>,
): Promise<Values[]> {
  const slice = new TimeSlice()
  const groups = new Map<string, Values & { count: number }>()
  for (const row of rows) {
    if (slice.isOver) await slice.next()
    for (const combination of combinations(row, names)) {
      const key = JSON.stringify(combination)
      const group = groups.get(key)
      if (group) group.count++
      else
        groups.set(key, {
          ...Object.fromEntries(names.map((name, index) => [name, combination[index] ?? null])),
          count: 1,
        })
    }
  }
  const keys = [
    ...(sort.length > 0 ? sort : [MOST_FIRST]),
    ...names.map((name) => ({ name, descending: false })),
  ]
  return [...groups.values()].sort(comparator(keys, (group: Values, name) => group[name], times))
}

const MOST_FIRST: SortKey = { name: 'count', descending: true }

function combinations(row: Values, names: readonly string[]): Value[][] {
  let all: Value[][] = [[]]
  for (const name of names) {
    const value = row[name] ?? null
    const each: Value[] = Array.isArray(value) ? (value.length > 0 ? [...new Set(value)] : [null]) : [value]
    all = all.flatMap((prefix) => each.map((one) => [...prefix, one])).slice(0, MOST_COMBINATIONS)
  }
  return all
}
