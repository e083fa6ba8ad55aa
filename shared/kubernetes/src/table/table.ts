import type { Cluster, KubeObject } from '../client/cluster.ts'
import { pathOf } from '../client/paths.ts'
import type { Resource } from '../discovery/discovery.ts'

export type Cell = string | number | boolean | null

/** A column as the API server prints it; `key` is its name in camelCase. */
export interface Column {
  name: string
  key: string
  type: string
  /** 0 is shown by kubectl always, more only with -o wide. */
  priority: number
}

export interface Row {
  /** Known where the list was of one namespace or asked for metadata. */
  namespace?: string
  cells: Cell[]
}

export interface Table {
  columns: Column[]
  rows: Row[]
  resourceVersion: string
  /** Objects the server did not send because of the limit. */
  remaining: number
}

export interface Selection {
  labelSelector?: string | undefined
  fieldSelector?: string | undefined
  /** The list as it was at this version; CURSOR_EXPIRED where the cluster no longer knows it. */
  resourceVersion?: string | undefined
  signal?: AbortSignal | undefined
}

export const TABLE = 'application/json;as=Table;v=v1;g=meta.k8s.io,application/json'
export const MOST_OBJECTS = 20_000

/** A Table as it comes, or the plain list of an API that knows none. */
export interface WireTable {
  metadata?: { resourceVersion?: string; remainingItemCount?: number; continue?: string }
  columnDefinitions?: { name: string; type: string; priority: number }[]
  rows?: { cells: Cell[]; object?: KubeObject }[]
  items?: KubeObject[] | undefined
}

/**
 * One list as the API server prints it, without the objects: 20 to 40 times fewer bytes, any kind, and no
 * field that could carry a secret. `includeObject=Metadata` adds namespaces at a price.
 */
export async function readTable(
  cluster: Cluster,
  resource: Resource,
  namespace: string | undefined,
  selection: Selection,
  includeObject: 'None' | 'Metadata' = 'None',
): Promise<Table> {
  const wire = await cluster.json<WireTable>(pathOf(resource, namespace), {
    accept: TABLE,
    signal: selection.signal,
    query: { includeObject, limit: String(MOST_OBJECTS), ...selectionQuery(selection) },
  })
  return tableOf(wire, namespace)
}

/** The query parameters of a selection. */
export function selectionQuery(selection: Selection): Record<string, string | undefined> {
  return {
    labelSelector: selection.labelSelector || undefined,
    fieldSelector: selection.fieldSelector || undefined,
    ...(selection.resourceVersion && {
      resourceVersion: selection.resourceVersion,
      resourceVersionMatch: 'Exact',
    }),
  }
}

/** The rows of an answer; `namespace` where the list was of one. */
export function tableOf(wire: WireTable, namespace: string | undefined): Table {
  const { metadata, columnDefinitions, rows, items } = wire
  const printed = items ? [NAME, CREATED] : (columnDefinitions ?? [])
  const columns = printed.map((column) => ({ ...column, key: columnKey(column.name) }))
  const cells = items?.map((object) => ({
    cells: [object.metadata.name, object.metadata.creationTimestamp ?? ''],
    object,
  }))
  return {
    columns,
    rows: (cells ?? rows ?? []).map((row) => {
      const own = row.object?.metadata.namespace ?? namespace
      return { cells: row.cells, ...(own !== undefined && { namespace: own }) }
    }),
    resourceVersion: metadata?.resourceVersion ?? '',
    // With a selector the server tells only that there is more, not how much.
    remaining: metadata?.remainingItemCount ?? (metadata?.continue ? 1 : 0),
  }
}

const NAME = { name: 'Name', type: 'string', priority: 0 }
const CREATED = { name: 'Created At', type: 'string', priority: 0 }

/** `Nominated Node` → `nominatedNode`, `CLUSTER-IP` → `clusterIp`, `Up-to-date` → `upToDate`, `Port(s)` → `ports`. */
export function columnKey(name: string): string {
  const words = name
    .replace('(s)', 's')
    .split(/[^A-Za-z0-9]+/)
    .filter(Boolean)
  return words
    .map((word, index) => {
      const lower = word === word.toUpperCase() ? word.toLowerCase() : word[0]?.toLowerCase() + word.slice(1)
      return index === 0 ? lower : (lower[0]?.toUpperCase() ?? '') + lower.slice(1)
    })
    .join('')
}
