import { didYouMean, GatehouseError, nearest } from '@gatehouse/errors'
import type { Cluster } from '../client/cluster.ts'

/** One kind this cluster serves, as discovery tells it. */
export interface Resource {
  group: string
  version: string
  /** `v1` or `apps/v1`. */
  apiVersion: string
  kind: string
  plural: string
  singular: string
  shortNames: string[]
  categories: string[]
  namespaced: boolean
  verbs: string[]
}

const AGGREGATED = 'application/json;g=apidiscovery.k8s.io;v=v2;as=APIGroupDiscoveryList,application/json'
const FRESH_MS = 60_000
const MISS_MS = 5_000

/** What kinds a cluster has: read once, refreshed in the background, and at once when a name is not found. */
export class Discovery {
  readonly #cluster: Cluster
  #resources: Resource[] | undefined
  #readAt = 0
  #reading: Promise<Resource[]> | undefined

  constructor(cluster: Cluster) {
    this.#cluster = cluster
  }

  async all(signal?: AbortSignal): Promise<Resource[]> {
    if (!this.#resources) return this.#read(signal)
    if (Date.now() - this.#readAt > FRESH_MS) this.#read().catch(() => {})
    return this.#resources
  }

  /**
   * Resolves what a person writes: kind, plural, singular or short name, any case, optionally `plural.group`, and
   * optionally an apiVersion. The core group wins, then the preferred version. Throws UNKNOWN_KIND with near names.
   */
  async resolve(kind: string, apiVersion?: string, signal?: AbortSignal): Promise<Resource> {
    const wanted = kind.trim()
    const cached = pickResource(WELL_KNOWN, wanted, apiVersion)
    if (cached) return cached
    const found = pickResource(await this.all(signal), wanted, apiVersion)
    if (found) return found
    // A CRD may have been installed a moment ago; but a wrong name must not cost a request each time.
    if (Date.now() - this.#readAt > MISS_MS) {
      const again = pickResource(await this.#read(signal), wanted, apiVersion)
      if (again) return again
    }
    throw this.#unknown(wanted, apiVersion)
  }

  #unknown(kind: string, apiVersion: string | undefined): GatehouseError {
    const names = (this.#resources ?? []).flatMap((one) => [one.kind, one.plural, ...one.shortNames])
    const near = nearest(kind, new Set(names))
    const where = apiVersion ? ` in ${apiVersion}` : ''
    return new GatehouseError(
      'UNKNOWN_KIND',
      `This cluster has no kind "${kind}"${where}${didYouMean(near)}`,
      {
        data: { nearest: near },
      },
    )
  }

  async #read(signal?: AbortSignal): Promise<Resource[]> {
    this.#reading ??= this.#fetch(signal).finally(() => {
      this.#reading = undefined
    })
    return this.#reading
  }

  async #fetch(signal?: AbortSignal): Promise<Resource[]> {
    const read = (path: string) => this.#cluster.json<GroupList>(path, { accept: AGGREGATED, signal })
    const [core, groups] = await Promise.all([read('/api'), read('/apis')])
    this.#resources = [...flatten(core), ...flatten(groups)]
    this.#readAt = Date.now()
    return this.#resources
  }
}

interface GroupList {
  items?: { metadata?: { name?: string }; versions?: GroupVersion[] }[]
}

interface GroupVersion {
  version: string
  resources?: {
    resource: string
    responseKind?: { kind?: string }
    scope: string
    singularResource?: string
    verbs?: string[]
    shortNames?: string[]
    categories?: string[]
  }[]
}

function flatten(list: GroupList): Resource[] {
  const resources: Resource[] = []
  for (const group of list.items ?? []) {
    const name = group.metadata?.name ?? ''
    for (const { version, resources: entries } of group.versions ?? []) {
      for (const entry of entries ?? []) {
        resources.push({
          group: name,
          version,
          apiVersion: name ? `${name}/${version}` : version,
          kind: entry.responseKind?.kind ?? entry.resource,
          plural: entry.resource,
          singular: entry.singularResource ?? '',
          shortNames: entry.shortNames ?? [],
          categories: entry.categories ?? [],
          namespaced: entry.scope === 'Namespaced',
          verbs: entry.verbs ?? [],
        })
      }
    }
  }
  return resources
}

function pickResource(all: Resource[], wanted: string, apiVersion?: string): Resource | undefined {
  // Discovery lists the core group and each group's preferred version first.
  return all.find((one) => (!apiVersion || one.apiVersion === apiVersion) && matches(one, wanted))
}

function matches(resource: Resource, wanted: string): boolean {
  const word = wanted.toLowerCase()
  const { plural, group, kind, singular, shortNames } = resource
  if (word === kind.toLowerCase() || word === plural || word === singular) return true
  if (shortNames.includes(word)) return true
  return group !== '' && (word === `${plural}.${group}` || word === `${kind.toLowerCase()}.${group}`)
}

const core = (kind: string, plural: string, shortNames: string[], namespaced = true): Resource => ({
  group: '',
  version: 'v1',
  apiVersion: 'v1',
  kind,
  plural,
  singular: kind.toLowerCase(),
  shortNames,
  categories: [],
  namespaced,
  verbs: ['get', 'list'],
})

// Served by every cluster under these names, so that the commonest reads cost one request even when cold.
const WELL_KNOWN: Resource[] = [
  core('Pod', 'pods', ['po']),
  core('Service', 'services', ['svc']),
  core('Namespace', 'namespaces', ['ns'], false),
  core('Node', 'nodes', ['no'], false),
  core('ConfigMap', 'configmaps', ['cm']),
  core('Secret', 'secrets', []),
  { ...core('Deployment', 'deployments', ['deploy']), group: 'apps', apiVersion: 'apps/v1' },
]
