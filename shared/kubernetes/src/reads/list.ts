import { didYouMean, GatehouseError, nearest } from '@gatehouse/errors'
import type { Cluster, Target } from '../client/cluster.ts'
import type { Resource } from '../discovery/discovery.ts'
import { namespaceNames, readAllNamespaces } from '../table/all-namespaces.ts'
import { isHealthy } from '../table/health.ts'
import { type Overview, overviewOf } from '../table/overview.ts'
import { type Fields, toFields } from '../table/rows.ts'
import { readTable, type Selection, type Table } from '../table/table.ts'

export interface ListQuery extends Selection {
  kind: string
  apiVersion?: string | undefined
  /** Omitted: the context's namespace. */
  namespace?: string | undefined
  allNamespaces?: boolean | undefined
  /** Column keys to keep; omitted: what kubectl shows. */
  columns?: readonly string[] | undefined
}

export interface Listing {
  target: Target
  total: number | { atLeast: number }
  overview: Overview
  /** Unhealthy rows first, then in the order of the API. */
  items: Fields[]
  resourceVersion: string
  /** Namespaces this identity may not read, of a list over all of them. */
  forbidden: string[]
  columns: string[]
}

const EVERYWHERE = '*'

/** The printed list of one kind: exact total, overview, unhealthy rows first. One request, unless all namespaces are asked for. */
export async function list(cluster: Cluster, query: ListQuery): Promise<Listing> {
  const resource = await cluster.discovery.resolve(query.kind, query.apiVersion, query.signal)
  if (!resource.verbs.includes('list')) {
    throw new GatehouseError('INVALID_INPUT', `${resource.kind} cannot be listed`)
  }
  const everywhere = resource.namespaced && query.allNamespaces === true
  const namespace = resource.namespaced && !everywhere ? (query.namespace ?? cluster.namespace) : undefined
  const table = everywhere
    ? await readAllNamespaces(cluster, resource, query)
    : { ...(await readTable(cluster, resource, namespace, query)), forbidden: [] }
  if (table.rows.length === 0 && namespace !== undefined)
    await checkNamespaceExists(cluster, namespace, query)
  const keys = query.columns && new Set(query.columns)
  const rows = table.rows.map((row) => toFields(table, row, keys))
  return {
    target: cluster.target(namespace ?? (everywhere ? EVERYWHERE : '')),
    total: table.remaining > 0 ? { atLeast: table.rows.length } : table.rows.length,
    overview: overviewOf(rows, everywhere),
    items: table.remaining > 0 ? rows : unhealthyFirst(rows),
    resourceVersion: table.resourceVersion,
    forbidden: table.forbidden,
    columns: columnsOf(table, keys),
  }
}

/** The API server lists a namespace that does not exist as empty; a person wants to know. */
export async function checkNamespaceExists(
  cluster: Cluster,
  namespace: string,
  selection: Selection,
): Promise<void> {
  const names = await namespaceNames(cluster, selection.signal)
  if (names === undefined || names.includes(namespace)) return
  const near = nearest(namespace, names)
  throw new GatehouseError('NOT_FOUND', `There is no namespace "${namespace}"${didYouMean(near)}`, {
    data: { nearest: near },
  })
}

function unhealthyFirst(rows: Fields[]): Fields[] {
  const sick = rows.filter((row) => !isHealthy(row))
  return sick.length === 0 ? rows : [...sick, ...rows.filter((row) => isHealthy(row))]
}

function columnsOf(table: Table, keys: ReadonlySet<string> | undefined): string[] {
  return table.columns
    .filter((column) => (keys ? keys.has(column.key) : column.priority === 0))
    .map((one) => one.key)
}

export type { Resource }
