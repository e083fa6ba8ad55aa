import { GatehouseError } from '@gatehouse/errors'
import {
  type Cluster,
  type Clusters,
  checkName,
  checkNamespace,
  type KubeObject,
  pathOf,
  type Resource,
} from '@gatehouse/kubernetes'
import { missing } from '@gatehouse/kubernetes/planning'
import { clusterIdOf } from '../cluster-id.ts'
import type { OperationTarget } from '../operation.ts'
import type { ResolvedTarget } from '../plan.ts'

/** One object, existing or not, as live discovery and the cluster itself resolve it. */
export interface Place {
  cluster: Cluster
  resource: Resource
  namespace: string | undefined
  name: string
  path: string
  collection: string
  target: ResolvedTarget
  signal: AbortSignal | undefined
}

export interface PlaceOptions {
  signal?: AbortSignal | undefined
  /** Kinds without a namespace that may be planned; the gate judges them again. Omitted: none. */
  clusterScoped?: ((resource: Resource) => boolean) | undefined
}

/**
 * Resolves a target: exactly one named object of one kind.
 * @throws GatehouseError UNKNOWN_CONTEXT, UNKNOWN_KIND, INVALID_INPUT, BLOCKED_BY_POLICY
 */
export async function placeOf(
  clusters: Clusters,
  target: OperationTarget,
  { signal, clusterScoped = () => false }: PlaceOptions,
): Promise<Place> {
  assertOneKind(target)
  const name = checkName(target.name)
  const cluster = clusters.cluster(target.context)
  const resource = await cluster.discovery.resolve(target.kind, target.apiVersion, signal)
  if (!resource.namespaced && target.namespace) {
    throw new GatehouseError('INVALID_INPUT', `namespace: ${resource.kind} has none`)
  }
  if (!resource.namespaced && !clusterScoped(resource)) {
    throw new GatehouseError(
      'BLOCKED_BY_POLICY',
      `${resource.kind} is cluster-wide, and such are not changed`,
      {
        hint: 'POLICY_FILE can allow some of these kinds; docs/policy.md lists them',
      },
    )
  }
  const namespace = resource.namespaced ? checkNamespace(target.namespace ?? cluster.namespace) : undefined
  const { group, version, kind, plural } = resource
  return {
    cluster,
    resource,
    namespace,
    name,
    path: pathOf(resource, namespace, name),
    collection: pathOf(resource, namespace),
    target: {
      context: cluster.context,
      clusterId: await clusterIdOf(cluster, signal),
      group,
      version,
      kind,
      resource: plural,
      namespace: namespace ?? '',
      name,
    },
    signal,
  }
}

/** The object as it is now, unmasked: never shown. Undefined where there is none. */
export async function liveObject({ cluster, path, signal }: Place): Promise<KubeObject | undefined> {
  try {
    return await cluster.send<KubeObject>({ path, signal })
  } catch (error) {
    if (error instanceof GatehouseError && error.code === 'NOT_FOUND') return undefined
    throw error
  }
}

/** The same where it must exist: NOT_FOUND tells near names. */
export async function existing(place: Place): Promise<KubeObject> {
  const live = await liveObject(place)
  if (live) return live
  const { cluster, resource, namespace, name, signal } = place
  throw await missing(cluster, resource, namespace, { kind: resource.kind, name, signal })
}

function assertOneKind({ kind, name }: OperationTarget): void {
  if (!/^[A-Za-z][A-Za-z0-9.-]*$/.test(kind)) {
    throw new GatehouseError('INVALID_INPUT', 'kind: one kind in plain letters, such as Deployment', {
      hint: 'No lists, sub-resources or selectors; other versions are chosen by apiVersion',
    })
  }
  if (typeof name !== 'string' || name === '') {
    throw new GatehouseError('INVALID_INPUT', 'name: exactly one object must be named')
  }
}
