import { answerBySdk, goneSignal, listen, readBody, writeText } from '@gatehouse/host'
import { createSanitizer, ownWords } from '@gatehouse/sanitizer'
import { silentLogger } from '@gatehouse/telemetry'
import { eventually } from '@gatehouse/testing'
import { Client, StreamableHTTPClientTransport } from '@modelcontextprotocol/client'
import { createMcpHandler, Server } from '@modelcontextprotocol/server'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { type RunningHub, startHub } from './harness.ts'

// A real server of the SDK whose list changes while it runs; ours change only with a restart.
let names = ['a.first']
const info = { name: 'changing', version: '1' }
const handler = createMcpHandler(() => {
  const server = new Server(info, { capabilities: { tools: { listChanged: true } } })
  server.setRequestHandler('tools/list', () => ({
    tools: names.map((name) => ({ name, inputSchema: { type: 'object' as const } })),
  }))
  server.setRequestHandler('tools/call', ({ params }) => ({
    content: [{ type: 'text' as const, text: params.name }],
  }))
  return server
})
const sanitizer = createSanitizer({ key: 'k'.repeat(32) })
let stop: () => Promise<void>
let hub: RunningHub

beforeAll(async () => {
  const listener = await listen(
    '127.0.0.1',
    0,
    async (request, response) => {
      if (request.url === '/livez') return writeText(response, 200, ownWords`ok`)
      const body = await readBody(request)
      const parsedBody = JSON.parse(body.toString())
      await answerBySdk(handler, { request, response, parsedBody, gone: goneSignal(response), sanitizer })
    },
    silentLogger,
  )
  stop = () => listener.stop(0)
  const url = `http://127.0.0.1:${listener.port}/mcp`
  hub = await startHub({ version: 1, servers: [{ id: 'changing', url, prefixes: ['a'] }] })
  await hub.ready('changing')
})
afterAll(async () => {
  await hub?.[Symbol.asyncDispose]()
  await stop?.()
})

it('a server tells the hub, the hub its clients, and the next list is the new one', async () => {
  const options = { versionNegotiation: { mode: { pin: '2026-07-28' as const } } }
  const client = new Client({ name: 'listening', version: '0' }, options)
  let told = 0
  client.setNotificationHandler('notifications/tools/list_changed', () => {
    told++
  })
  await client.connect(new StreamableHTTPClientTransport(new URL(`${hub.url}/mcp/names/dotted`)))
  const subscription = await client.listen({ toolsListChanged: true })
  expect((await client.listTools()).tools.map(({ name }) => name)).toEqual(['a.first'])
  names = ['a.first', 'a.second']
  handler.notify.toolsChanged()
  await eventually('told', async () => told > 0, { interval: 10 })
  const { tools } = await client.listTools(undefined, { cacheMode: 'refresh' })
  expect(tools.map(({ name }) => name)).toEqual(['a.first', 'a.second'])
  const result = await client.callTool({ name: 'a_second' })
  expect(result.content).toEqual([{ type: 'text', text: 'a.second' }])
  await subscription.close()
  await client.close()
})
