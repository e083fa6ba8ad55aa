import { createServer, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { setTimeout as pause } from 'node:timers/promises'

// A server that costs almost nothing, so that what is measured is the hub: `upstream-server.ts PREFIX TOOLS PORT`. It says
// what it is told, and has tools that take 20 ms, answer 200 KB, stream and never answer. Prints its port first.
const [prefix = 'bench', count = '5', port = '0'] = process.argv.slice(2)
const SPECIAL = ['echo', 'slow', 'large', 'stream', 'hang']
const names = [
  ...SPECIAL,
  ...Array.from({ length: Number(count) - SPECIAL.length }, (_, index) => `tool${index}`),
]
const tools = names.map((name) => ({
  name: `${prefix}.${name}`,
  description: 'Does nothing, and says so in a sentence about as long as those of real tools are',
  inputSchema: {
    type: 'object',
    properties: Object.fromEntries(
      ['namespace', 'name', 'selector', 'text'].map((one) => [
        one,
        { type: 'string', description: 'a text' },
      ]),
    ),
  },
  annotations: { readOnlyHint: true },
}))
const LARGE = 'x'.repeat(200_000)

const server = createServer(async (request, response) => {
  if (request.url === '/livez') return void response.end('ok')
  const chunks: Buffer[] = []
  for await (const chunk of request as AsyncIterable<Buffer>) chunks.push(chunk)
  const { id, method, params } = JSON.parse(Buffer.concat(chunks).toString())
  if (method !== 'tools/call') {
    const base = { resultType: 'complete', ttlMs: 0, cacheScope: 'private' }
    const discovered = { ...base, supportedVersions: ['2026-07-28'], capabilities: { tools: {} } }
    return send(response, id, method === 'server/discover' ? discovered : { ...base, tools })
  }
  const name = String(params.name).split('.').at(-1)
  if (name === 'hang') return
  if (name === 'slow') await pause(20)
  const text = name === 'large' ? LARGE : params.arguments.text
  const result = { resultType: 'complete', content: [{ type: 'text', text }] }
  if (name !== 'stream') return send(response, id, result)
  response.writeHead(200, { 'content-type': 'text/event-stream' })
  const progress = {
    jsonrpc: '2.0',
    method: 'notifications/progress',
    params: { progressToken: 1, progress: 1 },
  }
  response.write(`event: message\ndata: ${JSON.stringify(progress)}\n\n`)
  response.end(`event: message\ndata: ${JSON.stringify({ jsonrpc: '2.0', id, result })}\n\n`)
})
server.listen(Number(port), '127.0.0.1', () =>
  console.log(`{"port":${(server.address() as AddressInfo).port}}`),
)

function send(response: ServerResponse, id: unknown, result: unknown): void {
  const body = JSON.stringify({ jsonrpc: '2.0', id, result })
  response
    .writeHead(200, { 'content-type': 'application/json', 'content-length': Buffer.byteLength(body) })
    .end(body)
}
