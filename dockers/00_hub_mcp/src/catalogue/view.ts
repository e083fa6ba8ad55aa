import { didYouMean, GatehouseError, nearest } from '@gatehouse/errors'
import type { NameStyle } from '@gatehouse/tools'
import type { Prompt, Resource, ResourceTemplateType, Tool } from '@modelcontextprotocol/server'
import type { Catalogue } from './catalogue.ts'
import { EVERYTHING, isUnder, overlap } from './claims.ts'
import { mergedInstructions } from './instructions.ts'
import type { Named } from './name-table.ts'

/** Which part of the catalogue an address is about. */
export interface Scope {
  prefix: string
  readonly: boolean
  names: NameStyle
}

/** What a caller may see and call at all. */
export interface Rights {
  prefixes: readonly string[]
  readonly: boolean
}

/** The catalogue as one caller sees it at one address. */
export interface View {
  /** Canonical names of the tools, whatever they are listed as. */
  names: string[]
  tools: Tool[]
  prompts: Prompt[]
  resources: Resource[]
  templates: ResourceTemplateType[]
  instructions: string
  shows(named: Named<Tool | Prompt>): boolean
  /** Whether resources of this server belong here; their URIs have no namespace of their own. */
  reaches(server: string): boolean
}

const ADDRESS = /^\/mcp(?:\/(?!names\/)([A-Za-z0-9._]+))?(?:\/names\/(dotted|safe))?\/?$/

/** `/mcp`, `/mcp/readonly`, `/mcp/<prefix>`, each also followed by `/names/dotted` or `/names/safe`. */
export function scopeOf(path: string): Scope | undefined {
  const match = ADDRESS.exec(path)
  if (!match) return undefined
  const [, set, style] = match
  const readonly = set === 'readonly'
  const prefix = set === undefined || readonly ? EVERYTHING : set.replaceAll('_', '.')
  return { prefix, readonly, names: (style as NameStyle | undefined) ?? 'safe' }
}

export function viewOf(catalogue: Catalogue, scope: Scope, rights: Rights): View {
  const claims = new Map(catalogue.claims)
  // Nothing tells which part of a server a URI belongs to, so a caller must have the right to all of it.
  const all = (server: string) =>
    (claims.get(server) ?? []).every((claim) => rights.prefixes.some((prefix) => isUnder(claim, prefix)))
  const reaches = (server: string) =>
    all(server) && (claims.get(server) ?? []).some((claim) => overlap(claim, scope.prefix))
  const reads = ({ item }: Named<Tool | Prompt>) =>
    !('inputSchema' in item) || item.annotations?.readOnlyHint === true
  const permits = (named: Named<Tool | Prompt>) =>
    rights.prefixes.some((prefix) => isUnder(named.canonical, prefix)) && (!rights.readonly || reads(named))
  const shows = (named: Named<Tool | Prompt>) =>
    permits(named) && isUnder(named.canonical, scope.prefix) && (!scope.readonly || reads(named))
  const tools = catalogue.tools.all.filter(shows)
  const prompts = catalogue.prompts.all.filter(shows)
  const servers = new Set([...tools, ...prompts].map(({ server }) => server))
  return {
    names: tools.map(({ canonical }) => canonical),
    tools: tools.map((named) => renamed(named, scope.names)),
    prompts: prompts.map((named) => renamed(named, scope.names)),
    resources: [...catalogue.resources.values()].flatMap(
      (owners) => owners.find(({ server }) => reaches(server))?.item ?? [],
    ),
    templates: catalogue.templates.flatMap((one) => (reaches(one.server) ? [one.item] : [])),
    instructions: mergedInstructions(catalogue, servers),
    shows,
    reaches,
  }
}

/** Throws NOT_FOUND for an address under which no server ever offered anything. */
export function checkScope(path: string, scope: Scope | undefined, names: () => readonly string[]): Scope {
  if (scope?.prefix === EVERYTHING) return scope
  const known = names()
  if (scope && known.some((name) => isUnder(name, scope.prefix))) return scope
  const sets = ['readonly', ...setsOf(known)]
  const near = nearest(path.replace(/^\/mcp\//, ''), sets).map((set) => `/mcp/${set}`)
  throw new GatehouseError('NOT_FOUND', `There is no toolset at this address${didYouMean(near)}`, {
    hint: `Toolsets: /mcp, ${sets.map((set) => `/mcp/${set}`).join(', ')}`,
    data: { nearest: near },
  })
}

/** Every prefix of the names, from `infra` to `infra.k8s.pods`. */
function setsOf(names: readonly string[]): string[] {
  const sets = names.flatMap((name) => {
    const parts = name.split('.').slice(0, -1)
    return parts.map((_part, index) => parts.slice(0, index + 1).join('.'))
  })
  return [...new Set(sets)].sort()
}

// A safe name says less to a person than the dotted one, so that stands in the title.
function renamed<T extends Tool | Prompt>({ canonical, safe, item }: Named<T>, names: NameStyle): T {
  return names === 'dotted' ? { ...item, name: canonical } : { ...item, name: safe, title: canonical }
}
