import { didYouMean, GatehouseError, nearest } from '@gatehouse/errors'
import type { Cluster } from '../client/cluster.ts'
import type { Resource } from '../discovery/discovery.ts'
import { checkNamespaceExists } from '../reads/list.ts'
import { readTable } from '../table/table.ts'

/** The error for an object that is not there, with the nearest names of its namespace. Throws for a namespace that is not there. */
export async function notFound(
  cluster: Cluster,
  resource: Resource,
  namespace: string,
  name: string,
  signal: AbortSignal | undefined,
): Promise<GatehouseError> {
  const names = await namesIn(cluster, resource, namespace, signal)
  const near = nearest(name, names)
  const what = `There is no ${resource.kind} "${name}" in namespace ${namespace}`
  return new GatehouseError('NOT_FOUND', `${what}${didYouMean(near)}`, { data: { nearest: near } })
}

async function namesIn(
  cluster: Cluster,
  resource: Resource,
  namespace: string,
  signal: AbortSignal | undefined,
): Promise<string[]> {
  try {
    const table = await readTable(cluster, resource, namespace, { signal })
    if (table.rows.length === 0) await checkNamespaceExists(cluster, namespace, { signal })
    return table.rows.map((row) => String(row.cells[0]))
  } catch (error) {
    // Who may not list still gets a clear "not found".
    if (error instanceof GatehouseError && error.code === 'FORBIDDEN') return []
    throw error
  }
}
