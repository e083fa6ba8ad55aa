import type { Cluster, Target } from '../client/cluster.ts'
import { LONGEST_TEXT } from '../projection/effort.ts'
import { groupRows } from '../projection/group.ts'
import { Projection, type Question } from '../projection/projection.ts'
import { comparator } from '../projection/sort.ts'
import type { Values } from '../projection/value.ts'
import { isHealthy } from '../table/health.ts'
import { type Overview, overviewOf } from '../table/overview.ts'
import { type Kept, type Rows, readRows } from './list-rows.ts'
import { checkNamespaceExists, type Scope, scopeOf, shownNamespace, type Whereabouts } from './list-scope.ts'

export interface ListQuery extends Whereabouts, Question {
  kind: string
  apiVersion?: string | undefined
  /** Columns to show where the question names none; omitted: what kubectl shows. */
  usually?: readonly string[] | undefined
}

export interface Listing {
  target: Target
  total: number | { atLeast: number }
  /** Objects that stand behind the groups, where the items are groups. */
  grouped?: number | undefined
  overview?: Overview | undefined
  /** In the order asked for; without one unhealthy rows first, then the order of the API. */
  items: Values[]
  /** What each item is, whatever changes in it: a page that follows must begin after the same ones. */
  keys?: string[] | undefined
  resourceVersion: string
  /** Namespaces this identity may not read, of a list over all of them. */
  forbidden: string[]
  columns: string[]
  /** What the reader should know about the list itself. */
  notes?: string[] | undefined
}

/**
 * A list of one kind: exact total, overview, unhealthy rows first; or what a projection makes of it. One request
 * where printed columns answer, unless all namespaces are asked for; otherwise pages of objects, masked before
 * anything looks at them.
 */
export async function list(cluster: Cluster, query: ListQuery): Promise<Listing> {
  const projection = await Projection.of(query)
  const scope = await scopeOf(cluster, query.kind, query)
  const rows = await readRows({ cluster, scope, projection, selection: query })
  return listingOf(cluster, scope, projection, rows, query)
}

/** What the rows of a list amount to: ordered, grouped and counted. */
export async function listingOf(
  cluster: Cluster,
  scope: Scope,
  projection: Projection,
  rows: Rows,
  query: Pick<ListQuery, 'columns' | 'usually' | 'top' | 'signal'>,
): Promise<Listing> {
  if (rows.seen === 0 && scope.namespace !== undefined)
    await checkNamespaceExists(cluster, scope.namespace, query)
  projection.checkFields(rows.seen)
  const grouped = projection.groupBy.length > 0
  const result = grouped ? await groupsOf(rows, projection) : rowsOf(rows, projection, scope, query.usually)
  const most = query.top ?? result.items.length
  const printed = rows.kept.map((row) => row.printed)
  return {
    target: cluster.target(shownNamespace(scope)),
    total: rows.more ? { atLeast: result.items.length } : result.items.length,
    ...(grouped ? { grouped: printed.length } : { overview: overviewOf(printed, scope.everywhere) }),
    items: result.items.slice(0, most),
    keys: result.keys.slice(0, most),
    resourceVersion: rows.resourceVersion,
    forbidden: rows.forbidden,
    columns: result.columns,
    notes: notesOf(rows, projection, query),
  }
}

interface Result {
  items: Values[]
  keys: string[]
  columns: string[]
}

async function groupsOf(rows: Rows, projection: Projection): Promise<Result> {
  const { groupBy, sort, times } = projection
  const values = rows.kept.map((row) => row.values)
  const items = await groupRows(values, groupBy, sort, times)
  return {
    items,
    keys: items.map((group) => JSON.stringify(groupBy.map((name) => group[name]))),
    columns: [...groupBy, 'count'],
  }
}

function rowsOf(
  rows: Rows,
  projection: Projection,
  { everywhere }: Scope,
  usually: readonly string[] | undefined,
): Result {
  const { sort, times } = projection
  const byValue = comparator(sort, (row: Kept, name) => row.values[name], times)
  const order = (kept: Kept[]) => (rows.more ? kept : unhealthyFirst(kept))
  const kept = sort.length > 0 ? rows.kept.toSorted(byValue) : order(rows.kept)
  const asked = projection.columns.length > 0 ? projection.columns : usually
  const names = namesOf(rows, asked, everywhere)
  return {
    items: kept.map((row) =>
      Object.fromEntries(names.map((name) => [name, row.values[name] ?? row.printed[name] ?? null])),
    ),
    keys: kept.map(({ printed }) => `${printed.namespace ?? ''}/${printed.name ?? ''}`),
    columns: names,
  }
}

// What was asked for, or what kubectl shows without -o wide. A name alone says too little over all namespaces.
function namesOf(rows: Rows, asked: readonly string[] | undefined, everywhere: boolean): string[] {
  const shown = rows.columns.filter((column) => column.priority === 0).map((column) => column.key)
  const names = asked ? [...asked] : shown
  if (!everywhere || names.includes('namespace') || (asked && !asked.includes('name'))) return names
  return ['namespace', ...names]
}

function unhealthyFirst(rows: Kept[]): Kept[] {
  const sick = rows.filter((row) => !isHealthy(row.printed))
  return sick.length === 0 ? rows : [...sick, ...rows.filter((row) => isHealthy(row.printed))]
}

function notesOf(rows: Rows, { where, groupBy }: Projection, query: Pick<ListQuery, 'columns'>): string[] {
  const notes: string[] = []
  if (where) notes.push(`where matches ${rows.kept.length} of ${rows.seen}`)
  if (where && where.failed > 0) {
    notes.push(
      `where could not be evaluated for ${where.failed} of them, which do not match: ${where.reason}`,
    )
  }
  if (where?.cut.happened) notes.push(`where sees only the first ${LONGEST_TEXT} characters of a text`)
  if (groupBy.length > 0 && query.columns) notes.push('columns are not used with groupBy')
  return notes
}

export { checkNamespaceExists }
