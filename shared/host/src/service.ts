import type { IncomingMessage, ServerResponse } from 'node:http'
import { type AcceptableId, type Logger, type Metrics, silentLogger } from '@gatehouse/telemetry'
import {
  type AnyTool,
  createMcpDoor,
  createRestDoor,
  type Invoke,
  type McpDoor,
  type McpExtension,
  type NameStyle,
  openApi,
} from '@gatehouse/tools'
import { createGuards } from './http/guards.ts'
import type { Handle } from './http/listener.ts'
import { createMcpRoute } from './http/mcp-route.ts'
import { createViews } from './views.ts'

export interface ServiceOptions {
  info: { name: string; title: string; version: string; instructions: string; description: string }
  tools: readonly AnyTool[]
  invoke: Invoke
  metrics: Metrics
  log?: Logger
  token: string | undefined
  host: string
  toolsets: readonly string[]
  names: NameStyle | undefined
  /** Further JSON documents that need no token, by path. */
  documents: Record<string, () => unknown>
  /** Three states; `degraded` still answers 200. */
  health: () => Promise<{ state: 'healthy' | 'degraded' | 'unhealthy' }>
  /** Correlation ids that may be repeated in headers, logs and requests to a cluster. */
  acceptableId?: AcceptableId
  /** What MCP offers besides tools. */
  extension?: McpExtension
}

/** A server of the suite, ready for any listener: guards, health, metrics, MCP and REST over one pipeline. */
export interface Service {
  door: McpDoor
  views: ReturnType<typeof createViews>
  /** Everything on one listener. */
  handle: Handle
  /** From now on /readyz says no, so that no new work is sent here. */
  drain(): void
  close(): Promise<void>
}

export function createService(options: ServiceOptions): Service {
  const { info, tools, invoke, metrics } = options
  const guards = createGuards({ token: options.token, host: options.host })
  const door = createMcpDoor({
    ...info,
    tools,
    invoke,
    extension: options.extension,
    acceptableId: options.acceptableId,
  })
  const views = createViews(tools, options.toolsets, options.names ?? 'dotted')
  const mcp = createMcpRoute(door, options.log ?? silentLogger, options.acceptableId)
  const rest = lazily(() => loadRest(options, guards.caller))
  let ready = true

  const plain = (
    response: ServerResponse,
    status: number,
    body: string,
    type = 'text/plain; charset=utf-8',
  ) => {
    response.writeHead(status, { 'content-type': type, 'cache-control': 'no-store' }).end(body)
  }
  const handle: Handle = async (request, response, given) => {
    const path = (request.url ?? '/').split('?', 1)[0] ?? '/'
    if (path === '/livez') return plain(response, 200, 'ok')
    if (path === '/readyz') return plain(response, ready ? 200 : 503, ready ? 'ok' : 'stopping')
    guards.address(request)
    if (path === '/mcp' || path.startsWith('/mcp/')) {
      // First who calls: a stranger does not learn which toolsets exist.
      const caller = guards.caller(request)
      return mcp.serve({ request, response, given, path, view: { ...views(path), caller } })
    }
    if (path === '/health') {
      const health = await options.health()
      return plain(
        response,
        health.state === 'unhealthy' ? 503 : 200,
        JSON.stringify(health),
        'application/json',
      )
    }
    if (path === '/metrics') {
      guards.caller(request)
      return plain(response, 200, await metrics.render(), 'text/plain; version=0.0.4; charset=utf-8')
    }
    return (await rest())(request, response, given)
  }
  return {
    door,
    views,
    handle,
    drain: () => {
      ready = false
    },
    close: () => mcp.close(),
  }
}

// express costs 57 ms and 11 MB; MCP clients never need it.
async function loadRest(
  options: ServiceOptions,
  caller: (request: IncomingMessage) => string,
): Promise<Handle> {
  const { createRestApp, runApp } = await import('./http/rest-app.ts')
  const { info, tools, invoke } = options
  const { title, version, description } = info
  const document = openApi({ title, version, description }, tools)
  const door = createRestDoor(tools, invoke)
  const app = createRestApp({
    door,
    caller,
    documents: { ...options.documents, '/openapi.json': () => document },
  })
  return (request, response) => runApp(app, request, response)
}

function lazily<T>(make: () => Promise<T>): () => Promise<T> {
  let made: Promise<T> | undefined
  return () => {
    made ??= make()
    return made
  }
}
