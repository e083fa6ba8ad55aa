import type { Cell, Column, Row, Table } from './table.ts'

/** A row by column key, and `namespace` where it is known. */
export type Fields = Record<string, Cell>

/** Rows of a Table as records; without `keys` the columns kubectl shows without -o wide. */
export function toFields(table: Table, row: Row, keys?: ReadonlySet<string>): Fields {
  const shown = table.columns.filter((column) => (keys ? keys.has(column.key) : column.priority === 0))
  const fields = fieldsOf(table.columns, row)
  return Object.fromEntries(shown.map((column) => [column.key, fields[column.key] ?? null]))
}

/** The printed cells of a row by column key, those of -o wide included. */
export function fieldsOf(columns: readonly Column[], row: Row): Fields {
  const fields: Fields = {}
  columns.forEach((column, index) => {
    fields[column.key] = cellValue(row.cells[index], column)
  })
  if (row.namespace !== undefined) fields.namespace = row.namespace
  return fields
}

// `5 (3m ago)` is a number to whoever filters and sorts.
function cellValue(cell: Cell | undefined, column: Column): Cell {
  if (typeof cell !== 'string') return cell ?? null
  if (column.type === 'integer' || column.key === 'restarts') {
    const count = /^(\d+)(?: \(.*\))?$/.exec(cell)
    if (count?.[1]) return Number(count[1])
  }
  return cell === '<none>' || cell === '<unset>' ? '' : cell
}
