import type { IncomingHttpHeaders, IncomingMessage, ServerResponse } from 'node:http'
import { GatehouseError } from '@gatehouse/errors'
import type { Sanitizer } from '@gatehouse/sanitizer'
import { CORRELATION_META_KEY, type Logger } from '@gatehouse/telemetry'
import type { McpDoor, McpView } from '@gatehouse/tools'
import { createMcpHandler, type McpHttpHandler } from '@modelcontextprotocol/server'
import { readBody } from './body.ts'
import { adoptCorrelation } from './correlation.ts'
import { rpcError } from './refuse.ts'
import { writeJson } from './write.ts'

interface McpRequest {
  request: IncomingMessage
  response: ServerResponse
  given: IncomingHttpHeaders
  path: string
  view: McpView
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
    async serve({ request, response, given, path, view }: McpRequest): Promise<void> {
      const gone = new AbortController()
      response.on('close', () => {
        if (!response.writableFinished) gone.abort()
      })
      let parsedBody: unknown
      if (request.method === 'POST') {
        const body = await readBody(request)
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
      const answer = await handler.fetch(
        toWeb(request, gone.signal),
        parsedBody === undefined ? {} : { parsedBody },
      )
      if (answer.status >= 400) await writeRefusal(answer, response, sanitizer)
      else await write(answer, response, gone.signal)
    },
    async close(): Promise<void> {
      await Promise.allSettled([...handlers.values()].map((handler) => handler.close()))
    },
  }
}

function toWeb(request: IncomingMessage, signal: AbortSignal): Request {
  // Node joins repeated headers; the only list it leaves, Set-Cookie, is none of a request's.
  const headers = request.headers as Record<string, string>
  const url = `http://${headers.host ?? 'localhost'}${request.url ?? '/'}`
  // What Node takes for a Host need not be one.
  if (!URL.canParse(url)) throw new GatehouseError('INVALID_INPUT', 'The address or its host cannot be read')
  return new Request(url, { method: request.method ?? 'GET', headers, signal })
}

// What the SDK refuses by itself repeats headers of the request. Its bodies are JSON.
async function writeRefusal(answer: Response, response: ServerResponse, sanitizer: Sanitizer): Promise<void> {
  const { 'content-length': _ours, ...headers } = Object.fromEntries(answer.headers)
  writeJson(response, answer.status, sanitizer.blind().value(await answer.json()), headers)
}

async function write(answer: Response, response: ServerResponse, gone: AbortSignal): Promise<void> {
  const headers = Object.fromEntries(answer.headers)
  const streamed = headers['content-type']?.startsWith('text/event-stream') ?? false
  if (!answer.body) {
    response.writeHead(answer.status, headers).end()
    return
  }
  if (!streamed) {
    // With its length known, head and body leave in one write.
    const body = await answer.text()
    response.writeHead(answer.status, { ...headers, 'content-length': Buffer.byteLength(body) }).end(body)
    return
  }
  response.writeHead(answer.status, headers)
  response.flushHeaders()
  try {
    for await (const chunk of answer.body) {
      if (gone.aborted) break
      if (!response.write(chunk)) await drained(response, gone)
    }
  } finally {
    response.end()
  }
}

function drained(response: ServerResponse, gone: AbortSignal): Promise<void> {
  const { promise, resolve } = Promise.withResolvers<void>()
  response.once('drain', resolve)
  gone.addEventListener('abort', () => resolve(), { once: true })
  return promise
}

function metaOf(body: unknown): Record<string, unknown> | undefined {
  const params = (body as { params?: { _meta?: unknown } } | null)?.params
  const meta = params?._meta
  return typeof meta === 'object' && meta !== null ? (meta as Record<string, unknown>) : undefined
}
