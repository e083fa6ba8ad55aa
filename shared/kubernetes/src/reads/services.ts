import { GatehouseError } from '@gatehouse/errors'
import type { Cluster, KubeObject } from '../client/cluster.ts'
import { pathOf } from '../client/paths.ts'
import { Projection, type Question } from '../projection/projection.ts'
import { type Listing, listingOf } from './list.ts'
import { type Extra, readRows } from './list-rows.ts'
import { type Scope, scopeOf, type Whereabouts } from './list-scope.ts'

const SERVICE_NAME = 'kubernetes.io/service-name'

export type ServicesQuery = Whereabouts & Question

/**
 * Services with how many of their endpoints are ready: `2/3`, `0/0` where a selector finds no pod, nothing
 * where a Service has no endpoints by design. The Table and the EndpointSlices are read at once.
 */
export async function services(cluster: Cluster, query: ServicesQuery): Promise<Listing> {
  const projection = await Projection.of(query)
  const scope = await scopeOf(cluster, 'services', { ...query, apiVersion: 'v1' })
  const endpoints = readEndpoints(cluster, scope, query.signal)
  const extra = endpoints.then((found) => found && endpointsColumn(found, scope.namespace))
  const rows = await readRows({ cluster, scope, projection, selection: query, extra })
  const list = await listingOf(cluster, scope, projection, rows, query)
  const note = 'endpoint readiness is missing: this identity may not list endpointslices'
  return (await endpoints) ? list : { ...list, notes: [...(list.notes ?? []), note] }
}

function endpointsColumn(endpoints: Map<string, Endpoints>, namespace: string | undefined): Extra {
  return {
    column: { name: 'Endpoints', key: 'endpoints', type: 'string', priority: 0 },
    cell: (printed) => {
      const found = endpoints.get(`${printed.namespace ?? namespace}/${printed.name}`)
      if (found) return `${found.ready.size}/${found.all.size}`
      return printed.selector !== '' && printed.type !== 'ExternalName' ? '0/0' : ''
    },
  }
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
