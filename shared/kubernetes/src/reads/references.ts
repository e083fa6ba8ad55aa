import { GatehouseError } from '@gatehouse/errors'
import type { Cluster, KubeObject, Target } from '../client/cluster.ts'
import { pathOf } from '../client/paths.ts'
import { dependentsOf } from '../describe/dependents.ts'
import { isBuiltIn } from '../describe/kinds.ts'
import { Reader } from '../describe/reader.ts'
import type { Resource } from '../discovery/discovery.ts'
import { readAround } from '../references/around.ts'
import { findIn } from '../references/find.ts'
import type { Reference } from '../references/reference.ts'
import { locate, missing, type ObjectQuery } from './get.ts'

export interface References {
  target: Target
  items: Reference[]
  /** What could not be looked at, or that the object itself does not exist. */
  note?: string
}

/** Who uses an object: one round of parallel reads, whatever the kind. A dangling reference to a missing object counts. */
export async function references(cluster: Cluster, query: ObjectQuery): Promise<References> {
  const { resource, namespace } = await locate(cluster, query)
  const { group, kind } = resource
  const reader = new Reader(cluster, query.signal)
  const [object, around] = await Promise.all([
    readIfThere(cluster, resource, namespace, query),
    readAround(reader, resource, namespace, query.name),
  ])
  const items = findIn(around, { kind, group, name: query.name, object }, namespace)
  if (!object && items.length === 0) throw await missing(cluster, resource, namespace, query)
  // Operators own objects of any kind; what Kubernetes' own kinds own is folded into them.
  if (object && !isBuiltIn(group)) {
    const owned = await dependentsOf(reader, namespace, object)
    items.push(...owned.map(({ kind, name }) => ({ kind, name, how: 'owned by it' })))
  }
  const absent = object ? [] : [`there is no ${kind} "${query.name}": these references lead nowhere`]
  const note = [...absent, ...reader.notes].join('; ')
  return { target: cluster.target(namespace ?? ''), items, ...(note && { note }) }
}

async function readIfThere(
  cluster: Cluster,
  resource: Resource,
  namespace: string | undefined,
  { name, signal }: ObjectQuery,
): Promise<KubeObject | undefined> {
  try {
    return await cluster.object(pathOf(resource, namespace, name), { signal })
  } catch (error) {
    if (error instanceof GatehouseError && error.code === 'NOT_FOUND') return undefined
    throw error
  }
}
