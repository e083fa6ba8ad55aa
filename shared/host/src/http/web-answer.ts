import type { IncomingMessage, ServerResponse } from 'node:http'
import { GatehouseError } from '@gatehouse/errors'
import type { Sanitizer } from '@gatehouse/sanitizer'
import type { AuthInfo, McpHttpHandler } from '@modelcontextprotocol/server'
import { writeJson } from './write.ts'

export interface WebAnswerOptions {
  request: IncomingMessage
  response: ServerResponse
  /** The body, already read and parsed, where there was one. */
  parsedBody: unknown
  gone: AbortSignal
  sanitizer: Sanitizer
  authInfo?: AuthInfo
}

/** Lets the SDK answer a request of node:http. A thin adapter: plain answers are written in one go. */
export async function answerBySdk(handler: McpHttpHandler, options: WebAnswerOptions): Promise<void> {
  const { request, response, parsedBody, gone, sanitizer, authInfo } = options
  const answer = await handler.fetch(toWeb(request, gone), {
    ...(parsedBody !== undefined && { parsedBody }),
    ...(authInfo && { authInfo }),
  })
  if (answer.status >= 400) await writeRefusal(answer, response, sanitizer)
  else await write(answer, response, gone)
}

/** Aborts when the client left before its answer was complete. */
export function goneSignal(response: ServerResponse): AbortSignal {
  const gone = new AbortController()
  response.on('close', () => {
    if (!response.writableFinished) gone.abort()
  })
  return gone.signal
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
