import { createHash } from 'node:crypto'
import { eventually } from '@gatehouse/testing'
import { postModern } from '@gatehouse/testing/mcp'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { type FaultyServer, startFaulty } from './faulty-server.ts'
import { type RunningHub, startHub } from './harness.ts'
import { begun, head, META } from './raw.ts'

const tokens = {
  all: 'all-token-of-the-caller-tests-0123456789-x',
  few: 'few-token-of-the-caller-tests-0123456789-x',
  slow: 'slow-token-of-the-caller-tests-0123456789',
}
type Name = keyof typeof tokens
const bearer = (name: Name) => ({ authorization: `Bearer ${tokens[name]}` })
const caller = (name: Name, more = {}) => ({
  name,
  tokenSha256: createHash('sha256').update(tokens[name]).digest('hex'),
  ...more,
})

let one: FaultyServer
let hub: RunningHub
const registry = (...callers: object[]) => ({
  version: 1,
  servers: [
    { id: 'one', url: one.url, prefixes: ['a'] },
    { id: 'other', url: 'http://127.0.0.1:9/mcp', prefixes: ['b'] },
  ],
  callers,
})
const all = caller('all')
const few = caller('few', { prefixes: ['a'] })
const slow = caller('slow', { perSecond: 0.1, burst: 2 })

beforeAll(async () => {
  one = await startFaulty(['a.read'])
  hub = await startHub(registry(all, few, slow))
  await hub.ready('one')
})
afterAll(async () => {
  await hub?.[Symbol.asyncDispose]()
  await one?.[Symbol.asyncDispose]()
})

const loaded = async (next: object) => {
  const before = hub.process.logs.filter(({ msg }) => msg === 'registry loaded').length
  hub.write(next)
  await eventually('it is in force', async () => {
    return hub.process.logs.filter(({ msg }) => msg === 'registry loaded').length > before
  })
}
const call = (name: Name, tool = 'a.read') =>
  postModern(`${hub.url}/mcp`, 'tools/call', { name: tool, arguments: {} }, { headers: bearer(name) })

it('what is about everybody is for callers who may see everything', async () => {
  for (const at of ['/', '/metrics']) {
    expect((await fetch(hub.url + at, { headers: bearer('all') })).status, at).toBe(200)
    const refused = await fetch(hub.url + at, { headers: bearer('few') })
    expect(refused.status, at).toBe(403)
    expect(await refused.text()).not.toContain('a.read')
  }
})

it('an unknown name tells of no server that the caller does not see', async () => {
  const told = async (name: Name) => (await call(name, 'b.secret')).message?.error
  expect(await told('all')).toMatchObject({ data: { server: { id: 'other' } } })
  const error = await told('few')
  expect(error).toMatchObject({ code: -32_602, data: { code: 'UNKNOWN_TOOL' } })
  expect(JSON.stringify(error)).not.toContain('other')
})

it('another registry gives nobody a full bucket whose limit is the same', async () => {
  for (const status of [200, 200, 429]) expect((await call('slow')).status).toBe(status)
  await loaded(registry(all, slow))
  expect((await call('slow')).status).toBe(429)
  await loaded(registry(all, few, { ...slow, burst: 3 }))
  expect((await call('slow')).status).toBe(200)
})

it('a caller that is taken out loses its subscription too, and nobody else does', async () => {
  const body = JSON.stringify({
    jsonrpc: '2.0',
    id: 1,
    method: 'subscriptions/listen',
    params: { notifications: { toolsListChanged: true }, _meta: META },
  })
  const subscribe = (name: Name) => {
    const modern = { 'mcp-protocol-version': '2026-07-28', 'mcp-method': 'subscriptions/listen' }
    const length = String(Buffer.byteLength(body))
    return begun(hub.url, head(hub.url, { ...bearer(name), ...modern, 'content-length': length }) + body)
  }
  const [kept, removed] = await Promise.all([subscribe('all'), subscribe('few')])
  let over = 0
  removed.on('close', () => over++).resume()
  kept.on('close', () => over++).resume()
  await loaded(registry(all, slow))
  await eventually('it is over', async () => over === 1)
  expect([kept.destroyed, removed.destroyed]).toEqual([false, true])
  kept.destroy()
})
