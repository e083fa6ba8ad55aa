import { didYouMean, GatehouseError, nearest } from '@gatehouse/errors'
import type { Cluster, KubeObject, Target } from '../client/cluster.ts'
import { pathOf } from '../client/paths.ts'
import { cutToFit, omittedNote } from '../describe/cut.ts'
import { withoutNoise } from '../describe/noise.ts'
import type { Resource } from '../discovery/discovery.ts'
import { readTable } from '../table/table.ts'
import { checkNamespaceExists } from './list.ts'

export interface ObjectQuery {
  kind: string
  name: string
  apiVersion?: string | undefined
  /** Omitted: the context's namespace. */
  namespace?: string | undefined
  /** About how many tokens the reply may take. */
  maxTokens?: number | undefined
  signal?: AbortSignal | undefined
}

export interface Got {
  target: Target
  object: Record<string, unknown>
  note?: string
}

const DEFAULT_TOKENS = 4_000
// The rest is for the target and the note of what was left out.
const SHARE = 0.9

/** One object, masked, as its writer would recognise it. One request; what does not fit is left out by whole fields. */
export async function get(cluster: Cluster, query: ObjectQuery): Promise<Got> {
  const { resource, namespace } = await locate(cluster, query)
  const object = await readObject(cluster, resource, namespace, query)
  const { kept, omitted } = cutToFit(withoutNoise(object), (query.maxTokens ?? DEFAULT_TOKENS) * SHARE)
  return {
    target: cluster.target(namespace ?? ''),
    object: kept,
    ...(omitted.length > 0 && { note: omittedNote(omitted) }),
  }
}

/** The kind a query means, and the namespace it is about; none for kinds that have none. */
export async function locate(
  cluster: Cluster,
  query: ObjectQuery,
): Promise<{ resource: Resource; namespace: string | undefined }> {
  const resource = await cluster.discovery.resolve(query.kind, query.apiVersion, query.signal)
  if (!resource.verbs.includes('get')) {
    throw new GatehouseError('INVALID_INPUT', `${resource.kind} cannot be read by name`)
  }
  return { resource, namespace: resource.namespaced ? (query.namespace ?? cluster.namespace) : undefined }
}

/** The object itself; NOT_FOUND names what is near instead. */
export async function readObject(
  cluster: Cluster,
  resource: Resource,
  namespace: string | undefined,
  query: ObjectQuery,
): Promise<KubeObject> {
  try {
    return await cluster.object(pathOf(resource, namespace, query.name), { signal: query.signal })
  } catch (error) {
    if (!(error instanceof GatehouseError) || error.code !== 'NOT_FOUND') throw error
    throw await missing(cluster, resource, namespace, query)
  }
}

/** A NOT_FOUND that says what there is instead: near names, or that the namespace itself does not exist. */
export async function missing(
  cluster: Cluster,
  resource: Resource,
  namespace: string | undefined,
  { name, signal }: ObjectQuery,
): Promise<GatehouseError> {
  const known = await namesOf(cluster, resource, namespace, signal)
  if (known?.length === 0 && namespace !== undefined)
    await checkNamespaceExists(cluster, namespace, { signal })
  const near = nearest(name, known ?? [])
  const where = namespace === undefined ? '' : ` in namespace "${namespace}"`
  const none = known?.length === 0 ? '; there are none at all' : ''
  return new GatehouseError(
    'NOT_FOUND',
    `There is no ${resource.kind} "${name}"${where}${didYouMean(near)}${none}`,
    {
      data: { nearest: near },
    },
  )
}

async function namesOf(
  cluster: Cluster,
  resource: Resource,
  namespace: string | undefined,
  signal: AbortSignal | undefined,
): Promise<string[] | undefined> {
  if (!resource.verbs.includes('list')) return undefined
  try {
    const table = await readTable(cluster, resource, namespace, { signal })
    const column = Math.max(
      0,
      table.columns.findIndex(({ key }) => key === 'name'),
    )
    return table.rows.map((row) => String(row.cells[column]))
  } catch (error) {
    // Whoever may get but not list still deserves the plain answer.
    if (error instanceof GatehouseError && error.code === 'FORBIDDEN') return undefined
    throw error
  }
}
