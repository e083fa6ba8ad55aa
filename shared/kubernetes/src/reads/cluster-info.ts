import { GatehouseError } from '@gatehouse/errors'
import type { Cluster, Target } from '../client/cluster.ts'
import { pathOf } from '../client/paths.ts'
import { isHealthy } from '../table/health.ts'
import { toFields } from '../table/rows.ts'
import { readTable } from '../table/table.ts'

export interface ClusterInfo {
  target: Target
  server: string
  version?: string
  platform?: string
  nodes?: { total: number; notReady: string[] }
  pods?: number
  livez: string
  readyz: string
  apiGroups?: string[]
  note?: string
}

interface ListHead {
  metadata?: { remainingItemCount?: number }
  items?: unknown[]
}

const METADATA_LIST = 'application/json;as=PartialObjectMetadataList;v=v1;g=meta.k8s.io,application/json'
const MOST_NAMED = 20

/** What cluster this is and whether it is well. What the identity may not see is left out and named. */
export async function clusterInfo(cluster: Cluster, query: { signal?: AbortSignal }): Promise<ClusterInfo> {
  const { signal } = query
  const hidden: string[] = []
  const optional = async <T>(what: string, read: Promise<T>): Promise<T | undefined> => {
    try {
      return await read
    } catch (error) {
      // Without permission the rest is still worth knowing; anything else is the answer itself.
      if (!(error instanceof GatehouseError) || error.code !== 'FORBIDDEN') throw error
      hidden.push(what)
      return undefined
    }
  }
  const [version, nodes, pods, livez, readyz, resources] = await Promise.all([
    optional('version', cluster.json<{ gitVersion: string; platform: string }>('/version', { signal })),
    optional('nodes', nodeCounts(cluster, signal)),
    optional('pods', podCount(cluster, signal)),
    endpoint(cluster, '/livez', signal),
    endpoint(cluster, '/readyz', signal),
    optional('API groups', cluster.discovery.all(signal)),
  ])
  return {
    target: cluster.target(''),
    server: cluster.server,
    ...(version && { version: version.gitVersion, platform: version.platform }),
    ...(nodes && { nodes }),
    ...(pods !== undefined && { pods }),
    livez,
    readyz,
    ...(resources && { apiGroups: [...new Set(resources.map((one) => one.group || 'core'))] }),
    ...(hidden.length > 0 && { note: `not readable with this identity: ${hidden.toSorted().join(', ')}` }),
  }
}

async function nodeCounts(cluster: Cluster, signal: AbortSignal | undefined) {
  const table = await readTable(cluster, await cluster.discovery.resolve('Node'), undefined, { signal })
  const rows = table.rows.map((row) => toFields(table, row))
  const notReady = rows.filter((row) => !isHealthy(row)).map((row) => `${row.name} (${row.status})`)
  const more = notReady.length - MOST_NAMED
  const named = more > 0 ? [...notReady.slice(0, MOST_NAMED), `and ${more} more`] : notReady
  return { total: rows.length + table.remaining, notReady: named }
}

// One object and the number of those left out: the cheapest way to count.
async function podCount(cluster: Cluster, signal: AbortSignal | undefined): Promise<number> {
  const path = pathOf(await cluster.discovery.resolve('Pod'))
  const head = await cluster.json<ListHead>(path, { signal, accept: METADATA_LIST, query: { limit: '1' } })
  return (head.items?.length ?? 0) + (head.metadata?.remainingItemCount ?? 0)
}

async function endpoint(cluster: Cluster, path: string, signal: AbortSignal | undefined): Promise<string> {
  try {
    return (await cluster.text(path, { signal })).trim().slice(0, 100)
  } catch (error) {
    if (!(error instanceof GatehouseError)) throw error
    if (error.code === 'FORBIDDEN') return 'not readable with this identity'
    if (error.code === 'CLUSTER_REFUSED') return 'failing'
    throw error
  }
}
