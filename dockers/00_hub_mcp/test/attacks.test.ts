import { createHash } from 'node:crypto'
import { eventually } from '@gatehouse/testing'
import { postModern } from '@gatehouse/testing/mcp'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { type FaultyServer, json, startFaulty } from './faulty-server.ts'
import { type RunningHub, startHub } from './harness.ts'
import { begun, head, META, unread } from './raw.ts'

const MAIN = 'main-token-of-the-attack-tests-0123456789'
const SMALL = 'small-token-of-the-attack-tests-0123456789'
const sha = (text: string) => createHash('sha256').update(text).digest('hex')
const bearer = (token: string) => ({ authorization: `Bearer ${token}` })

let one: FaultyServer
let hub: RunningHub
beforeAll(async () => {
  one = await startFaulty(['a.read', 'a.large'])
  hub = await startHub(
    {
      version: 1,
      servers: [{ id: 'one', url: one.url, prefixes: ['a'] }],
      callers: [{ name: 'small', tokenSha256: sha(SMALL), prefixes: ['a'], readonly: true }],
    },
    { MCP_TOKEN: MAIN },
  )
  await hub.ready('one')
})
afterAll(async () => {
  await hub?.[Symbol.asyncDispose]()
  await one?.[Symbol.asyncDispose]()
})
afterEach(() => {
  one.instead = () => false
})

const call = (name: string, token = MAIN, args: Record<string, unknown> = {}) =>
  postModern(`${hub.url}/mcp`, 'tools/call', { name, arguments: args }, { headers: bearer(token) })
const codeOf = async (answer: ReturnType<typeof call>) => {
  const { message } = await answer
  return (message?.result?.structuredContent as { code?: string } | undefined)?.code ?? 'none'
}
const metrics = async () => (await fetch(`${hub.url}/metrics`, { headers: bearer(MAIN) })).text()

describe('what callers hold', () => {
  it('many subscriptions, and bodies that never arrive, shut out nobody', async () => {
    const body = JSON.stringify({
      jsonrpc: '2.0',
      id: 1,
      method: 'subscriptions/listen',
      params: { notifications: { toolsListChanged: true }, _meta: META },
    })
    const modern = { 'mcp-protocol-version': '2026-07-28', 'mcp-method': 'subscriptions/listen' }
    const chunked = head(hub.url, { ...bearer(SMALL), ...modern, 'transfer-encoding': 'chunked' })
    const text = `${chunked}${body.length.toString(16)}\r\n${body}\r\n0\r\n\r\n`
    const sockets = await Promise.all(Array.from({ length: 20 }, () => begun(hub.url, text)))
    const never = head(hub.url, { ...bearer(SMALL), 'content-length': String(16 * 1024 * 1024) })
    for (let count = 0; count < 3; count++) sockets.push(unread(hub.url, `${never}{`))
    for (const token of [MAIN, SMALL]) expect((await call('a.read', token)).status).toBe(200)
    for (const socket of sockets) socket.destroy()
  })

  it('a caller with all of its share is refused, and nobody else', async () => {
    const waiting: (() => void)[] = []
    one.instead = ({ method, params, id }, response) => {
      if (method !== 'tools/call' || params.name !== 'a.large') return false
      waiting.push(() => json(response, id, { content: [] }))
      return true
    }
    const large = { text: 'x'.repeat(1_900_000) }
    const crowd = Array.from({ length: 12 }, () => call('a.large', SMALL, large))
    const refused = crowd.map((answer) => answer.then(({ status }) => status === 429))
    await eventually('eight wait', async () => waiting.length === 8)
    expect((await Promise.race(refused)) && (await call('a.read', MAIN, large)).status).toBe(200)
    expect((await call('a.read', SMALL)).status).toBe(200)
    for (const answer of waiting) answer()
    expect((await Promise.all(refused)).filter(Boolean)).toHaveLength(4)
    expect((await call('a.read', SMALL, large)).status).toBe(200)
  })

  it('answers that nobody reads are bounded, and free their place when their client leaves', async () => {
    one.instead = ({ method, params, id }, response) => {
      if (method !== 'tools/call' || params.name !== 'a.large') return false
      json(response, id, { content: [{ type: 'text', text: 'x'.repeat(7_500_000) }] })
      return true
    }
    const body = JSON.stringify({ jsonrpc: '2.0', id: 1, method: 'tools/call', params: { name: 'a.large' } })
    const text = head(hub.url, { ...bearer(SMALL), 'content-length': String(body.length) }) + body
    const sockets = await Promise.all(Array.from({ length: 12 }, () => begun(hub.url, text)))
    // Four answers are as many as one caller may leave unread, and they keep their places.
    await eventually('four are held', async () => /in_flight\{server="one"\} 4\n/.test(await metrics()))
    expect(await codeOf(call('a.large', SMALL))).toBe('RATE_LIMITED')
    expect(await codeOf(call('a.large', MAIN))).toBe('none')
    for (const socket of sockets) socket.destroy()
    await eventually('all are free', async () => /in_flight\{server="one"\} 0\n/.test(await metrics()))
    expect(await codeOf(call('a.large', SMALL))).toBe('none')
  })
})
