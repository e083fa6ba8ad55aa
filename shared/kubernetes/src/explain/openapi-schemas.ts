import { GatehouseError } from '@gatehouse/errors'
import type { Cluster } from '../client/cluster.ts'
import type { Resource } from '../discovery/discovery.ts'

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

interface Index {
  paths?: Record<string, { serverRelativeURL?: string }>
}

// Parsed documents are large (core/v1 a few MB), and a conversation is about one or two.
const MOST_CACHED = 4
const caches = new WeakMap<Cluster, Map<string, Promise<Schemas>>>()

/**
 * The schemas of a kind's group and version as this cluster publishes them. The index names a hash, so a document is
 * read again only when it has changed.
 */
export async function schemasOf(
  cluster: Cluster,
  resource: Resource,
  signal: AbortSignal | undefined,
): Promise<Schemas> {
  const index = await cluster.json<Index>('/openapi/v3', { signal })
  const key = resource.group ? `apis/${resource.apiVersion}` : `api/${resource.version}`
  const address = index.paths?.[key]?.serverRelativeURL
  if (!address) {
    throw new GatehouseError(
      'NOT_FOUND',
      `This cluster publishes no documentation of ${resource.apiVersion}`,
      {
        hint: 'Its API server offers no OpenAPI v3 for this group',
      },
    )
  }
  const cache = caches.get(cluster) ?? new Map<string, Promise<Schemas>>()
  caches.set(cluster, cache)
  const known = cache.get(address)
  cache.delete(address)
  // Without the caller's signal: others may wait for the same document.
  const reading = known ?? read(cluster, address)
  cache.set(address, reading)
  reading.catch(() => cache.delete(address))
  for (const oldest of cache.keys()) {
    if (cache.size <= MOST_CACHED) break
    cache.delete(oldest)
  }
  return reading
}

async function read(cluster: Cluster, address: string): Promise<Schemas> {
  const url = new URL(address, 'https://cluster.invalid')
  const query = Object.fromEntries(url.searchParams)
  const document = await cluster.json<{ components?: { schemas?: Schemas } }>(url.pathname, { query })
  return document.components?.schemas ?? {}
}
