import { GatehouseError } from '@gatehouse/errors'
import type { Cluster, Target } from '../client/cluster.ts'
import type { Clusters, ContextEntry } from '../connection/clusters.ts'

export interface CurrentContext {
  target: Target
  name: string
  cluster: string
  server: string
  namespace: string
  /** The user entry of the kubeconfig. */
  identity: string
  /** Who the API server says this is. */
  username?: string
  groups?: string[]
  note?: string
}

interface SelfSubjectReview {
  status?: { userInfo?: { username?: string; groups?: string[] } }
}

const REVIEW = '/apis/authentication.k8s.io/v1/selfsubjectreviews'

/** The contexts of the kubeconfig, the current one first. */
export function contexts(clusters: Clusters): ContextEntry[] {
  return clusters.contexts().toSorted((a, b) => Number(b.current) - Number(a.current))
}

/** Where calls without a context go and as whom; the cluster need not answer. */
export async function currentContext(
  clusters: Clusters,
  query: { context?: string | undefined; signal?: AbortSignal },
): Promise<CurrentContext> {
  const cluster = clusters.cluster(query.context)
  const entry = clusters.contexts().find((one) => one.name === cluster.context)
  const known = {
    target: cluster.target(),
    name: cluster.context,
    cluster: entry?.cluster ?? '',
    server: cluster.server,
    namespace: cluster.namespace,
    identity: cluster.identity,
  }
  try {
    return { ...known, ...(await review(cluster, query.signal)) }
  } catch (error) {
    if (!(error instanceof GatehouseError)) throw error
    return { ...known, note: `the cluster did not say who this is: ${error.message}` }
  }
}

async function review(cluster: Cluster, signal: AbortSignal | undefined) {
  const answer = await cluster.send<SelfSubjectReview>({
    method: 'POST',
    path: REVIEW,
    signal,
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ apiVersion: 'authentication.k8s.io/v1', kind: 'SelfSubjectReview' }),
  })
  const { username, groups } = answer.status?.userInfo ?? {}
  return { ...(username && { username }), ...(groups && { groups }) }
}
