import { createFixture, postLegacy, postModern, postRaw } from '@gatehouse/testing/mcp'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'

const TRACE = '4bf92f3577b34da6a3ce929d0e0e4736'
const traceparent = `00-${TRACE}-00f067aa0ba902b7-01`
const META = 'dev.gatehouse/correlationId'
const SAY = { name: 'test.echo.say', arguments: { text: 'x' } }

const fixture = createFixture()
let url = ''
let stop = async (_graceMs: number) => {}
beforeAll(async () => {
  const listener = await fixture.listen()
  url = listener.url
  stop = listener.stop
})
afterAll(() => stop(100))

const lines = (id: unknown) => fixture.logs.filter((line) => line.correlation_id === id)

describe.each([
  ['2026-07-28', postModern],
  ['2025-11-25', postLegacy],
])('one id, in revision %s', (_revision, post) => {
  it('is accepted, echoed, in the reply, in the error and in exactly one log line', async () => {
    for (const [name, isError] of [
      ['test.echo.say', false],
      ['test.fail.known', true],
    ] as const) {
      const id = `${post.name}.${name}`
      const params = { name, arguments: isError ? {} : { text: 'x' } }
      const answer = await post(`${url}/mcp`, 'tools/call', params, { headers: { 'x-correlation-id': id } })
      expect(answer.headers.get('x-correlation-id')).toBe(id)
      expect(answer.message?.result?._meta).toMatchObject({ [META]: id })
      if (isError) expect(answer.message?.result?.structuredContent).toMatchObject({ correlation_id: id })
      expect(lines(id)).toHaveLength(1)
    }
  })

  it('comes from X-Request-ID or _meta where the header is missing', async () => {
    const headers = { 'x-request-id': `${post.name}-request` }
    const answer = await post(`${url}/mcp`, 'tools/call', SAY, { headers })
    expect(answer.headers.get('x-correlation-id')).toBe(`${post.name}-request`)
    const meta = { [META]: `${post.name}-meta` }
    const other = await post(`${url}/mcp`, 'tools/call', { ...SAY, _meta: meta })
    expect(other.headers.get('x-correlation-id')).toBe(`${post.name}-meta`)
    expect(other.message?.result?._meta).toMatchObject(meta)
    expect(lines(`${post.name}-meta`)).toHaveLength(1)
  })

  it('joins the trace of _meta before that of the header', async () => {
    const id = `${post.name}-trace`
    const headers = { 'x-correlation-id': id, traceparent: traceparent.replaceAll('4', '5') }
    await post(`${url}/mcp`, 'tools/call', { ...SAY, _meta: { traceparent } }, { headers })
    expect(lines(id)).toMatchObject([{ trace_id: TRACE }])
    await post(`${url}/mcp`, 'tools/call', SAY, { headers: { traceparent } })
    expect(lines(TRACE)).toMatchObject([{ trace_id: TRACE, correlation_id: TRACE }])
    fixture.logs.length = 0
  })

  it.each(['a b', 'a,b', '<x>', 'x'.repeat(129), '"'])(
    'the id %j is dropped for one of our own',
    async (id) => {
      const answer = await post(`${url}/mcp`, 'tools/call', SAY, { headers: { 'x-correlation-id': id } })
      const own = answer.headers.get('x-correlation-id')
      expect(own).toMatch(/^[0-9a-f]{32}$/)
      expect(answer.message?.result?._meta).toMatchObject({ [META]: own })
    },
  )
})

describe('over REST', () => {
  it.each([
    [200, 'POST', '/tools/test.echo.say', '{"text":"x"}', 1],
    [400, 'POST', '/tools/test.echo.say', '{"nope":1}', 1],
    [404, 'POST', '/tools/test.fail.known', '{}', 1],
    [404, 'POST', '/tools/nope', '{}', 1],
    [404, 'GET', '/nowhere', '', 0],
    [400, 'POST', '/tools/test.echo.say', '{', 0],
    [403, 'POST', '/tools/test.write.change', '{}', 1],
    [500, 'POST', '/tools/test.fail.unexpected', '{}', 2],
    [200, 'GET', '/livez', '', 0],
    [200, 'GET', '/openapi.json', '', 0],
    [400, 'POST', '/mcp', '{', 0],
    [404, 'POST', '/mcp/nowhere', '{}', 0],
  ])('%i %s %s %s', async (status, method, path, body, logged) => {
    const id = `rest-${status}-${logged}-${path.length}-${body.length}`
    const answer = await postRaw(`${url}${path}`, body, { method, headers: { 'x-correlation-id': id } })
    expect([answer.status, answer.headers.get('x-correlation-id')]).toEqual([status, id])
    if (status >= 400 && !(path === '/mcp' && body === '{'))
      expect(answer.text).toContain(`"correlation_id":"${id}"`)
    expect(lines(id).map((line) => line.msg)).toHaveLength(logged)
  })

  it('an error below every tool is logged with the id its reply names', async () => {
    const other = createFixture({
      documents: {
        '/broken': () => {
          throw new Error('a bug')
        },
      },
    })
    const listener = await other.listen()
    const answer = await fetch(`${listener.url}/broken`)
    const body = (await answer.json()) as Record<string, string>
    expect([answer.status, body.code]).toEqual([500, 'INTERNAL'])
    expect(other.logs).toMatchObject([{ level: 'error', correlation_id: body.correlation_id }])
    expect(other.logs[0]?.err).toContain('a bug')
    expect(JSON.stringify(body)).not.toContain('a bug')
    await listener.stop(100)
  })

  it('the error says the same as over MCP', async () => {
    const headers = { 'x-correlation-id': 'same-1' }
    const rest = await postRaw(`${url}/tools/test.fail.known`, '{}', { headers })
    const mcp = await postModern(
      `${url}/mcp`,
      'tools/call',
      { name: 'test.fail.known', arguments: {} },
      { headers },
    )
    const { type, title, status, ...same } = JSON.parse(rest.text)
    expect({ type, title, status }).toEqual({ type: 'about:blank', title: same.message, status: 404 })
    expect(same).toEqual(mcp.message?.result?.structuredContent)
  })
})
