import { GatehouseError } from '@gatehouse/errors'
import type { Cluster, KubeObject } from '../client/cluster.ts'
import { pathOf } from '../client/paths.ts'
import { Projection, type Question } from '../projection/projection.ts'
import type { Column } from '../table/table.ts'
import { type Listing, listingOf } from './list.ts'
import { readRows } from './list-rows.ts'
import { type Scope, scopeOf, type Whereabouts } from './list-scope.ts'

export interface ServicesQuery extends Whereabouts, Pick<Question, 'columns'> {}

const SERVICE_NAME = 'kubernetes.io/service-name'
const ENDPOINTS: Column = { name: 'Endpoints', key: 'endpoints', type: 'string', priority: 0 }

/**
 * Services with how many of their endpoints are ready: `2/3`, `0/0` where a selector finds no pod, nothing
 * where a Service has no endpoints by design. Two requests at once: the Table and the EndpointSlices.
 */
export async function services(cluster: Cluster, query: ServicesQuery): Promise<Listing> {
  const scope = await scopeOf(cluster, 'services', { ...query, apiVersion: 'v1' })
  const projection = await Projection.of({})
  const [rows, endpoints] = await Promise.all([
    readRows(cluster, scope, projection, query),
    readEndpoints(cluster, scope, query.signal),
  ])
  for (const { printed } of endpoints ? rows.kept : []) {
    const found = endpoints?.get(`${printed.namespace ?? scope.namespace}/${printed.name}`)
    const expected = printed.selector !== '' && printed.type !== 'ExternalName'
    printed.endpoints = found ? `${found.ready.size}/${found.all.size}` : expected ? '0/0' : ''
  }
  const age = rows.columns.findIndex((column) => column.key === 'age')
  const columns = endpoints ? rows.columns.toSpliced(age, 0, ENDPOINTS) : rows.columns
  const list = await listingOf(cluster, scope, projection, { ...rows, columns }, query)
  const note = 'endpoint readiness is missing: this identity may not list endpointslices'
  return endpoints ? list : { ...list, notes: [...(list.notes ?? []), note] }
}

interface Endpoints {
  ready: Set<string>
  all: Set<string>
}

interface Slice extends KubeObject {
  endpoints?: {
    addresses: string[]
    conditions?: { ready?: boolean }
    targetRef?: { uid?: string }
  }[]
}

// By namespace and name of the Service; undefined where this identity may not see them.
async function readEndpoints(
  cluster: Cluster,
  { namespace }: Scope,
  signal: AbortSignal | undefined,
): Promise<Map<string, Endpoints> | undefined> {
  const found = new Map<string, Endpoints>()
  try {
    const resource = await cluster.discovery.resolve('EndpointSlice', 'discovery.k8s.io/v1', signal)
    await cluster.eachObject(pathOf(resource, namespace), { signal }, (slice: Slice) => {
      const service = slice.metadata.labels?.[SERVICE_NAME]
      if (service) add(found, `${slice.metadata.namespace}/${service}`, slice)
      return true
    })
    return found
  } catch (error) {
    if (!(error instanceof GatehouseError) || error.code !== 'FORBIDDEN') throw error
    return undefined
  }
}

// One pod may stand in several slices: one per address family, and twice while it moves.
function add(found: Map<string, Endpoints>, service: string, slice: Slice): void {
  const endpoints = found.get(service) ?? { ready: new Set(), all: new Set() }
  for (const { addresses, conditions, targetRef } of slice.endpoints ?? []) {
    const id = targetRef?.uid ?? addresses.join(',')
    endpoints.all.add(id)
    // Not said means ready.
    if (conditions?.ready !== false) endpoints.ready.add(id)
  }
  found.set(service, endpoints)
}
