import type { ServerResponse } from 'node:http'
import { eventually } from '@gatehouse/testing'
import { postModern } from '@gatehouse/testing/mcp'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { type FaultyServer, json, startFaulty } from './faulty-server.ts'
import { type RunningHub, startHub } from './harness.ts'

let bad: FaultyServer
let hub: RunningHub
beforeAll(async () => {
  bad = await startFaulty(['a.read', 'a.someWrite'])
  hub = await startHub({ version: 1, servers: [{ id: 'bad', url: bad.url, prefixes: ['a'] }] })
  await hub.ready('bad')
})
afterAll(async () => {
  await hub?.[Symbol.asyncDispose]()
  await bad?.[Symbol.asyncDispose]()
})
afterEach(async () => {
  bad.instead = () => false
  bad.discovered = {}
  await hub.ready('bad')
})

const call = (name = 'a.read', headers: Record<string, string> = {}) =>
  postModern(`${hub.url}/mcp`, 'tools/call', { name, arguments: {} }, { headers })
const logged = (id: string) =>
  hub.process.logged((line) => line.msg === 'call finished' && line.correlation_id === id)
const answering = (write: (response: ServerResponse, id: unknown) => void | Promise<void>): void => {
  bad.instead = ({ method, id }, response) => {
    if (method === 'tools/call') void write(response, id)
    return method === 'tools/call'
  }
}
const raw = (text: string, type = 'application/json') =>
  answering((response, id) => {
    response.writeHead(200, { 'content-type': type }).end(text.replace('ID', JSON.stringify(id)))
  })

describe('what a server says about its answer', () => {
  it.each<[string, unknown]>([
    ['long', 'X'.repeat(300_000)],
    ['another alphabet', 'no code\n# HELP'],
    ['no text', { toString: 1 }],
  ])('a code that is %s is TOOL_ERROR in logs and metrics', async (_what, code) => {
    answering((response, id) =>
      json(response, id, { isError: true, content: [], structuredContent: { code } }),
    )
    const { headers } = await call()
    const id = headers.get('x-correlation-id') ?? ''
    expect(await logged(id)).toMatchObject({ outcome: 'tool_error', error_code: 'TOOL_ERROR' })
    const metrics = await (await fetch(`${hub.url}/metrics`)).text()
    expect(metrics).not.toContain(String('X'.repeat(100)))
  })

  it('new codes without end are no series without end', async () => {
    let number = 0
    answering((response, id) => {
      json(response, id, { isError: true, content: [], structuredContent: { code: `NEW_${number++}` } })
    })
    for (let round = 0; round < 30; round++) await Promise.all(Array.from({ length: 20 }, () => call()))
    const metrics = await (await fetch(`${hub.url}/metrics`)).text()
    const series = metrics.match(/^gatehouse_call_duration_seconds_count.*NEW_/gm) ?? []
    expect(number).toBe(600)
    expect(series.length).toBeLessThanOrEqual(400)
    expect(metrics).toContain('tool="other",outcome="tool_error",error_code="OTHER"')
  })

  it.each([
    '{"jsonrpc":"2.0","id":ID,"result":null}',
    '{"jsonrpc":"2.0","id":ID,"error":null}',
    '{"jsonrpc":"2.0","id":ID,"result":[]}',
    '{"jsonrpc":"2.0","id":ID,"result":{},"error":null}',
  ])('%s is no answer, and is told and logged', async (text) => {
    raw(text)
    const { message, headers } = await call()
    expect(message?.result).toMatchObject({ isError: true, structuredContent: { code: 'SERVER_MISBEHAVED' } })
    expect(await logged(headers.get('x-correlation-id') ?? '')).toMatchObject({
      error_code: 'SERVER_MISBEHAVED',
    })
    bad.instead = () => false
    await eventually('called again', async () => !(await call()).message?.result?.isError)
  })

  it('an error whose code is none passes as it came, and is told and logged', async () => {
    raw('{"jsonrpc":"2.0","id":ID,"error":{"code":{"toString":1},"message":"x"}}')
    const { text, headers } = await call()
    expect(text).toContain('"toString":1')
    expect(await logged(headers.get('x-correlation-id') ?? '')).toMatchObject({
      outcome: 'protocol_error',
      error_code: 'PROTOCOL_ERROR',
    })
  })
})

describe('a stream', () => {
  const progress = '{"jsonrpc":"2.0","method":"notifications/progress","params":{"progress":1}}'
  it.each([
    ['without an answer', `data: ${progress}\n\n`],
    ['with the answer to another call', 'data: {"jsonrpc":"2.0","id":"other","result":{}}\n\n'],
    ['of nothing', ''],
  ])('%s ends with an error', async (_what, text) => {
    raw(text, 'text/event-stream')
    const { message, headers } = await call()
    expect(message).toMatchObject({
      id: 1,
      result: { isError: true, structuredContent: { code: 'SERVER_MISBEHAVED' } },
    })
    expect(await logged(headers.get('x-correlation-id') ?? '')).toMatchObject({
      outcome: 'upstream_error',
      error_code: 'SERVER_MISBEHAVED',
    })
  })

  it.each([
    ['in pieces', '\n\n'],
    ['that lacks its last blank line', ''],
  ])('with its answer %s is passed on, and its failure is known', async (_what, end) => {
    answering(async (response, id) => {
      response.writeHead(200, { 'content-type': 'text/event-stream' })
      const result = { isError: true, content: [], structuredContent: { code: 'OWN_CODE' } }
      const text = `data: ${JSON.stringify({ jsonrpc: '2.0', id, result })}${end}`
      for (const piece of text.match(/.{1,40}|\n+/gs) ?? []) {
        response.write(piece)
        await new Promise((resolve) => setImmediate(resolve))
      }
      response.end()
    })
    const { message, headers } = await call()
    expect(message?.result?.structuredContent).toEqual({ code: 'OWN_CODE' })
    expect(await logged(headers.get('x-correlation-id') ?? '')).toMatchObject({ error_code: 'OWN_CODE' })
  })
})

it('a subscription that is answered with something else ends at its first byte', async () => {
  let asked = 0
  let left = 0
  bad.discovered = { capabilities: { tools: { listChanged: true } } }
  bad.instead = ({ method }, response) => {
    if (method !== 'subscriptions/listen') return false
    asked++
    response.on('close', () => left++)
    response.writeHead(200, { 'content-type': 'application/json' }).write('{'.padEnd(1_000))
    return true
  }
  bad.tools = ['a.read', 'a.someWrite', 'a.new']
  hub.write({ version: 1, servers: [{ id: 'bad', url: bad.url, prefixes: ['a'], queue: 1 }] })
  await eventually('it was asked and left', async () => asked > 0 && left === asked)
})

it('a read is sent again only where nothing at all was answered', async () => {
  let calls = 0
  answering((response) => {
    calls++
    response.writeHead(200, { 'content-type': 'application/json', 'content-length': 100 }).write('{')
    setImmediate(() => response.socket?.destroy())
  })
  const { message } = await call()
  expect(message?.result).toMatchObject({ structuredContent: { code: 'SERVER_UNAVAILABLE' } })
  expect(calls).toBe(1)
})

it('a server is never told of a deadline that was over before it began', async () => {
  let told: unknown
  bad.instead = ({ method, id }, response, request) => {
    if (method !== 'tools/call') return false
    told = request.headers['x-gatehouse-deadline-ms']
    json(response, id, { content: [] })
    return true
  }
  // So short a time may be over before there is a connection.
  await eventually('it was called', async () => {
    await call('a.read', { 'x-gatehouse-deadline-ms': '100' })
    return told === '1'
  })
})
