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
  signal?: AbortSignal | undefined
}

const TABLE = 'application/json;as=Table;v=v1;g=meta.k8s.io,application/json'
export const MOST_OBJECTS = 20_000

interface WireTable {
  kind?: string
  metadata?: { resourceVersion?: string; remainingItemCount?: number; continue?: string }
  columnDefinitions?: { name: string; type: string; priority: number }[]
  rows?: { cells: Cell[]; object?: KubeObject }[]
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
    query: {
      includeObject,
      labelSelector: selection.labelSelector || undefined,
      fieldSelector: selection.fieldSelector || undefined,
      limit: String(MOST_OBJECTS),
    },
  })
  const columns = (wire.columnDefinitions ?? []).map((column) => ({ ...column, key: columnKey(column.name) }))
  const rows = (wire.rows ?? []).map((row) => {
    const own = row.object?.metadata.namespace ?? namespace
    return { cells: row.cells, ...(own !== undefined && { namespace: own }) }
  })
  return {
    columns,
    rows,
    resourceVersion: wire.metadata?.resourceVersion ?? '',
    remaining: wire.metadata?.remainingItemCount ?? 0,
  }
}

/** `Nominated Node` → `nominatedNode`, `CLUSTER-IP` → `clusterIp`, `Up-to-date` → `upToDate`. */
export function columnKey(name: string): string {
  const words = name.split(/[^A-Za-z0-9]+/).filter(Boolean)
  return words
    .map((word, index) => {
      const lower = word === word.toUpperCase() ? word.toLowerCase() : word[0]?.toLowerCase() + word.slice(1)
      return index === 0 ? lower : (lower[0]?.toUpperCase() ?? '') + lower.slice(1)
    })
    .join('')
}
