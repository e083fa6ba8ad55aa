import { GatehouseError } from '@gatehouse/errors'
import type { Cluster, KubeObject } from '@gatehouse/kubernetes'

/**
 * Which cluster a connection really leads to: the uid of its kube-system namespace and what its certificate was
 * checked against. Asked anew each time, for the kubeconfig may have changed.
 * @throws GatehouseError FORBIDDEN where this identity may not read that namespace
 */
export async function clusterIdOf(cluster: Cluster, signal: AbortSignal | undefined): Promise<string> {
  const [authority, uid] = await Promise.all([cluster.authority(), systemUid(cluster, signal)])
  return `${uid}/${authority}`
}

async function systemUid(cluster: Cluster, signal: AbortSignal | undefined): Promise<string> {
  try {
    const path = '/api/v1/namespaces/kube-system'
    const { metadata } = await cluster.send<KubeObject>({ path, signal })
    if (metadata.uid) return metadata.uid
    throw new GatehouseError('CLUSTER_REFUSED', 'The cluster does not say which one it is')
  } catch (error) {
    if (!(error instanceof GatehouseError) || error.code !== 'FORBIDDEN') throw error
    throw new GatehouseError(
      'FORBIDDEN',
      `The cluster of context "${cluster.context}" cannot be identified`,
      {
        cause: error,
        hint: 'Allow this identity to get the namespace kube-system: its uid tells one cluster from another',
      },
    )
  }
}
