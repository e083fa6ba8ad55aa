import type { Cluster, Target } from '../client/cluster.ts'
import { pathOf } from '../client/paths.ts'
import { cutText } from '../cut-text.ts'
import type { Resource } from '../discovery/discovery.ts'
import { isBuiltIn } from '../table/built-in.ts'
import { type Fields, fieldsOf } from '../table/rows.ts'
import { type Cell, type Column, TABLE, tableOf, type WireTable } from '../table/table.ts'

export interface PageQuery {
  namespace: string
  limit: number
  /** The API server's own cursor, as the page before gave it. */
  continue?: string | undefined
  signal?: AbortSignal | undefined
}

export interface ListPage {
  target: Target
  /** In the order of the API: by name. */
  rows: Fields[]
  /** Objects behind this page; of a list with a cursor the API server may not know. */
  remaining: number
  continue?: string
  /** Columns that only say how long ago something was. */
  relative: string[]
}

// Whoever defines a kind may print a field of any length.
const LONGEST_CELL = 500
// What the API server prints of built-in kinds as a distance from now, besides Age.
const RELATIVE = new Set(['lastSchedule', 'duration', 'lastSeen', 'firstSeen'])

/**
 * One page of one kind in one namespace, as the API server prints it, in exactly one request. Nothing depends on the
 * time of asking: Age becomes the stored time of creation, other relative columns are left out and named.
 */
export async function listPage(cluster: Cluster, resource: Resource, query: PageQuery): Promise<ListPage> {
  const { namespace, limit, signal } = query
  // Columns of other kinds may print what is masked in their objects, so these are needed whole.
  const includeObject = isBuiltIn(resource.apiVersion) ? 'Metadata' : 'Object'
  const options = {
    accept: TABLE,
    signal,
    query: { includeObject, limit: String(limit), continue: query.continue },
  }
  let page: WireTable | undefined
  await cluster.eachPage<WireTable>(pathOf(resource, namespace), options, async (first) => {
    page = first
    return false
  })
  const { columns, rows, remaining } = tableOf(page ?? {}, undefined)
  const objects = page?.items ?? page?.rows?.map((row) => row.object)
  const relative = columns.filter((column) => isRelative(column, resource)).map((column) => column.key)
  const kept = columns.filter(
    (column) => column.priority === 0 && column.key !== 'age' && !relative.includes(column.key),
  )
  return {
    target: cluster.target(namespace),
    rows: rows.map((row, index) => {
      const fields = fieldsOf(columns, row)
      const shown = kept.map((column): [string, Cell] => [
        column.key,
        bounded(fields[column.key] ?? null, cluster),
      ])
      return { ...Object.fromEntries(shown), created: objects?.[index]?.metadata.creationTimestamp ?? null }
    }),
    remaining,
    ...(page?.metadata?.continue && { continue: page.metadata.continue }),
    relative,
  }
}

// Sanitised before the cut: half a secret may no longer look like one.
function bounded(cell: Cell, { sanitizer }: Cluster): Cell {
  if (typeof cell !== 'string' || cell.length <= LONGEST_CELL) return cell
  return cutText(sanitizer.text(cell), LONGEST_CELL)
}

// Custom resources say so by the column's type; what is built in prints everything as text.
function isRelative(column: Column, resource: Resource): boolean {
  if (column.key === 'age') return false
  if (column.type === 'date') return true
  return isBuiltIn(resource.apiVersion) && RELATIVE.has(column.key)
}
