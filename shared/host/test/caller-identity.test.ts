import { createFixture, postModern } from '@gatehouse/testing/mcp'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { verifyCaller } from '../src/http/caller-identity.ts'
import { CALLER_HEADER, hubGuard, type Listener, SettingError, signCaller } from '../src/index.ts'

const KEY = 'key-of-hub-and-server-0123456789-abcdef'
const NOW = 1_800_000_000_000

describe('a signed caller', () => {
  const BODY = '{"method":"tools/call"}'
  const one = { correlationId: 'id-1', server: '08' }
  const header = signCaller('ci', { ...one, body: BODY }, KEY, NOW)

  it('is who the hub says, for this request and for a minute', () => {
    expect(verifyCaller(header, one, KEY, NOW).name).toBe('ci')
    expect(verifyCaller(header, one, KEY, NOW + 59_000).name).toBe('ci')
  })

  it('is so for this body only', () => {
    const { seal } = verifyCaller(header, one, KEY, NOW)
    expect(() => seal(Buffer.from(BODY))).not.toThrow()
    for (const other of ['', `${BODY} `, '{"method":"tools/list"}'])
      expect(() => seal(Buffer.from(other))).toThrow(/not valid here/)
  })

  it.each([
    ['another server', header, { ...one, server: '09' }, KEY, NOW],
    ['another body', header.replace(/;[\w-]{43};/, `;${'A'.repeat(43)};`), one, KEY, NOW],
    ['another key', header, one, 'other-key-of-hub-and-server-0123456789', NOW],
    ['another request', header, { ...one, correlationId: 'id-2' }, KEY, NOW],
    ['too old', header, one, KEY, NOW + 61_000],
    ['from the future', header, one, KEY, NOW - 61_000],
    ['another name', header.replace('ci', 'admin'), one, KEY, NOW],
    ['another time', header.replace(/;[a-z0-9]+;/, ';zzzzzzzz;'), one, KEY, NOW],
    ['more behind it', `${header};x`, one, KEY, NOW],
    ['no signature', 'ci', one, KEY, NOW],
    ['nothing', '', one, KEY, NOW],
    ['a name that is none', signCaller('a b', { ...one, body: BODY }, KEY, NOW), one, KEY, NOW],
  ])('with %s is nobody', (_what, given, request, key, now) => {
    expect(() => verifyCaller(given, request, key, now)).toThrow(/not valid here/)
  })
})

describe('a server behind the hub', () => {
  const fixture = createFixture({ hub: { key: KEY, only: true, server: '08' } })
  let running: Listener & { url: string }
  beforeAll(async () => {
    running = await fixture.listen()
  })
  afterAll(() => running.stop(0))
  const bodyOf = (text: string) =>
    JSON.stringify({
      jsonrpc: '2.0',
      id: 1,
      method: 'tools/call',
      params: { name: 'test.echo.say', arguments: { text } },
    })
  const say = async (headers: Record<string, string>, body = bodyOf('x'), at = '/mcp') => {
    const answer = await fetch(running.url + at, {
      method: 'POST',
      headers: {
        'content-type': 'application/json',
        accept: 'application/json, text/event-stream',
        ...headers,
      },
      body,
    })
    return { status: answer.status, text: await answer.text() }
  }
  const signed = (id: string, body: string, server = '08') => ({
    'x-correlation-id': id,
    [CALLER_HEADER]: signCaller('ci', { correlationId: id, server, body }, KEY),
  })

  it('serves the hub, knows for whom it calls, and refuses everybody else over every door', async () => {
    const id = 'signed-call'
    const headers = signed(id, bodyOf('x'))
    expect((await say(headers)).text).toContain('"structuredContent":{"text":"x"}')
    expect(fixture.logs.find((line) => line.correlation_id === id)).toMatchObject({ caller: 'ci' })
    for (const other of [{}, { ...headers, 'x-correlation-id': 'another-call' }])
      expect((await say(other)).status).toBe(401)
    const rest = await fetch(`${running.url}/tools/test.echo.say`, { method: 'POST', body: '{"text":"x"}' })
    expect(rest.status).toBe(401)
    // Whoever watches the process is not the hub.
    expect((await fetch(`${running.url}/metrics`)).status).toBe(200)
  })

  it('takes what was signed for one call for no other: another server’s, another tool, another door', async () => {
    const headers = signed('moved-call', bodyOf('x'))
    expect((await say(signed('moved-call', bodyOf('x'), '09'))).status).toBe(401)
    expect((await say(headers, bodyOf('y'))).status).toBe(401)
    expect((await say(headers, '{"text":"x"}', '/tools/test.echo.say')).status).toBe(401)
    expect((await fetch(`${running.url}/mcp`, { headers })).status).toBe(401)
  })

  it('ends a call when the hub would', async () => {
    const other = createFixture()
    const listener = await other.listen()
    const params = { name: 'test.wait.hold', arguments: { gate: 'deadline' } }
    const headers = { 'x-gatehouse-deadline-ms': '120' }
    const { message } = await postModern(`${listener.url}/mcp`, 'tools/call', params, { headers })
    expect(message?.result).toMatchObject({ isError: true, structuredContent: { code: 'TIMEOUT' } })
    await listener.stop(0)
  })
})

it('HUB_ONLY without HUB_KEY would serve nobody, and does not start', () => {
  const server = { HUB_SERVER_ID: '08' }
  expect(hubGuard({ HUB_KEY: undefined, HUB_ONLY: false, ...server })).toBeUndefined()
  expect(hubGuard({ HUB_KEY: KEY, HUB_ONLY: false, ...server })).toEqual({
    key: KEY,
    only: false,
    server: '08',
  })
  expect(() => hubGuard({ HUB_KEY: undefined, HUB_ONLY: true, ...server })).toThrow(SettingError)
})
