import type { Cluster, KubeObject } from '../client/cluster.ts'
import { pathOf } from '../client/paths.ts'
import { withoutNoise } from '../describe/noise.ts'
import type { Resource } from '../discovery/discovery.ts'

/** One object, masked and without what the API server filled in, in exactly one request. NOT_FOUND when there is none. */
export async function getObject(
  cluster: Cluster,
  resource: Resource,
  namespace: string,
  name: string,
  signal?: AbortSignal,
): Promise<KubeObject> {
  return withoutNoise(await cluster.object(pathOf(resource, namespace, name), { signal }))
}
