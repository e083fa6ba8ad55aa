import { GatehouseError } from '@gatehouse/errors'
import type { Cluster } from '../client/cluster.ts'
import type { Resource } from '../discovery/discovery.ts'
import { tidySchemas } from './tidy-schemas.ts'

/** The parts of an OpenAPI v3 schema that Kubernetes publishes. */
export interface Schema {
  description?: string
  type?: string
  format?: string
  $ref?: string
  allOf?: Schema[]
  oneOf?: Schema[]
  items?: Schema
  properties?: Record<string, Schema>
  additionalProperties?: Schema | boolean
  required?: string[]
  enum?: unknown[]
  default?: unknown
  minimum?: number
  maximum?: number
  pattern?: string
  'x-kubernetes-group-version-kind'?: { group: string; version: string; kind: string }[]
  'x-kubernetes-int-or-string'?: boolean
  'x-kubernetes-preserve-unknown-fields'?: boolean
}

export type Schemas = Record<string, Schema>

// Parsed documents are large (core/v1 a few MB), and a conversation is about one or two.
const MOST_CACHED = 4
// Of group versions; clusters with hundreds of operators have some hundred.
const MOST_DOCUMENTS = 2_000
const caches = new WeakMap<Cluster, Map<string, Schemas>>()
// Callers at the same time share one answer, which is tidied once.
const tidied = new WeakSet<object>()

/**
 * The schemas of a kind's group and version as this cluster publishes them. The index names a hash, so a document is
 * read again only when it has changed.
 */
export async function schemasOf(
  cluster: Cluster,
  resource: Resource,
  signal: AbortSignal | undefined,
): Promise<Schemas> {
  const address = (await publishedSchemas(cluster, signal)).get(resource.apiVersion)
  if (address) return schemasAt(cluster, address, signal)
  throw new GatehouseError('NOT_FOUND', `This cluster publishes no documentation of ${resource.apiVersion}`, {
    hint: 'Its API server offers no OpenAPI v3 for this group',
  })
}

/** Where the schemas of each group version are (`v1`, `apps/v1`); an address changes when its document does. */
export async function publishedSchemas(
  cluster: Cluster,
  signal: AbortSignal | undefined,
): Promise<Map<string, string>> {
  const { paths } = await cluster.json<{ paths?: unknown }>('/openapi/v3', { signal })
  if (typeof paths !== 'object' || paths === null) throw notOpenApi('The list of its OpenAPI documents')
  const found = Object.entries(paths)
    .slice(0, MOST_DOCUMENTS)
    .flatMap(([path, document]: [string, unknown]) => {
      const groupVersion = /^apis?\/((?:[a-z0-9.-]{1,253}\/)?v[a-z0-9]{1,62})$/.exec(path)?.[1]
      const address = (document as { serverRelativeURL?: unknown } | null)?.serverRelativeURL
      return groupVersion && typeof address === 'string' && isDocument(address)
        ? [[groupVersion, address] as const]
        : []
    })
  return new Map(found)
}

/** The schemas at an address of `publishedSchemas`. The last few are kept. */
export async function schemasAt(
  cluster: Cluster,
  address: string,
  signal: AbortSignal | undefined,
): Promise<Schemas> {
  const cache = caches.get(cluster) ?? new Map<string, Schemas>()
  caches.set(cluster, cache)
  const schemas = cache.get(address) ?? (await read(cluster, address, signal))
  cache.delete(address)
  cache.set(address, schemas)
  for (const oldest of cache.keys()) {
    if (cache.size <= MOST_CACHED) break
    cache.delete(oldest)
  }
  return schemas
}

const addressed = (address: string): URL => new URL(address, 'https://cluster.invalid')

function isDocument(address: string): boolean {
  return (
    URL.canParse(address, 'https://cluster.invalid') && addressed(address).pathname.startsWith('/openapi/v3/')
  )
}

async function read(cluster: Cluster, address: string, signal?: AbortSignal): Promise<Schemas> {
  const { pathname, searchParams } = addressed(address)
  const query = Object.fromEntries(searchParams)
  const document = await cluster.json<{ components?: { schemas?: unknown } | null }>(pathname, {
    query,
    signal,
  })
  const schemas = document.components?.schemas
  if (typeof schemas !== 'object' || schemas === null) throw notOpenApi('One of its OpenAPI documents')
  if (tidied.has(schemas)) return schemas as Schemas
  tidied.add(schemas)
  return tidySchemas(schemas as Record<string, unknown>)
}

function notOpenApi(what: string): GatehouseError {
  return new GatehouseError('CLUSTER_REFUSED', `${what} is none`)
}
