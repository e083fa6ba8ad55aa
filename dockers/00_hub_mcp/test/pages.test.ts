import { postModern } from '@gatehouse/testing/mcp'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type FaultyServer, startFaulty } from './faulty-server.ts'
import { type RunningHub, startHub } from './harness.ts'

const TOKEN = 'token-of-the-page-tests-0123456789-abcd'
const bearer = { authorization: `Bearer ${TOKEN}` }
let one: FaultyServer
let hub: RunningHub

beforeAll(async () => {
  one = await startFaulty(['one.read'])
  hub = await startHub(
    {
      version: 1,
      servers: [
        { id: 'one', url: one.url, prefixes: ['one'] },
        { id: 'away', url: 'http://127.0.0.1:9/mcp', prefixes: ['away'] },
      ],
    },
    { MCP_TOKEN: TOKEN, APPROVAL_PUBLIC_URL: 'https://approvals.example' },
  )
  await hub.ready('one')
})
afterAll(async () => {
  await hub?.[Symbol.asyncDispose]()
  await one?.[Symbol.asyncDispose]()
})

const get = async (at: string, headers: Record<string, string> = {}) => {
  const response = await fetch(hub.url + at, { headers })
  return { status: response.status, headers: response.headers, text: await response.text() }
}
const basic = (password: string) => ({
  authorization: `Basic ${Buffer.from(`me:${password}`).toString('base64')}`,
})

describe('the status page', () => {
  it('leads to the other pages of the suite', async () => {
    const { text } = await get('/', basic(TOKEN))
    expect(text).toContain('href="http://127.0.0.1:8008/"')
    expect(text).toContain('href="https://approvals.example/"')
  })

  it('asks a browser for the token, and is not shown without it', async () => {
    for (const headers of [{}, basic('wrong')]) {
      const refused = await get('/', headers)
      expect([refused.status, refused.text]).toEqual([401, ''])
      expect(refused.headers.get('www-authenticate')).toMatch(/^Basic realm=/)
    }
    expect((await get('/', basic(TOKEN))).status).toBe(200)
    expect((await get('/', bearer)).status).toBe(200)
  })

  it('tells of servers, tools and recent errors, and finds calls by their id', async () => {
    one.fault = { status: 500 }
    const headers = { ...bearer, 'x-correlation-id': 'find-me' }
    await postModern(`${hub.url}/mcp`, 'tools/call', { name: 'one.read', arguments: {} }, { headers })
    one.fault = 'none'
    const page = await get('/', bearer)
    expect(page.headers.get('content-security-policy')).toContain("default-src 'none'")
    for (const told of ['degraded', 'nobody listens', 'one_read', 'SERVER_MISBEHAVED', 'find-me'])
      expect(page.text).toContain(told)
    expect((await get('/?id=find-me', bearer)).text.match(/SERVER_MISBEHAVED/g)).toHaveLength(2)
    expect((await get('/?id=%3Cscript%3E', bearer)).text).not.toContain('<script>')
    const style = /href="(\/assets\/style[^"]+)"/.exec(page.text)?.[1] ?? ''
    expect((await get(style)).headers.get('content-type')).toContain('text/css')
  })
})

it('health has three states: degraded is 200, unhealthy 503', async () => {
  expect([(await get('/health')).status, (await hub.health()).state]).toEqual([200, 'degraded'])
  const away = [{ id: 'away', url: 'http://127.0.0.1:9/mcp', prefixes: ['away'] }]
  await using alone = await startHub({ version: 1, servers: away })
  expect([(await fetch(`${alone.url}/health`)).status, (await alone.health()).state]).toEqual([
    503,
    'unhealthy',
  ])
  expect((await fetch(`${alone.url}/readyz`)).status).toBe(200)
})

it('metrics tell calls, and how each server stands', async () => {
  expect((await get('/metrics')).status).toBe(401)
  const { text } = await get('/metrics', bearer)
  expect(text).toContain('gatehouse_hub_server_up{server="one"} 1')
  expect(text).toContain('gatehouse_hub_server_up{server="away"} 0')
  expect(text).toMatch(/gatehouse_call_duration_seconds_count\{tool="one.read",outcome="upstream_error"/)
  expect(text).toMatch(/gatehouse_hub_unauthenticated_total [1-9]/)
})

it('any other address is 404 and says where things are', async () => {
  const { status, text } = await get('/nope', bearer)
  expect([status, JSON.parse(text).hint]).toEqual([404, expect.stringContaining('/mcp')])
})
