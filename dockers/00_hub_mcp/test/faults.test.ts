import { eventually } from '@gatehouse/testing'
import { connectMcp, postModern } from '@gatehouse/testing/mcp'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { type Fault, type FaultyServer, startFaulty } from './faulty-server.ts'
import { type RunningHub, startHub } from './harness.ts'

let sick: FaultyServer
let well: FaultyServer
let hub: RunningHub

const registry = () => ({
  version: 1,
  servers: [
    {
      id: 'sick',
      url: sick.url,
      prefixes: ['a.sick'],
      timeout: '900ms',
      inFlight: 4,
      queue: 2,
      queueWait: '200ms',
      maxReplyBytes: 100_000,
      grace: '1s',
      tools: { 'a.sick.patient': { timeout: '30s' } },
    },
    { id: 'well', url: well.url, prefixes: ['a.well'] },
  ],
})

beforeAll(async () => {
  sick = await startFaulty(['a.sick.read', 'a.sick.patient', 'a.sick.someWrite'])
  well = await startFaulty(['a.well.read'])
  hub = await startHub(registry())
  await hub.ready('sick', 'well')
})
afterAll(async () => {
  await hub?.[Symbol.asyncDispose]()
  await sick?.[Symbol.asyncDispose]()
  await well?.[Symbol.asyncDispose]()
})
beforeEach(async () => {
  sick.fault = 'none'
  sick.everything = 'none'
  sick.calls = []
  await hub.ready('sick', 'well')
})

const call = (name: string, params: Record<string, unknown> = {}, options = {}) =>
  postModern(`${hub.url}/mcp`, 'tools/call', { name, arguments: {}, ...params }, options)
const codeOf = async (name: string) =>
  ((await call(name)).message?.result?.structuredContent as { code?: string } | undefined)?.code ?? 'none'
const listed = async () => {
  const { message } = await postModern(`${hub.url}/mcp/names/dotted`, 'tools/list')
  const { tools = [] } = (message?.result ?? {}) as { tools?: { name: string }[] }
  return tools.map(({ name }) => name)
}

describe('a call to a server that fails', () => {
  it.each<[Fault, string]>([
    ['hang', 'TIMEOUT'],
    [{ slowMs: 1_500 }, 'TIMEOUT'],
    ['garbage', 'SERVER_MISBEHAVED'],
    ['html', 'SERVER_MISBEHAVED'],
    ['oversize', 'SERVER_MISBEHAVED'],
    ['truncated', 'SERVER_UNAVAILABLE'],
    ['reset', 'SERVER_UNAVAILABLE'],
    [{ status: 401 }, 'SERVER_MISBEHAVED'],
    [{ status: 403 }, 'SERVER_MISBEHAVED'],
    [{ status: 500 }, 'SERVER_MISBEHAVED'],
    [{ status: 502 }, 'SERVER_MISBEHAVED'],
    [{ status: 503 }, 'SERVER_BUSY'],
  ])('%j is %s, and the other server does not notice', async (fault, code) => {
    sick.fault = fault
    const [answer, other] = await Promise.all([call('a.sick.someWrite'), call('a.well.read')])
    const result = answer.message?.result as { isError?: boolean; structuredContent: Record<string, unknown> }
    expect(answer.status).toBe(200)
    expect(result).toMatchObject({ isError: true, resultType: 'complete' })
    expect(result.structuredContent).toMatchObject({
      code,
      hint: expect.any(String),
      correlation_id: answer.headers.get('x-correlation-id'),
    })
    expect(other.message?.result).toMatchObject({ structuredContent: { fine: true } })
    sick.fault = 'none'
    expect(await codeOf('a.sick.read')).toBe('none')
  })

  it('slow is not down: a tool with a long time of its own gets it', async () => {
    sick.fault = { slowMs: 1_500 }
    expect(await codeOf('a.sick.patient')).toBe('none')
  })

  it('a read whose connection broke is sent once more, a write never', async () => {
    sick.fault = 'reset'
    await call('a.sick.read')
    expect(sick.calls).toHaveLength(2)
    sick.calls = []
    await call('a.sick.someWrite')
    expect(sick.calls).toHaveLength(1)
  })

  it('five failures in a row open the breaker; the hub closes it by itself', async () => {
    sick.fault = { status: 500 }
    sick.everything = 'none'
    for (let count = 0; count < 5; count++) await call('a.sick.read')
    const before = sick.calls.length
    const codes = await Promise.all(Array.from({ length: 3 }, () => codeOf('a.sick.read')))
    expect(codes.every((code) => /^SERVER_(UNAVAILABLE|MISBEHAVED)$/.test(code))).toBe(true)
    expect(sick.calls.length - before).toBeLessThanOrEqual(3)
    sick.fault = 'none'
    await eventually('the breaker closes', async () => (await codeOf('a.sick.read')) === 'none', {
      timeout: 5_000,
    })
  })

  it('a hung server holds its places and refuses the rest at once; the other answers as ever', async () => {
    sick.fault = 'hang'
    const crowd = Array.from({ length: 30 }, () => codeOf('a.sick.read'))
    for (let count = 0; count < 20; count++) expect(await codeOf('a.well.read')).toBe('none')
    const codes = await Promise.all(crowd)
    expect(codes.filter((code) => code === 'SERVER_BUSY').length).toBeGreaterThanOrEqual(24)
    expect(codes.filter((code) => code === 'TIMEOUT')).toHaveLength(
      30 - codes.filter((one) => one === 'SERVER_BUSY').length,
    )
  })
})

describe('streams', () => {
  it('progress arrives as it is sent, then the answer', async () => {
    sick.fault = 'stream'
    const { text, headers } = await call('a.sick.read', { _meta: { progressToken: 'p' } })
    expect(headers.get('content-type')).toBe('text/event-stream')
    expect(headers.get('x-accel-buffering')).toBe('no')
    expect([...text.matchAll(/notifications\/progress/g)]).toHaveLength(2)
    expect(text).toContain('"fine":true')
  })

  it('that break off end with an error of the same id', async () => {
    sick.fault = 'half-stream'
    const { message, text } = await call('a.sick.someWrite', { _meta: { progressToken: 'p' } })
    expect(text).toContain('"progress":1')
    expect(message).toMatchObject({
      id: 1,
      result: { isError: true, structuredContent: { code: 'SERVER_UNAVAILABLE' } },
    })
  })

  it('a client that leaves cancels upstream', async () => {
    sick.fault = 'hang'
    const before = sick.aborted
    const leave = new AbortController()
    const left = call('a.sick.patient', {}, { signal: leave.signal }).catch(() => 'left')
    await eventually('the call arrives', async () => sick.calls.length > 0)
    leave.abort()
    expect(await left).toBe('left')
    await eventually('the server sees it', async () => sick.aborted > before)
    const line = await hub.process.logged((one) => one.outcome === 'cancelled')
    expect(line).toMatchObject({ tool: 'a.sick.patient', server: 'sick', error_code: 'CANCELLED' })
  })
})

describe('a server that goes and comes', () => {
  it('everything it says is wrong: degraded, its tools stay, the hub heals alone', async () => {
    sick.everything = 'garbage'
    for (let count = 0; count < 5; count++) await call('a.sick.read')
    await eventually('degraded', async () => (await hub.health()).state === 'degraded')
    expect(await listed()).toContain('a.well.read')
    sick.everything = 'none'
    await hub.ready('sick')
  })

  it('hung as a whole: down after two looks, calls are not even sent', async () => {
    sick.everything = 'hang'
    await eventually(
      'down',
      async () => (await hub.health()).servers.some(({ id, state }) => id === 'sick' && state === 'down'),
      { timeout: 15_000 },
    )
    expect(await codeOf('a.well.read')).toBe('none')
    const sent = sick.calls.length
    const asked = await call('a.sick.read')
    expect(sick.calls).toHaveLength(sent)
    expect(asked.text).toMatch(/down/)
    sick.everything = 'none'
    await hub.ready('sick')
  })

  it('gone: tools leave the list after their grace, an unknown name says why; back: fresh by itself', async () => {
    const client = await connectMcp({ url: `${hub.url}/mcp` }, 'v2-2026-07-28')
    const { port } = sick
    await sick[Symbol.asyncDispose]()
    await eventually('the tools leave', async () => !(await listed()).includes('a.sick.read'), {
      timeout: 5_000,
    })
    await expect(client.call('a_sick_read')).rejects.toMatchObject({
      code: -32_602,
      message: expect.stringContaining('its server sick is down'),
    })
    const gone = sick
    sick = await startFaulty(['a.sick.read', 'a.sick.fresh'], port)
    await eventually('the new list', async () => (await listed()).includes('a.sick.fresh'), { interval: 20 })
    expect((await client.call('a_sick_fresh')).structuredContent).toEqual({ fine: true })
    sick.tools = gone.tools
    await client.close()
  })
})

it('instructions of all servers are merged under their namespaces', async () => {
  const instructions = async (at: string) =>
    (await postModern(`${hub.url}${at}`, 'server/discover')).message?.result?.instructions
  expect(await instructions('/mcp')).toMatch(
    /^Several servers[\s\S]*\n\na\.sick: Be careful\n\na\.well: Be careful$/,
  )
  expect(await instructions('/mcp/a.well')).toBe('Be careful')
})

it('an unknown name gets the nearest ones', async () => {
  const { message } = await call('a.well.raed')
  expect(message?.error).toMatchObject({
    code: -32_602,
    message: expect.stringContaining('did you mean a.well.read'),
    data: { code: 'UNKNOWN_TOOL', nearest: ['a.well.read'], server: { id: 'well', state: 'up' } },
  })
})
