import { GatehouseError } from '@gatehouse/errors'
import type { Sanitizer } from '@gatehouse/sanitizer'
import { guardErrors } from '@gatehouse/tools'
import {
  type AuthInfo,
  createMcpHandler,
  type McpHttpHandler,
  type McpServerFactory,
  ProtocolError,
  ProtocolErrorCode,
  ResourceNotFoundError,
  Server,
} from '@modelcontextprotocol/server'
import type { Catalogue } from '../catalogue/catalogue.ts'
import type { UnknownName } from '../catalogue/unknown.ts'
import type { View } from '../catalogue/view.ts'

/** What the SDK needs to know about the request it answers. */
export interface Asked {
  view: View
  catalogue: Catalogue
  unknown: (name: string) => UnknownName
  correlationId: string
}

// Lists change when a server does; clients that subscribe are told, the others look again soon.
const CACHE = { ttlMs: 2_000, cacheScope: 'private' } as const
const INFO = { name: 'gatehouse', title: 'Gatehouse' }

/**
 * Whatever the hub answers by itself, in both protocol eras, by the SDK: lists from the catalogue, discovery,
 * subscriptions, and the refusal of everything malformed or unknown.
 */
export function ownAnswers(
  version: string,
  sanitizer: Sanitizer,
  onError: (error: Error) => void,
): McpHttpHandler {
  const info = { ...INFO, version }
  const factory: McpServerFactory = ({ authInfo, era }) =>
    serverFor(info, sanitizer, askedOf(authInfo), era === 'modern')
  return createMcpHandler(factory, { onerror: onError })
}

/** The SDK hands this to the factory untouched. */
export function asAuthInfo(asked: Asked): AuthInfo {
  return { token: '', clientId: '', scopes: [], extra: { asked } }
}

function askedOf(authInfo: AuthInfo | undefined): Asked {
  const asked = authInfo?.extra?.asked
  if (!asked) throw new Error('the door did not say what was asked')
  return asked as Asked
}

function serverFor(
  info: { name: string; title: string; version: string },
  sanitizer: Sanitizer,
  { view, catalogue, unknown, correlationId }: Asked,
  modern: boolean,
): Server {
  const listChanged = modern ? { listChanged: true } : {}
  const has = (name: string) => catalogue.capabilities[name] !== undefined
  const server = new Server(info, {
    capabilities: {
      tools: listChanged,
      ...(has('prompts') && { prompts: listChanged }),
      ...(has('resources') && { resources: listChanged }),
      ...(has('completions') && { completions: {} }),
      ...(has('logging') && { logging: {} }),
    },
    instructions: view.instructions,
    cacheHints: {
      'tools/list': CACHE,
      'server/discover': CACHE,
      'prompts/list': CACHE,
      'resources/list': CACHE,
    },
  })
  // What the SDK says by itself repeats what was asked.
  const connect = server.connect.bind(server)
  server.connect = (transport) => connect(guardErrors(transport, sanitizer))
  const blind = sanitizer.blind()
  const refuseName = (name: string): never => {
    const { message, ...data } = unknown(name)
    throw new ProtocolError(
      ProtocolErrorCode.InvalidParams,
      blind.text(message),
      blind.value({ ...data, message, correlation_id: correlationId }),
    )
  }
  server.setRequestHandler('tools/list', () => ({ tools: view.tools }))
  // A call of a tool that exists never comes here.
  server.setRequestHandler('tools/call', ({ params }) => refuseName(params.name))
  if (has('prompts')) {
    server.setRequestHandler('prompts/list', () => ({ prompts: view.prompts }))
    server.setRequestHandler('prompts/get', ({ params }) => refuseName(params.name))
  }
  if (has('resources')) {
    server.setRequestHandler('resources/list', () => ({ resources: view.resources }))
    server.setRequestHandler('resources/templates/list', () => ({ resourceTemplates: view.templates }))
    server.setRequestHandler('resources/read', ({ params }) => {
      throw new ResourceNotFoundError(blind.text(params.uri))
    })
  }
  if (has('completions')) {
    server.setRequestHandler('completion/complete', () => {
      throw new ProtocolError(
        ProtocolErrorCode.InvalidParams,
        'Nothing here has completions by this reference',
      )
    })
  }
  if (has('logging')) server.setRequestHandler('logging/setLevel', () => ({}))
  return server
}

/** A batch of 2025-03-26 with calls in it would need several servers for one answer. */
export function refuseBatch(body: unknown): void {
  if (!Array.isArray(body)) return
  const calls = body.some((one) => {
    const method = (one as { method?: unknown } | null)?.method
    return typeof method === 'string' && /\/(call|get|read|complete)$/.test(method)
  })
  if (calls)
    throw new GatehouseError('INVALID_INPUT', 'A batch with calls in it is not taken', {
      hint: 'Send each call by itself',
    })
}
