import type { Prompt, Resource, ResourceTemplateType, Tool } from '@modelcontextprotocol/server'
import { claimsOf, type Registry } from '../registry/schema.ts'
import type { Listing } from './listing.ts'
import { type NameTable, nameTable, type Refused } from './name-table.ts'

interface Owned<T> {
  server: string
  item: T
}

/** Everything the hub offers at one moment. Never changed: a new one takes its place. */
export interface Catalogue {
  tools: NameTable<Tool>
  prompts: NameTable<Prompt>
  /** By URI, which is never rewritten. */
  resources: ReadonlyMap<string, Owned<Resource>>
  templates: readonly Owned<ResourceTemplateType>[]
  capabilities: Record<string, unknown>
  /** Which prefixes each server has. */
  claims: readonly (readonly [string, readonly string[]])[]
  instructions: readonly { server: string; prefixes: readonly string[]; text: string }[]
  refused: readonly Refused[]
}

/** Merges what the servers offer, in the order of hub.yaml. */
export function buildCatalogue(
  registry: Registry,
  listings: ReadonlyMap<string, Listing>,
  before?: Catalogue,
): Catalogue {
  const { servers } = registry
  const offers = <T>(pick: (listing: Listing) => readonly T[]) =>
    new Map([...listings].map(([id, listing]) => [id, pick(listing)] as const))
  const tools = nameTable(
    servers,
    offers((one) => one.tools),
    before?.tools,
  )
  const prompts = nameTable(
    servers,
    offers((one) => one.prompts),
    before?.prompts,
  )
  const resources = new Map<string, Owned<Resource>>()
  const templates: Owned<ResourceTemplateType>[] = []
  const refused = [...tools.refused, ...prompts.refused]
  const capabilities: Record<string, unknown> = {}
  const instructions: Catalogue['instructions'][number][] = []
  for (const server of servers) {
    const listing = listings.get(server.id)
    if (!listing) continue
    for (const name of PASSED_ON) if (listing.capabilities[name]) capabilities[name] ??= {}
    for (const item of listing.resources) {
      const other = resources.get(item.uri)
      if (other) refused.push({ server: server.id, name: item.uri, why: `is a resource of ${other.server}` })
      else resources.set(item.uri, { server: server.id, item })
    }
    templates.push(...listing.templates.map((item) => ({ server: server.id, item })))
    if (listing.instructions)
      instructions.push({ server: server.id, prefixes: claimsOf(server), text: listing.instructions })
  }
  const claims = servers.map((server) => [server.id, claimsOf(server)] as const)
  return { tools, prompts, resources, templates, capabilities, claims, instructions, refused }
}

const PASSED_ON = ['tools', 'prompts', 'resources', 'completions', 'logging']
