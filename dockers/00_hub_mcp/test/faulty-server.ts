import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { setTimeout as pause } from 'node:timers/promises'

/** What a call of its tool meets. Real servers cannot be made to do most of this. */
export type Fault =
  | 'none'
  | 'hang'
  | { slowMs: number }
  | 'garbage'
  | 'html'
  | 'truncated'
  | 'oversize'
  | 'reset'
  | 'half-stream'
  | 'stream'
  | { status: number }

export interface FaultyServer extends AsyncDisposable {
  url: string
  port: number
  /** Of tools/call. */
  fault: Fault
  /** Of everything, discovery and liveness too. */
  everything: Fault
  /** Names it lists. */
  tools: string[]
  descriptions: Record<string, string>
  calls: { name: string; headers: Record<string, unknown>; body: Record<string, unknown> }[]
  aborted: number
  /** Answers in place of all the rest where it returns true. */
  instead: (body: Body, response: ServerResponse, request: IncomingMessage) => boolean
  /** What else discovery says. */
  discovered: Record<string, unknown>
}

interface Body {
  id: unknown
  method: string
  params: Record<string, unknown>
}

/** A server with faults, in revision 2026-07-28. `port` is given to come back at the same address. */
export async function startFaulty(tools: string[], port = 0): Promise<FaultyServer> {
  const server = createServer((request, response) => {
    const chunks: Buffer[] = []
    request.on('data', (chunk) => chunks.push(chunk))
    request.on('end', () => void answer(Buffer.concat(chunks).toString()))
    const answer = async (text: string) => {
      const body = text ? JSON.parse(text) : { method: '/livez', params: {} }
      if (state.instead(body, response, request)) return
      if (request.url === '/livez') {
        if (state.everything === 'none') response.end('ok')
        else await fail(response, state.everything, 0)
        return
      }
      if (state.everything !== 'none') return fail(response, state.everything, body.id)
      if (body.method !== 'tools/call') return json(response, body.id, listing(body.method, state))
      state.calls.push({ name: body.params.name, headers: request.headers, body })
      response.on('close', () => {
        if (!response.writableFinished) state.aborted++
      })
      await fail(response, state.fault, body.id)
    }
  })
  const state: FaultyServer = {
    url: '',
    port: 0,
    fault: 'none',
    everything: 'none',
    tools,
    descriptions: {},
    calls: [],
    aborted: 0,
    instead: () => false,
    discovered: {},
    [Symbol.asyncDispose]: async () => {
      server.closeAllConnections()
      await new Promise((resolve) => server.close(resolve))
    },
  }
  await new Promise<void>((resolve) => server.listen(port, '127.0.0.1', resolve))
  state.port = (server.address() as AddressInfo).port
  state.url = `http://127.0.0.1:${state.port}/mcp`
  return state
}

function listing(method: string, { tools, descriptions, discovered }: FaultyServer): Record<string, unknown> {
  const base = { resultType: 'complete', ttlMs: 0, cacheScope: 'private' }
  if (method === 'server/discover')
    return {
      ...base,
      supportedVersions: ['2026-07-28'],
      capabilities: { tools: {} },
      instructions: 'Be careful',
      ...discovered,
    }
  const listed = tools.map((name) => ({
    name,
    description: descriptions[name] ?? 'A tool with faults',
    inputSchema: { type: 'object' },
    annotations: { readOnlyHint: !name.endsWith('Write') },
  }))
  return { ...base, tools: listed }
}

const RESULT = {
  resultType: 'complete',
  content: [{ type: 'text', text: 'fine' }],
  structuredContent: { fine: true },
}
const event = (message: unknown) => `event: message\ndata: ${JSON.stringify(message)}\n\n`
const progress = (done: number) => ({
  jsonrpc: '2.0',
  method: 'notifications/progress',
  params: { progressToken: 'p', progress: done },
})

/** Writes a result. */
export function json(response: ServerResponse, id: unknown, result: unknown, status = 200): void {
  response.writeHead(status, { 'content-type': 'application/json' })
  response.end(JSON.stringify({ jsonrpc: '2.0', id, result }))
}

async function fail(response: ServerResponse, fault: Fault, id: unknown): Promise<void> {
  if (fault === 'hang') return
  if (typeof fault === 'object' && 'slowMs' in fault) await pause(fault.slowMs)
  else if (typeof fault === 'object') return void json(response, id, {}, fault.status)
  const write = (type: string, text: string) =>
    void response.writeHead(200, { 'content-type': type }).end(text)
  if (fault === 'garbage') return write('application/json', '}{ not json')
  if (fault === 'html') return write('text/html', '<h1>Bad gateway</h1>')
  if (fault === 'oversize') return write('application/json', JSON.stringify({ result: 'x'.repeat(200_000) }))
  if (fault === 'reset') return void response.socket?.resetAndDestroy()
  if (fault === 'truncated') {
    response
      .writeHead(200, { 'content-type': 'application/json', 'content-length': 1_000 })
      .write('{"jsonrpc"')
    await pause(20)
    return void response.socket?.destroy()
  }
  if (fault === 'half-stream' || fault === 'stream') {
    response.writeHead(200, { 'content-type': 'text/event-stream' })
    for (const done of [1, 2]) {
      response.write(event(progress(done)))
      await pause(30)
    }
    if (fault === 'half-stream') return void response.socket?.destroy()
    return void response.end(event({ jsonrpc: '2.0', id, result: RESULT }))
  }
  json(response, id, RESULT)
}
