import type { Cluster, Clusters } from '@gatehouse/kubernetes'
import { type ClusterSource, clusterSource } from './sources/cluster.ts'

const ASKED_AGAIN_MS = 10_000

/**
 * The documentation of the default cluster. Looked at again after ten seconds, whether it answered or not; the same
 * object while nothing has changed, so that what was read of it is kept with it.
 */
export function connectedSource(clusters: Clusters): () => Promise<ClusterSource> {
  let last: { cluster: Cluster; source: Promise<ClusterSource>; at: number } | undefined
  return async () => {
    const cluster = clusters.cluster()
    const before = last?.cluster === cluster ? last : undefined
    if (before && Date.now() - before.at < ASKED_AGAIN_MS) return before.source
    const source = clusterSource(cluster).then(async (fresh) => {
      const old = await before?.source.catch(() => undefined)
      return old?.revision === fresh.revision && old.version === fresh.version ? old : fresh
    })
    source.catch(() => {})
    last = { cluster, source, at: Date.now() }
    return source
  }
}
