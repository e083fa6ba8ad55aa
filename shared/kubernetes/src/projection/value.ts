import type { KubeObject } from '../client/cluster.ts'
import type { Fields } from '../table/rows.ts'
import type { Cell } from '../table/table.ts'

/** A projected value: a cell, or several where a path meets a list. */
export type Value = Cell | string[]

/** A projected row by the names that were asked for. */
export type Values = Record<string, Value>

/** What a projection looks at: the printed cells and, only where a name needs it, the masked object. */
export interface Source {
  printed: Fields
  object?: KubeObject | undefined
  /**
   * Removes what only a look at the text shows, such as a password in a URL. A condition, a group or an order over
   * it would tell the secret bit by bit, whatever the reply shows.
   */
  clean: <T>(value: T) => T
}

const MOST_VALUES = 50
const LONGEST_JSON = 300

/** Makes a projected value of anything found in an object. Structures become short JSON. */
export function toValue(found: readonly unknown[], several: boolean): Value {
  if (!several) return cellOf(found[0])
  return found.slice(0, MOST_VALUES).map((one) => String(cellOf(one) ?? ''))
}

/** Missing and empty values; they sort last. */
export function isBlank(value: Value | undefined): boolean {
  return value === undefined || value === null || value === '' || (Array.isArray(value) && value.length === 0)
}

function cellOf(value: unknown): Cell {
  if (value === undefined || value === null) return null
  if (typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean') return value
  const json = JSON.stringify(value)
  return json.length > LONGEST_JSON ? `${json.slice(0, LONGEST_JSON)}…` : json
}
