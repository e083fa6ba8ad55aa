import { GatehouseError } from '@gatehouse/errors'
import type { Cluster, KubeObject } from '../client/cluster.ts'
import { pathOf } from '../client/paths.ts'
import type { Projection } from '../projection/projection.ts'
import type { Values } from '../projection/value.ts'
import { namespaceNames, readAllNamespaces, readUnplaced } from '../table/all-namespaces.ts'
import { type Fields, fieldsOf } from '../table/rows.ts'
import {
  type Column,
  MOST_OBJECTS,
  type Row,
  readTable,
  type Selection,
  selectionQuery,
  TABLE,
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

// About a megabyte of pods: parsed and masked in some ten milliseconds, so that health checks do not wait.
const PAGE = '100'

/** All rows of a list that match, from the Table alone where it answers, else from pages with masked objects. */
export async function readRows(
  cluster: Cluster,
  scope: Scope,
  projection: Projection,
  selection: Selection,
): Promise<Rows> {
  if (!projection.needsObjects(scope.resource)) {
    const table = await readPrinted(cluster, scope, projection, selection)
    if (!projection.needsObjectsBeside(table.columns)) {
      projection.bind(table.columns, scope.resource.namespaced)
      const { rows, remaining, ...rest } = table
      return { ...rest, seen: rows.length, more: remaining > 0, kept: keep(cluster, projection, table) }
    }
  }
  const all = { columns: [], kept: [], seen: 0, more: false, resourceVersion: '', forbidden: [] }
  const read = (rows: Rows, namespace?: string) =>
    readObjects(cluster, scope, projection, selection, rows, namespace)
  if (!scope.everywhere) return read(all, scope.namespace)
  try {
    return await read(all)
  } catch (error) {
    const names = isForbidden(error) ? await namespaceNames(cluster, selection) : undefined
    if (!names) throw error
    return readEachNamespace(names, all, read)
  }
}

async function readPrinted(cluster: Cluster, scope: Scope, projection: Projection, selection: Selection) {
  const { resource, namespace, everywhere } = scope
  if (!everywhere) return { ...(await readTable(cluster, resource, namespace, selection)), forbidden: [] }
  const read = projection.needsNamespace ? readAllNamespaces : readUnplaced
  return read(cluster, resource, selection)
}

async function readObjects(
  cluster: Cluster,
  { resource }: Scope,
  projection: Projection,
  selection: Selection,
  rows: Rows,
  namespace: string | undefined,
): Promise<Rows> {
  const options = {
    accept: TABLE,
    signal: selection.signal,
    query: { includeObject: 'Object', limit: PAGE, ...selectionQuery(selection) },
  }
  await cluster.eachPage<WireTable>(pathOf(resource, namespace), options, (page) => {
    const table = tableOf(page, namespace)
    if (rows.columns.length === 0) {
      projection.bind(table.columns, resource.namespaced)
      rows.columns = table.columns
    }
    rows.resourceVersion = table.resourceVersion
    rows.seen += table.rows.length
    const objects = page.items ?? page.rows?.map((row) => row.object)
    for (const kept of keep(cluster, projection, table, objects)) rows.kept.push(kept)
    rows.more = rows.seen >= MOST_OBJECTS && table.remaining > 0
    return !rows.more
  })
  return rows
}

// Where this identity may not list all namespaces at once.
async function readEachNamespace(
  names: readonly string[],
  rows: Rows,
  read: (rows: Rows, namespace: string) => Promise<Rows>,
): Promise<Rows> {
  for (const name of names) {
    if (rows.more) break
    try {
      await read(rows, name)
    } catch (error) {
      if (!isForbidden(error)) throw error
      rows.forbidden.push(name)
    }
  }
  if (rows.columns.length > 0) return rows
  throw new GatehouseError('FORBIDDEN', 'This identity may not list this kind in any namespace')
}

// Objects are looked at here and dropped; only the asked values stay.
function keep(
  cluster: Cluster,
  projection: Projection,
  table: { columns: Column[]; rows: Row[] },
  objects?: (KubeObject | undefined)[],
): Kept[] {
  const kept: Kept[] = []
  const clean = <T>(value: T): T => cluster.sanitizer.value(value)
  table.rows.forEach((row, index) => {
    const printed = fieldsOf(table.columns, row)
    const values = projection.values({ printed, object: objects?.[index], clean })
    if (values) kept.push({ printed, values })
  })
  return kept
}

function isForbidden(error: unknown): boolean {
  return error instanceof GatehouseError && error.code === 'FORBIDDEN'
}
