import type { JSONRPCRequest } from '@modelcontextprotocol/server'
import { classifyInboundRequest } from '@modelcontextprotocol/server'
import { type Catalogue, literalOf } from '../catalogue/catalogue.ts'
import type { View } from '../catalogue/view.ts'

/** A request that one server answers, and how it is to be asked. */
export interface Routed {
  id: string | number
  method: string
  modern: boolean
  server: string
  /** As policy and logs know it; the method where there is no name. */
  canonical: string
  /** What stands in `params.name` upstream; undefined where it stays as it is. */
  own: string | undefined
  /** May be sent again when the connection broke. */
  read: boolean
}

type Headers = Record<string, string | string[] | undefined>

/**
 * The request as JSON-RPC where it is of a kind that one server answers and everything about it is in order. All else,
 * malformed requests too, is the SDK's: it knows the right refusal.
 */
export function routedMessage(
  body: unknown,
  headers: Headers,
): { message: JSONRPCRequest; modern: boolean } | undefined {
  const { method } = (body ?? {}) as { method?: unknown }
  if (typeof method !== 'string' || !ROUTED.has(method)) return undefined
  const read = (name: string) => headers[name] as string | undefined
  const [version, named, called] = [read('mcp-protocol-version'), read('mcp-name'), read('mcp-method')]
  const route = classifyInboundRequest({
    httpMethod: 'POST',
    ...(version !== undefined && { protocolVersionHeader: version }),
    ...(named !== undefined && { mcpNameHeader: named }),
    ...(called !== undefined && { mcpMethodHeader: called }),
    body,
  })
  if (route.kind === 'reject') return undefined
  if (route.kind === 'legacy') {
    return route.reason === 'no-claim' ? { message: body as JSONRPCRequest, modern: false } : undefined
  }
  if (route.messageKind !== 'request' || route.classification.revision !== MODERN) return undefined
  const agrees = method === 'completion/complete' || decoded(named) === nameIn(route.message)
  return version === MODERN && called === method && agrees
    ? { message: route.message, modern: true }
    : undefined
}

const MODERN = '2026-07-28'
const ROUTED = new Set(['tools/call', 'prompts/get', 'resources/read', 'completion/complete'])

/** Who answers it, from the catalogue alone; undefined for a name that is not there or not for this view. */
export function routeOf(
  { message, modern }: { message: JSONRPCRequest; modern: boolean },
  catalogue: Catalogue,
  view: View,
): Routed | undefined {
  const { method } = message
  const base = { id: message.id, method, modern }
  const params = (message.params ?? {}) as Record<string, unknown>
  if (method === 'tools/call' || method === 'prompts/get') {
    const table = method === 'tools/call' ? catalogue.tools : catalogue.prompts
    const named = typeof params.name === 'string' && table.byName.get(params.name)
    if (!named || !view.shows(named)) return undefined
    const { server, canonical, own, item } = named
    const hints = 'annotations' in item ? item.annotations : undefined
    const read = method === 'prompts/get' || hints?.readOnlyHint === true || hints?.idempotentHint === true
    return { ...base, server, canonical, own, read }
  }
  if (method === 'resources/read') {
    const server = resourceOwner(params.uri, catalogue, view)
    return server === undefined
      ? undefined
      : { ...base, server, canonical: method, own: undefined, read: true }
  }
  const reference = (params.ref ?? {}) as { type?: unknown; name?: unknown; uri?: unknown }
  if (reference.type === 'ref/prompt') {
    const named = typeof reference.name === 'string' && catalogue.prompts.byName.get(reference.name)
    if (!named || !view.shows(named)) return undefined
    return { ...base, server: named.server, canonical: method, own: named.own, read: true }
  }
  const server = resourceOwner(reference.uri, catalogue, view)
  return server === undefined ? undefined : { ...base, server, canonical: method, own: undefined, read: true }
}

// A template matches as far as it is literal; the server decides the rest. They are in the order in which they count.
function resourceOwner(uri: unknown, { resources, templates }: Catalogue, view: View): string | undefined {
  if (typeof uri !== 'string') return undefined
  const reached = ({ server }: { server: string }) => view.reaches(server)
  const found =
    resources.get(uri)?.find(reached) ??
    templates.find((one) => uri.startsWith(literalOf(one.item)) && reached(one))
  return found?.server
}

function nameIn({ method, params }: JSONRPCRequest): unknown {
  const { name, uri } = (params ?? {}) as { name?: unknown; uri?: unknown }
  return method === 'resources/read' ? uri : name
}

// What cannot stand in a header travels as `=?base64?…?=`.
function decoded(header: string | undefined): string | undefined {
  const [, text] = /^=\?base64\?([A-Za-z0-9+/=]+)\?=$/i.exec(header ?? '') ?? []
  return text === undefined ? header : Buffer.from(text, 'base64').toString()
}
