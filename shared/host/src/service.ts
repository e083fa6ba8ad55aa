import { randomBytes } from 'node:crypto'
import type { IncomingMessage } from 'node:http'
import { asGatehouseError } from '@gatehouse/errors'
import { createSanitizer, ownWords, type Sanitizer } from '@gatehouse/sanitizer'
import { type Logger, type Metrics, silentLogger } from '@gatehouse/telemetry'
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
import type { Site } from './http/site.ts'
import { writeJson, writeText } from './http/write.ts'
import { createViews } from './views.ts'

export interface ServiceOptions {
  info: { name: string; title: string; version: string; instructions: string; description: string }
  tools: readonly AnyTool[]
  invoke: Invoke
  metrics: Metrics
  log?: Logger
  token: string | undefined
  host: string
  /** Accepts whom the hub signed for; see createGuards. */
  hub?: { key: string; only: boolean; server: string } | undefined
  toolsets: readonly string[]
  names: NameStyle | undefined
  /** Further JSON documents that need no token, by path. */
  documents: Record<string, () => unknown>
  /** Pages that need no token; loaded with the first request that is not MCP. */
  site?: () => Promise<Site>
  /** Three states; `degraded` still answers 200. */
  health: () => Promise<{ state: 'healthy' | 'degraded' | 'unhealthy' }>
  /** For all that is no reply of a tool. One of its own, which knows no credentials, by default. */
  sanitizer?: Sanitizer
  /** What MCP offers besides tools. */
  extension?: McpExtension
}

const FRESH = { 'cache-control': 'no-store' }

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
  const { info, tools, invoke, metrics, sanitizer = createSanitizer({ key: randomBytes(32) }) } = options
  const guards = createGuards({ token: options.token, host: options.host, hub: options.hub })
  const door = createMcpDoor({
    ...info,
    tools,
    invoke,
    extension: options.extension,
    sanitizer,
  })
  const views = createViews(tools, options.toolsets, options.names ?? 'dotted')
  const mcp = createMcpRoute(door, options.log ?? silentLogger, sanitizer)
  const rest = lazily(() => loadRest(options, guards.caller, sanitizer))
  let ready = true

  const handle: Handle = async (request, response, given) => {
    const path = (request.url ?? '/').split('?', 1)[0] ?? '/'
    if (path === '/livez') return writeText(response, 200, ownWords`ok`, FRESH)
    if (path === '/readyz') {
      return writeText(response, ready ? 200 : 503, ready ? ownWords`ok` : ownWords`stopping`, FRESH)
    }
    guards.address(request)
    if (path === '/mcp' || path.startsWith('/mcp/')) {
      // First who calls: a stranger does not learn which toolsets exist.
      const { name, seal } = guards.mcpCaller(request)
      return mcp.serve({ request, response, given, path, view: { ...views(path), caller: name }, seal })
    }
    if (path === '/health') {
      const health = await options.health()
      const status = health.state === 'unhealthy' ? 503 : 200
      return writeJson(response, status, sanitizer.blind().value(health), FRESH)
    }
    if (path === '/metrics') {
      guards.holder(request)
      const text = sanitizer.text(await metrics.render())
      const type = 'text/plain; version=0.0.4; charset=utf-8'
      return writeText(response, 200, text, { ...FRESH, 'content-type': type })
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
  sanitizer: Sanitizer,
): Promise<Handle> {
  const { createRestApp, runApp } = await import('./http/rest-app.ts')
  const { answerError, wantsPage } = await import('./http/site.ts')
  const { info, tools, invoke } = options
  const { title, version, description } = info
  // Large and always the same: once is enough.
  const document = sanitizer.value(openApi({ title, version, description }, tools))
  const documents = Object.entries(options.documents).map(
    ([path, make]) => [path, async () => sanitizer.value(await make())] as const,
  )
  const door = createRestDoor(tools, invoke)
  const site = await options.site?.()
  const app = createRestApp({
    door,
    caller,
    documents: { ...Object.fromEntries(documents), '/openapi.json': () => document },
    site,
  })
  if (!site) return (request, response) => runApp(app, request, response)
  return async (request, response) => {
    try {
      await runApp(app, request, response)
    } catch (thrown) {
      const error = asGatehouseError(thrown)
      // What is no reader's mistake is logged by the listener, and programs get it as data.
      if (response.headersSent || error.code === 'INTERNAL' || !wantsPage(request)) throw thrown
      const { text } = sanitizer.blind()
      const correlationId = text(String(request.headers['x-correlation-id']))
      const page = site.errorPage({ message: text(error.message), hint: text(error.hint), correlationId })
      answerError(response, error.http, page)
    }
  }
}

function lazily<T>(make: () => Promise<T>): () => Promise<T> {
  let made: Promise<T> | undefined
  return () => {
    made ??= make()
    return made
  }
}
