import type { Prompt, Resource, ResourceTemplateType, Tool } from '@modelcontextprotocol/server'
import { claimsOf, type Registry, type ServerEntry } from '../registry/schema.ts'
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
  /** By URI, which is never rewritten. Of several owners the first who may be seen has it. */
  resources: ReadonlyMap<string, readonly Owned<Resource>[]>
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
  const refused = [...tools.refused, ...prompts.refused]
  const capabilities: Record<string, unknown> = {}
  const instructions: Catalogue['instructions'][number][] = []
  for (const server of servers) {
    const listing = listings.get(server.id)
    if (!listing) continue
    for (const name of PASSED_ON) if (listing.capabilities[name]) capabilities[name] ??= {}
    if (listing.instructions)
      instructions.push({ server: server.id, prefixes: claimsOf(server), text: listing.instructions })
  }
  const { resources, templates } = mergedResources(servers, listings, refused, before)
  const claims = servers.map((server) => [server.id, claimsOf(server)] as const)
  return { tools, prompts, resources, templates, capabilities, claims, instructions, refused }
}

/** A URI stays with who had it; the others who offer it have it for those callers who do not see that server. */
function mergedResources(
  servers: readonly ServerEntry[],
  listings: ReadonlyMap<string, Listing>,
  refused: Refused[],
  before: Catalogue | undefined,
): Pick<Catalogue, 'resources' | 'templates'> {
  const resources = new Map<string, Owned<Resource>[]>()
  const templates: Owned<ResourceTemplateType>[] = []
  for (const { id: server } of servers) {
    for (const item of listings.get(server)?.resources ?? []) {
      const owners = resources.get(item.uri) ?? []
      const held = before?.resources.get(item.uri)?.[0]?.server === server
      resources.set(item.uri, held ? [{ server, item }, ...owners] : [...owners, { server, item }])
    }
    for (const item of listings.get(server)?.templates ?? []) {
      const why = literalOf(item) === '' ? 'begins with a variable and would match every URI' : undefined
      if (why) refused.push({ server, name: item.uriTemplate, why })
      else templates.push({ server, item })
    }
  }
  for (const [name, [first, ...others]] of resources)
    for (const { server } of others) refused.push({ server, name, why: `is a resource of ${first?.server}` })
  // The most literal one first; of two alike the one that was there.
  const old = new Map(
    before?.templates.map(({ server, item }, index) => [`${server} ${item.uriTemplate}`, index]),
  )
  const age = ({ server, item }: Owned<ResourceTemplateType>) =>
    old.get(`${server} ${item.uriTemplate}`) ?? Number.MAX_SAFE_INTEGER
  templates.sort((a, b) => literalOf(b.item).length - literalOf(a.item).length || age(a) - age(b))
  return { resources, templates }
}

/** What a URI of the template begins with. */
export function literalOf({ uriTemplate }: ResourceTemplateType): string {
  return uriTemplate.split('{', 1)[0] ?? ''
}

const PASSED_ON = ['tools', 'prompts', 'resources', 'completions', 'logging']
