import { didYouMean, GatehouseError, nearest } from '@gatehouse/errors'
import type { Cluster } from '../client/cluster.ts'
import type { Resource } from '../discovery/discovery.ts'
import type { Fields } from '../table/rows.ts'
import type { Listing } from './list.ts'

export interface ApiResourcesQuery {
  /** `apps`, `apps/v1`, or `core` for the group without a name. */
  apiGroup?: string | undefined
  namespaced?: boolean | undefined
  signal?: AbortSignal | undefined
}

const CORE = 'core'
const COLUMNS = ['kind', 'name', 'shortNames', 'apiVersion', 'namespaced', 'verbs']
// What nearly every kind allows; spelled out it would be most of the reply.
const ALL_VERBS = ['create', 'delete', 'deletecollection', 'get', 'list', 'patch', 'update', 'watch']

/** The kinds this cluster serves, custom ones included, each in its preferred version, core group first. */
export async function apiResources(cluster: Cluster, query: ApiResourcesQuery): Promise<Listing> {
  const all = await cluster.discovery.all(query.signal)
  const [group, version] = (query.apiGroup ?? '').split('/')
  const inGroup = group === '' ? all : all.filter((one) => isIn(one, group ?? '', version))
  if (inGroup.length === 0) throw unknownGroup(query.apiGroup ?? '', all)
  const { namespaced } = query
  const wanted = inGroup.filter((one) => namespaced === undefined || one.namespaced === namespaced)
  const items = preferred(wanted).map(rowOf)
  return {
    target: cluster.target(''),
    total: items.length,
    items,
    resourceVersion: '',
    forbidden: [],
    columns: COLUMNS,
    notes: [`verbs all: ${ALL_VERBS.join(', ')}`],
  }
}

function isIn(resource: Resource, group: string, version: string | undefined): boolean {
  // `v1` is how the core group is written in manifests.
  if (version === undefined && group === 'v1') return resource.group === '' && resource.version === 'v1'
  return (resource.group || CORE) === group && (version === undefined || resource.version === version)
}

// Discovery lists a group's preferred version first; a kind that only an older one has is still shown.
function preferred(resources: Resource[]): Resource[] {
  const seen = new Set<string>()
  return resources.filter((one) => {
    const key = `${one.group}/${one.plural}`
    if (seen.has(key)) return false
    seen.add(key)
    return true
  })
}

function rowOf({ kind, plural, shortNames, apiVersion, namespaced, verbs }: Resource): Fields {
  const short = shortNames.join(',')
  const isAll = ALL_VERBS.every((verb) => verbs.includes(verb))
  const can = isAll ? 'all' : verbs.toSorted().join(',')
  return { kind, name: plural, shortNames: short, apiVersion, namespaced, verbs: can }
}

function unknownGroup(asked: string, all: Resource[]): GatehouseError {
  const near = nearest(asked, new Set(all.flatMap((one) => [one.group || CORE, one.apiVersion])))
  return new GatehouseError('UNKNOWN_KIND', `This cluster has no API group "${asked}"${didYouMean(near)}`, {
    hint: 'See infra.k8s.cluster.getClusterInfo for the groups',
    data: { nearest: near },
  })
}
