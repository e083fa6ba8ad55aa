import { asGatehouseError, GatehouseError } from '@gatehouse/errors'
import { type Cluster, publishedSchemas, schemasAt } from '@gatehouse/kubernetes'
import type { ReferenceSource } from './source.ts'
import { unknownGroupVersion } from './source-errors.ts'

const INDEX_MS = 2_000
const DOCUMENT_MS = 3_000

export type ClusterSource = ReferenceSource & { revision: string }

/** What the connected cluster publishes, its custom resources included. `revision` changes when any of it does. */
export async function clusterSource(cluster: Cluster): Promise<ClusterSource> {
  const index = (given?: AbortSignal) =>
    inTime(INDEX_MS, given, async (signal) => {
      const addresses = await publishedSchemas(cluster, signal)
      if (addresses.size > 0) return addresses
      throw new GatehouseError('CLUSTER_REFUSED', 'It publishes no documentation')
    })
  const versionOf = (signal: AbortSignal) => cluster.json<{ gitVersion?: unknown }>('/version', { signal })
  const [addresses, { gitVersion }] = await Promise.all([index(), inTime(INDEX_MS, undefined, versionOf)])
  const version = typeof gitVersion === 'string' ? gitVersion.replace(/^v/, '').slice(0, 60) : 'unknown'
  return {
    origin: 'cluster',
    version,
    revision: [...addresses.values()].join(' '),
    groupVersions: async () => [...addresses.keys()],
    async schemas(groupVersion, given) {
      const read = (address: string) =>
        inTime(DOCUMENT_MS, given, (signal) => schemasAt(cluster, address, signal))
      const address = addresses.get(groupVersion)
      if (!address) throw unknownGroupVersion(groupVersion, [...addresses.keys()], version)
      try {
        return await read(address)
      } catch (thrown) {
        if (!isGone(thrown)) throw thrown
        // It has changed since the list was read: its address is another one, or none.
        const fresh = await index(given)
        const now = fresh.get(groupVersion)
        if (!now) throw unknownGroupVersion(groupVersion, [...fresh.keys()], version)
        if (now === address)
          throw new GatehouseError('CLUSTER_REFUSED', `${groupVersion} is not where its list says`)
        return read(now)
      }
    },
  }
}

// The API server redirects from the address of an old document, and knows none of what was deleted.
function isGone(thrown: unknown): boolean {
  const { code, cause } = asGatehouseError(thrown)
  const { status = 0 } = (cause ?? {}) as { status?: number }
  return code === 'NOT_FOUND' || (status >= 300 && status < 400)
}

async function inTime<T>(
  ms: number,
  given: AbortSignal | undefined,
  work: (signal: AbortSignal) => Promise<T>,
): Promise<T> {
  const limit = AbortSignal.timeout(ms)
  try {
    return await work(given ? AbortSignal.any([given, limit]) : limit)
  } catch (thrown) {
    if (!limit.aborted || given?.aborted) throw thrown
    throw new GatehouseError('TIMEOUT', `the cluster did not answer within ${ms / 1_000} s`, {
      cause: thrown,
    })
  }
}
