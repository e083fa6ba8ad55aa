import { GatehouseError } from '@gatehouse/errors'
import type { Cluster, KubeObject } from '../client/cluster.ts'
import { pathOf } from '../client/paths.ts'
import { TimeSlice } from '../client/time-slice.ts'
import type { Projection } from '../projection/projection.ts'
import type { Values } from '../projection/value.ts'
import { namespaceNames, readAllNamespaces, readUnplaced } from '../table/all-namespaces.ts'
import { isBuiltIn } from '../table/built-in.ts'
import { type Fields, fieldsOf } from '../table/rows.ts'
import {
  type Cell,
  type Column,
  MOST_OBJECTS,
  readTable,
  type Selection,
  selectionQuery,
  TABLE,
  type Table,
  tableOf,
  type WireTable,
} from '../table/table.ts'
import type { Scope } from './list-scope.ts'

/** A row that matches: what is printed of it and what was asked for. */
export interface Kept {
  printed: Fields
  values: Values
}

export interface Rows {
  kept: Kept[]
  /** Rows looked at, matching or not. */
  seen: number
  columns: Column[]
  resourceVersion: string
  /** There are objects beyond MOST_OBJECTS. */
  more: boolean
  forbidden: string[]
}

/** A column that another read adds to what the API server prints. */
export interface Extra {
  column: Column
  cell(printed: Fields): Cell
}

/** One list that is being read. */
export interface Reading {
  cluster: Cluster
  scope: Scope
  projection: Projection
  selection: Selection
  extra?: Promise<Extra | undefined> | undefined
}

// The first page of objects; the size of one page decides about the next. These may hold a megabyte each.
const PAGE = '50'
const LARGE_PAGE = '10'
const LARGE = new Set(['ConfigMap', 'Secret'])

/** All rows of a list that match, from the Table alone where it answers, else from pages with masked objects. */
export async function readRows(reading: Reading): Promise<Rows> {
  const { cluster, scope, projection, selection } = reading
  const all = { columns: [], kept: [], seen: 0, more: false, resourceVersion: '', forbidden: [] }
  const builtIn = isBuiltIn(scope.resource.apiVersion)
  // Columns of other kinds may print what is masked in their objects, so that both are needed.
  if (builtIn && !projection.needsObjects(scope.resource)) {
    const [table, extra] = await Promise.all([readPrinted(reading), reading.extra])
    if (!projection.needsObjectsBeside(withExtra(table.columns, extra))) {
      const { resourceVersion, forbidden } = table
      const rows = await take(reading, extra, all, table)
      return { ...rows, resourceVersion, forbidden, more: table.remaining > 0 }
    }
  }
  if (!scope.everywhere) return readObjects(reading, all, scope.namespace)
  try {
    return await readObjects(reading, all)
  } catch (error) {
    const names = isForbidden(error) ? await namespaceNames(cluster, selection) : undefined
    if (!names) throw error
    return readEachNamespace(reading, all, names)
  }
}

async function readPrinted({ cluster, scope, projection, selection, extra }: Reading) {
  const { resource, namespace, everywhere } = scope
  if (!everywhere) return { ...(await readTable(cluster, resource, namespace, selection)), forbidden: [] }
  const read = projection.needsNamespace || extra !== undefined ? readAllNamespaces : readUnplaced
  return read(cluster, resource, selection)
}

async function readObjects(reading: Reading, rows: Rows, namespace?: string): Promise<Rows> {
  const { cluster, scope, selection } = reading
  const extra = await reading.extra
  const large = LARGE.has(scope.resource.kind) || !isBuiltIn(scope.resource.apiVersion)
  const options = {
    accept: TABLE,
    signal: selection.signal,
    query: { includeObject: 'Object', limit: large ? LARGE_PAGE : PAGE, ...selectionQuery(selection) },
  }
  await cluster.eachPage<WireTable>(pathOf(scope.resource, namespace), options, async (page) => {
    const table = tableOf(page, namespace)
    await take(reading, extra, rows, table, page.items ?? page.rows?.map((row) => row.object))
    rows.resourceVersion = table.resourceVersion
    rows.more = rows.seen >= MOST_OBJECTS && table.remaining > 0
    return !rows.more
  })
  return rows
}

// Where this identity may not list all namespaces at once.
async function readEachNamespace(reading: Reading, rows: Rows, names: readonly string[]): Promise<Rows> {
  for (const name of names) {
    if (rows.more) break
    try {
      await readObjects(reading, rows, name)
    } catch (error) {
      if (!isForbidden(error)) throw error
      rows.forbidden.push(name)
    }
  }
  if (rows.columns.length > 0) return rows
  throw new GatehouseError('FORBIDDEN', 'This identity may not list this kind in any namespace')
}

// Objects are looked at here and dropped; only the asked values stay.
async function take(
  { cluster, scope, projection, selection }: Reading,
  extra: Extra | undefined,
  rows: Rows,
  table: Pick<Table, 'columns' | 'rows'>,
  objects?: (KubeObject | undefined)[],
): Promise<Rows> {
  if (rows.columns.length === 0) {
    rows.columns = withExtra(table.columns, extra)
    projection.bind(rows.columns, scope.resource.namespaced)
  }
  const clean = <T>(value: T): T => cluster.sanitizer.value(value)
  await new TimeSlice(selection.signal).map(table.rows, (row, index) => {
    const printed = fieldsOf(table.columns, row)
    if (extra) printed[extra.column.key] = extra.cell(printed)
    const values = projection.values({ printed, object: objects?.[index], clean })
    if (values) rows.kept.push({ printed, values })
  })
  rows.seen += table.rows.length
  return rows
}

// Before Age, which kubectl prints last.
function withExtra(columns: Column[], extra: Extra | undefined): Column[] {
  const age = columns.findIndex((column) => column.key === 'age')
  return extra ? columns.toSpliced(age === -1 ? columns.length : age, 0, extra.column) : columns
}

function isForbidden(error: unknown): boolean {
  return error instanceof GatehouseError && error.code === 'FORBIDDEN'
}
