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
const LONGEST_TEXT = 4_096

/**
 * Makes a projected value of anything found in an object. Structures become short JSON, long text is cut; cleaned
 * before that, because a password whose URL is cut behind it looks like any other word.
 */
export function toValue(found: readonly unknown[], several: boolean, clean: Source['clean']): Value {
  if (!several) return cellOf(clean(found[0] ?? null))
  return found.slice(0, MOST_VALUES).map((one) => String(cellOf(clean(one ?? null)) ?? ''))
}

/** Missing and empty values; they sort last. */
export function isBlank(value: Value | undefined): boolean {
  return value === undefined || value === null || value === '' || (Array.isArray(value) && value.length === 0)
}

function cellOf(value: unknown): Cell {
  if (value === undefined || value === null) return null
  if (typeof value === 'string') return cut(value, LONGEST_TEXT)
  if (typeof value === 'number' || typeof value === 'boolean') return value
  return cut(JSON.stringify(value), LONGEST_JSON)
}

function cut(text: string, longest: number): string {
  return text.length > longest ? `${text.slice(0, longest)}…` : text
}
