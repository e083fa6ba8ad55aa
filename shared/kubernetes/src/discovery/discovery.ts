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
// Far more than any cluster has; each one costs memory and time at every wrong name.
const MOST_RESOURCES = 20_000

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
    const resources = [...flatten(core, true), ...flatten(groups, false)]
    if (resources.length > MOST_RESOURCES) {
      throw new GatehouseError('CLUSTER_REFUSED', `The cluster names more than ${MOST_RESOURCES} kinds`)
    }
    this.#resources = resources
    this.#readAt = Date.now()
    return this.#resources
  }
}

interface GroupList {
  items?: unknown
}

/** What a cluster says of itself is taken apart as text from outside: each part is looked at before it is used. */
type Said = Record<string, unknown>

function flatten(list: GroupList, isCore: boolean): Resource[] {
  if (!Array.isArray(list.items)) {
    throw new GatehouseError('CLUSTER_REFUSED', 'The discovery of this cluster cannot be read', {
      hint: 'Kubernetes 1.27 or newer tells its kinds in the form that is needed',
    })
  }
  const resources: Resource[] = []
  for (const group of saidIn(list.items)) {
    const name = textOf(asSaid(group.metadata).name)
    if (isCore !== (name === '') || !isPlain(name || 'core')) continue
    for (const { version, resources: entries } of saidIn(group.versions)) {
      for (const entry of saidIn(entries)) {
        const resource = resourceOf(name, textOf(version), entry)
        if (resource) resources.push(resource)
      }
    }
  }
  return resources
}

// Group, version and plural become part of a path, names part of a reply: a cluster that lies here must choose neither
// where a request goes nor what is said.
function resourceOf(group: string, version: string, entry: Said): Resource | undefined {
  const plural = textOf(entry.resource)
  const kind = textOf(asSaid(entry.responseKind).kind) || plural
  const singular = textOf(entry.singularResource)
  if (!isPlain(version) || !isPlain(plural) || !KIND.test(kind)) return undefined
  return {
    group,
    version,
    apiVersion: group ? `${group}/${version}` : version,
    kind,
    plural,
    singular: isPlain(singular) ? singular : '',
    shortNames: textsOf(entry.shortNames).filter(isPlain),
    categories: textsOf(entry.categories).filter(isPlain),
    namespaced: entry.scope === 'Namespaced',
    verbs: textsOf(entry.verbs),
  }
}

const KIND = /^[A-Za-z]([A-Za-z0-9-]{0,61}[A-Za-z0-9])?$/

function isPlain(name: string): boolean {
  return name.length <= 253 && /^[a-z0-9]([a-z0-9.-]*[a-z0-9])?$/.test(name)
}

function asSaid(value: unknown): Said {
  return value !== null && typeof value === 'object' ? (value as Said) : {}
}

function saidIn(value: unknown): Said[] {
  return Array.isArray(value) ? value.map(asSaid) : []
}

function textOf(value: unknown): string {
  return typeof value === 'string' ? value : ''
}

function textsOf(value: unknown): string[] {
  return Array.isArray(value) ? value.filter((one) => typeof one === 'string') : []
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
  verbs: ['get', 'list', 'delete'],
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
