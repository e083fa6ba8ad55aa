import type { KubeObject } from '../client/cluster.ts'
import type { Related } from './description.ts'
import { kinds } from './kinds.ts'
import type { Reader } from './reader.ts'

/** Kinds that operators mostly create for their custom resources. */
const COMMON = [
  kinds.deployments,
  kinds.statefulSets,
  kinds.daemonSets,
  kinds.replicaSets,
  kinds.jobs,
  kinds.cronJobs,
  kinds.pods,
  kinds.services,
  kinds.ingresses,
  kinds.configMaps,
  kinds.secrets,
  kinds.claims,
  kinds.serviceAccounts,
]
const MOST = 20

/** Objects of common kinds that name this one as an owner, one level. Reads metadata only, all kinds at once. */
export async function dependentsOf(
  reader: Reader,
  namespace: string | undefined,
  owner: KubeObject,
): Promise<Related[]> {
  const lists = await Promise.all(
    COMMON.map(async (resource) => {
      const found = await reader.list<KubeObject>(resource, namespace, { metadataOnly: true })
      return (found ?? [])
        .filter((one) => one.metadata.ownerReferences?.some(({ uid }) => uid === owner.metadata.uid))
        .map(({ metadata }): Related => ({ kind: resource.kind, name: metadata.name }))
    }),
  )
  const all = lists.flat()
  if (all.length <= MOST) return all
  return [...all.slice(0, MOST), { kind: 'any', name: `${all.length - MOST} more` }]
}
