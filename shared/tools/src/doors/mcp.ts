import { randomBytes } from 'node:crypto'
import { annotationsOf } from '@gatehouse/policy'
import { createSanitizer, type Sanitizer } from '@gatehouse/sanitizer'
import { type AcceptableId, CORRELATION_META_KEY, resolveCorrelation } from '@gatehouse/telemetry'
import {
  type CallToolResult,
  type McpServerFactory,
  ProtocolError,
  ProtocolErrorCode,
  Server,
  type ServerCapabilities,
  type ServerContext,
  type ServerOptions,
  type Tool,
  type Transport,
} from '@modelcontextprotocol/server'
import type { Incoming } from '../call.ts'
import { wireSchema } from '../describe/wire-schema.ts'
import { type NameStyle, nameTable, safeName } from '../names.ts'
import type { Invoke } from '../pipeline.ts'
import type { AnyTool, Reply } from '../tool.ts'
import { unlistedInputs } from '../toolsets.ts'
import { guardErrors } from './guard-errors.ts'
import { RunningCalls } from './running-calls.ts'

export interface McpDoorOptions {
  name: string
  title: string
  version: string
  instructions: string
  tools: readonly AnyTool[]
  invoke: Invoke
  extension?: McpExtension | undefined
  /** For what the SDK says by itself, and for ids that must not be repeated. One of its own by default. */
  sanitizer?: Sanitizer | undefined
  acceptableId?: AcceptableId | undefined
}

/** What a server offers over MCP besides tools, such as resources or prompts. */
export interface McpExtension {
  capabilities: ServerCapabilities
  requestState?: ServerOptions['requestState']
  /** Adds handlers to a connection's server, after the door's own two, which it may wrap. */
  register(server: Server, own: McpOwnHandlers): void
}

export interface McpOwnHandlers {
  list(): Tool[]
  call(params: CallParams, context: ServerContext): Promise<CallToolResult>
}

type CallParams = { name: string; arguments?: Record<string, unknown> | undefined }

/** Which tools a connection is shown, and how they are called. Every tool stays callable by both its names. */
export interface McpView {
  tools: readonly AnyTool[]
  names: NameStyle
  /** Schemas without the inputs that the set `essential` leaves out. */
  short?: boolean
  /** Who calls, as the host knows it. */
  caller: string
}

export interface McpDoor {
  /** The SDK's server factory for one view; cheap, because it runs on every HTTP request. */
  factory(view: McpView): McpServerFactory
  /** The prebuilt answer to tools/list. */
  list(view: McpView): Tool[]
  /** Sanitises the errors that `transport` sends before there is a connection. */
  guard<T extends Transport>(transport: T): T
  /** Resolves when no call is running. */
  idle(): Promise<void>
}

// The list changes only with the program, and is the same for every caller of one address.
const CACHE = { ttlMs: 300_000, cacheScope: 'public' } as const

/** MCP in both protocol eras from one code path: the SDK's low-level server with prebuilt lists and a map for dispatch. */
export function createMcpDoor(options: McpDoorOptions): McpDoor {
  const { extension, sanitizer = createSanitizer({ key: randomBytes(32) }) } = options
  const guard = <T extends Transport>(transport: T) => guardErrors(transport, sanitizer)
  const { text } = sanitizer.blind()
  const acceptable = options.acceptableId ?? ((id) => text(id) === id)
  const table = nameTable(options.tools)
  const running = new RunningCalls()
  const lists = new WeakMap<readonly AnyTool[], Partial<Record<string, Tool[]>>>()
  const list = ({ tools, names, short = false }: McpView): Tool[] => {
    const known = lists.get(tools) ?? {}
    lists.set(tools, known)
    const key = `${names} ${short}`
    const made = known[key] ?? tools.map((tool) => listed(tool, names, short))
    known[key] = made
    return made
  }
  const info = { name: options.name, title: options.title, version: options.version }
  const settings = {
    capabilities: { ...extension?.capabilities, tools: {} },
    ...(extension?.requestState && { requestState: extension.requestState }),
    instructions: options.instructions,
    cacheHints: { 'tools/list': CACHE, 'server/discover': CACHE },
  }
  const factory = (view: McpView): McpServerFactory => {
    return () => {
      const server = new Server(info, settings)
      const connect = server.connect.bind(server)
      server.connect = (transport) => connect(guard(transport))
      const own: McpOwnHandlers = {
        list: () => list(view),
        call: (params, context) =>
          running.run(() => call(options.invoke, acceptable, table, view, params, context)),
      }
      server.setRequestHandler('tools/list', () => ({ tools: own.list() }))
      server.setRequestHandler('tools/call', (request, context) => own.call(request.params, context))
      extension?.register(server, own)
      return server
    }
  }
  return { factory, list, guard, idle: () => running.idle() }
}

async function call(
  invoke: Invoke,
  acceptable: AcceptableId,
  table: Map<string, AnyTool>,
  view: McpView,
  params: CallParams,
  context: ServerContext,
): Promise<CallToolResult> {
  const meta = context.mcpReq._meta
  const correlation = resolveCorrelation(headersOf(context), meta, acceptable)
  const reply = await invoke({
    name: params.name,
    tool: table.get(params.name),
    input: params.arguments,
    door: 'mcp',
    caller: view.caller,
    correlation,
    signal: context.mcpReq.signal,
    progress: progressOf(context),
    requestBytes: bytesOf(params, context),
    deadlineMs: deadlineOf(context),
  })
  if (reply.errorCode === 'UNKNOWN_TOOL') {
    throw new ProtocolError(ProtocolErrorCode.InvalidParams, reply.text, reply.structured)
  }
  return resultOf(reply, correlation.correlationId)
}

// Of a hub in front of this server, which gives up then.
function deadlineOf(context: ServerContext): number | undefined {
  const given = Number(context.http?.req?.headers.get('x-gatehouse-deadline-ms'))
  return given >= 1 ? Math.floor(given) : undefined
}

// On stdio, and where a client sends without a length, the size of what was understood.
function bytesOf(params: CallParams, context: ServerContext): number {
  const sent = context.http?.req?.headers.get('content-length')
  return sent ? Number(sent) : Buffer.byteLength(JSON.stringify(params))
}

function resultOf(reply: Reply, correlationId: string): CallToolResult {
  return {
    content: [{ type: 'text', text: reply.text }],
    structuredContent: reply.structured,
    ...(reply.isError && { isError: true }),
    _meta: { [CORRELATION_META_KEY]: correlationId },
  }
}

function listed(tool: AnyTool, names: NameStyle, short: boolean): Tool {
  return {
    name: names === 'safe' ? safeName(tool.name) : tool.name,
    title: names === 'safe' ? tool.name : tool.title,
    description: tool.description,
    inputSchema: wireSchema(tool.input, short ? unlistedInputs(tool) : []) as Tool['inputSchema'],
    annotations: annotationsOf(tool.risk),
  }
}

function headersOf(context: ServerContext): Record<string, string | undefined> {
  const headers = context.http?.req?.headers
  const read = (name: string) => headers?.get(name) ?? undefined
  return {
    traceparent: read('traceparent'),
    'x-correlation-id': read('x-correlation-id'),
    'x-request-id': read('x-request-id'),
  }
}

function progressOf(context: ServerContext): Incoming['progress'] {
  const progressToken = context.mcpReq._meta?.progressToken
  if (progressToken === undefined) return undefined
  let count = 0
  return (message, done, total) => {
    count++
    const params = { progressToken, progress: done ?? count, ...(total !== undefined && { total }), message }
    // A caller that is gone must not fail the call that notices it.
    context.mcpReq.notify({ method: 'notifications/progress', params }).catch(() => {})
  }
}
