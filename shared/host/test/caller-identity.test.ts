import { createFixture, postModern } from '@gatehouse/testing/mcp'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { verifyCaller } from '../src/http/caller-identity.ts'
import { CALLER_HEADER, hubGuard, type Listener, SettingError, signCaller } from '../src/index.ts'

const KEY = 'key-of-hub-and-server-0123456789-abcdef'
const NOW = 1_800_000_000_000

describe('a signed caller', () => {
  const header = signCaller('ci', 'id-1', KEY, NOW)

  it('is who the hub says, for this request and for a minute', () => {
    expect(verifyCaller(header, 'id-1', KEY, NOW)).toBe('ci')
    expect(verifyCaller(header, 'id-1', KEY, NOW + 59_000)).toBe('ci')
  })

  it.each([
    ['another key', header, 'id-1', 'other-key-of-hub-and-server-0123456789', NOW],
    ['another request', header, 'id-2', KEY, NOW],
    ['too old', header, 'id-1', KEY, NOW + 61_000],
    ['from the future', header, 'id-1', KEY, NOW - 61_000],
    ['another name', header.replace('ci', 'admin'), 'id-1', KEY, NOW],
    ['another time', header.replace(/;[a-z0-9]+;/, ';zzzzzzzz;'), 'id-1', KEY, NOW],
    ['more behind it', `${header};x`, 'id-1', KEY, NOW],
    ['no signature', 'ci', 'id-1', KEY, NOW],
    ['nothing', '', 'id-1', KEY, NOW],
    ['a name that is none', signCaller('a b', 'id-1', KEY, NOW), 'id-1', KEY, NOW],
  ])('with %s is nobody', (_what, given, id, key, now) => {
    expect(() => verifyCaller(given, id, key, now)).toThrow(/not valid here/)
  })
})

describe('a server behind the hub', () => {
  const fixture = createFixture({ hub: { key: KEY, only: true } })
  let running: Listener & { url: string }
  beforeAll(async () => {
    running = await fixture.listen()
  })
  afterAll(() => running.stop(0))
  const say = (headers: Record<string, string>) =>
    postModern(
      `${running.url}/mcp`,
      'tools/call',
      { name: 'test.echo.say', arguments: { text: 'x' } },
      { headers },
    )

  it('serves the hub, knows for whom it calls, and refuses everybody else over every door', async () => {
    const id = 'signed-call'
    const signed = { 'x-correlation-id': id, [CALLER_HEADER]: signCaller('ci', id, KEY) }
    expect((await say(signed)).message?.result).toMatchObject({ structuredContent: { text: 'x' } })
    expect(fixture.logs.find((line) => line.correlation_id === id)).toMatchObject({ caller: 'ci' })
    const again = { ...signed, 'x-correlation-id': 'another-call' }
    for (const headers of [{}, again]) expect((await say(headers)).status).toBe(401)
    const rest = await fetch(`${running.url}/tools/test.echo.say`, { method: 'POST', body: '{"text":"x"}' })
    expect(rest.status).toBe(401)
    // Whoever watches the process is not the hub.
    expect((await fetch(`${running.url}/metrics`)).status).toBe(200)
  })

  it('ends a call when the hub would', async () => {
    const other = createFixture()
    const listener = await other.listen()
    const begun = performance.now()
    const params = { name: 'test.wait.hold', arguments: { gate: 'deadline' } }
    const headers = { 'x-gatehouse-deadline-ms': '120' }
    const { message } = await postModern(`${listener.url}/mcp`, 'tools/call', params, { headers })
    expect(message?.result).toMatchObject({ isError: true, structuredContent: { code: 'TIMEOUT' } })
    expect(performance.now() - begun).toBeLessThan(2_000)
    await listener.stop(0)
  })
})

it('HUB_ONLY without HUB_KEY would serve nobody, and does not start', () => {
  expect(hubGuard({ HUB_KEY: undefined, HUB_ONLY: false })).toBeUndefined()
  expect(hubGuard({ HUB_KEY: KEY, HUB_ONLY: false })).toEqual({ key: KEY, only: false })
  expect(() => hubGuard({ HUB_KEY: undefined, HUB_ONLY: true })).toThrow(SettingError)
})
