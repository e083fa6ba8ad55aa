import type { IncomingHttpHeaders, IncomingMessage, ServerResponse } from 'node:http'
import type { Sanitizer } from '@gatehouse/sanitizer'
import { CORRELATION_META_KEY, type Logger } from '@gatehouse/telemetry'
import type { McpDoor, McpView } from '@gatehouse/tools'
import { createMcpHandler, type McpHttpHandler } from '@modelcontextprotocol/server'
import { readBody } from './body.ts'
import { adoptCorrelation } from './correlation.ts'
import { rpcError } from './refuse.ts'
import { answerBySdk, goneSignal } from './web-answer.ts'

interface McpRequest {
  request: IncomingMessage
  response: ServerResponse
  given: IncomingHttpHeaders
  path: string
  view: McpView
  /** Throws where the body is not what was signed. */
  seal: (body: Buffer) => void
}

/** Serves MCP for one view. A thin adapter: the body is read and parsed once, plain answers are written in one go. */
export function createMcpRoute(door: McpDoor, log: Logger, sanitizer: Sanitizer) {
  const handlers = new Map<string, McpHttpHandler>()
  const handlerOf = (key: string, view: McpView): McpHttpHandler => {
    const made =
      handlers.get(key) ??
      createMcpHandler(door.factory(view), { onerror: (error) => log.debug('mcp', { err: error.message }) })
    handlers.set(key, made)
    return made
  }
  return {
    async serve({ request, response, given, path, view, seal }: McpRequest): Promise<void> {
      const gone = goneSignal(response)
      let parsedBody: unknown
      if (request.method === 'POST') {
        const body = await readBody(request)
        seal(body)
        try {
          parsedBody = JSON.parse(body.toString())
        } catch {
          rpcError(response, sanitizer, 400, -32_700, 'Parse error: the body is not valid JSON')
          return
        }
        const meta = metaOf(parsedBody)
        if (meta && (meta.traceparent || meta[CORRELATION_META_KEY]))
          adoptCorrelation(request, response, given, sanitizer, meta)
      }
      const handler = handlerOf(`${path} ${view.caller}`, view)
      await answerBySdk(handler, { request, response, parsedBody, gone, sanitizer })
    },
    async close(): Promise<void> {
      await Promise.allSettled([...handlers.values()].map((handler) => handler.close()))
    },
  }
}

/** `params._meta` of a JSON-RPC request. */
export function metaOf(body: unknown): Record<string, unknown> | undefined {
  const params = (body as { params?: { _meta?: unknown } } | null)?.params
  const meta = params?._meta
  return typeof meta === 'object' && meta !== null ? (meta as Record<string, unknown>) : undefined
}
