import type { KubeObject } from '@gatehouse/kubernetes'
import { kinds, Reader } from '@gatehouse/kubernetes/planning'
import type { Place } from './place.ts'

// What goes with an object that owns it, as far as Kubernetes' own kinds go.
const OWNED = [
  kinds.replicaSets,
  kinds.pods,
  kinds.jobs,
  kinds.deployments,
  kinds.statefulSets,
  kinds.daemonSets,
  kinds.claims,
  kinds.services,
  kinds.configMaps,
  kinds.secrets,
]

export interface Dependent {
  kind: string
  name: string
}

/** The objects that would go with one, through all generations; null where they could not all be seen. */
export async function dependentsOf(place: Place, live: KubeObject | undefined): Promise<Dependent[] | null> {
  const { cluster, namespace, signal } = place
  if (!live?.metadata.uid || !namespace) return null
  const reader = new Reader(cluster, signal)
  const lists = await Promise.all(
    OWNED.map((resource) => reader.list<KubeObject>(resource, namespace, { metadataOnly: true })),
  )
  if (lists.includes(undefined) || reader.notes.size > 0) return null
  const all = lists.flatMap((list, index) =>
    (list ?? []).map(({ metadata }) => ({ kind: OWNED[index]?.kind ?? '', metadata })),
  )
  const going = new Map<string, Dependent | undefined>([[live.metadata.uid, undefined]])
  for (let before = 0; before !== going.size; ) {
    before = going.size
    for (const { kind, metadata } of all) {
      if (!metadata.uid || going.has(metadata.uid)) continue
      if (metadata.ownerReferences?.some(({ uid }) => going.has(uid)))
        going.set(metadata.uid, { kind, name: metadata.name })
    }
  }
  return [...going.values()].filter((one) => one !== undefined)
}
