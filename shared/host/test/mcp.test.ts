import { request as httpRequest } from 'node:http'
import {
  connectMcp,
  createFixture,
  type FixtureService,
  postLegacy,
  postModern,
  postRaw,
  sdks,
} from '@gatehouse/testing/mcp'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'

const TOKEN = 'secret-token-of-more-than-32-characters'
const bearer = { authorization: `Bearer ${TOKEN}` }

let open: FixtureService
let closed: FixtureService
let url = ''
let guarded = ''
const stops: ((graceMs: number) => Promise<void>)[] = []

beforeAll(async () => {
  open = createFixture()
  closed = createFixture({ token: TOKEN })
  const listeners = [await open.listen(), await closed.listen()]
  for (const listener of listeners) stops.push(listener.stop)
  url = `${listeners[0]?.url}`
  guarded = `${listeners[1]?.url}`
})
afterAll(() => Promise.all(stops.map((stop) => stop(100))))

describe.each(sdks)('the client %s', (sdk) => {
  it('lists and calls by either name, and hears progress arrive with the answer', async () => {
    const client = await connectMcp({ url: `${url}/mcp` }, sdk)
    expect(client.revision).toBe(sdk === 'v2-2026-07-28' ? '2026-07-28' : '2025-11-25')
    expect((await client.tools()).map((tool) => tool.name)).toContain('test.echo.say')
    for (const name of ['test.echo.say', 'test_echo_say']) {
      const reply = await client.call(name, { text: 'hello' })
      expect(reply).toMatchObject({
        structuredContent: { text: 'hello' },
        content: [{ type: 'text', text: 'hello' }],
      })
    }
    expect(await client.call('test.fail.known')).toMatchObject({
      isError: true,
      structuredContent: { code: 'NOT_FOUND' },
    })
    await client.close()
  })

  it('that goes away mid-call ends the call', async () => {
    const client = await connectMcp({ url: `${url}/mcp` }, sdk)
    const gone = new AbortController()
    const pending = client.call('test.wait.hold', { gate: sdk }, { signal: gone.signal })
    const failed = expect(pending).rejects.toThrow()
    await open.gate(sdk).begun
    gone.abort()
    await failed
    // The first revision has no way to close one call but a notification, which a stateless server cannot match.
    if (sdk === 'v2-2026-07-28') await open.gate(sdk).aborted
    else open.gate(sdk).release()
    await client.close()
  })
})

it('a connection that breaks mid-call ends the call in both eras', async () => {
  for (const post of [postLegacy, postModern]) {
    const gone = new AbortController()
    const gate = `broken ${post.name}`
    const params = { name: 'test.wait.hold', arguments: { gate } }
    const pending = post(`${url}/mcp`, 'tools/call', params, { signal: gone.signal })
    const failed = expect(pending).rejects.toThrow()
    await open.gate(gate).begun
    gone.abort()
    await failed
    await open.gate(gate).aborted
  }
})

it('200 calls at once over HTTP each get their own answer', async () => {
  const numbers = Array.from({ length: 200 }, (_, index) => index)
  const answers = await Promise.all(
    numbers.map((number) =>
      postModern(`${url}/mcp`, 'tools/call', {
        name: 'test.echo.say',
        arguments: { text: `t${number}`, number },
        _meta: { 'dev.gatehouse/correlationId': `many-${number}` },
      }),
    ),
  )
  expect(answers.map((answer) => answer.message?.result?.structuredContent)).toEqual(
    numbers.map((number) => ({ text: `t${number}`, number })),
  )
  expect(answers.map((answer) => answer.headers.get('x-correlation-id'))).toEqual(
    numbers.map((number) => `many-${number}`),
  )
  const lines = open.logs.filter((line) => String(line.correlation_id).startsWith('many-'))
  expect(lines).toHaveLength(200)
})

describe('what is not the protocol', () => {
  it.each([
    ['{', 400, -32_700],
    ['', 400, -32_700],
    ['null', 400, -32_600],
    ['"x"', 400, -32_600],
    ['{}', 400, -32_600],
    ['{"jsonrpc":"1.0","id":1,"method":"tools/list"}', 400, -32_600],
    ['{"jsonrpc":"2.0","id":1}', 400, -32_600],
    ['[]', 400, -32_600],
  ])('%j: %i', async (body, status, code) => {
    const answer = await postRaw(`${url}/mcp`, body, { headers: { 'x-correlation-id': 'bad-1' } })
    expect([answer.status, answer.message?.error?.code]).toEqual([status, code])
    expect(answer.headers.get('x-correlation-id')).toBe('bad-1')
  })

  it.each([
    ['a method that differs', { 'mcp-method': 'tools/call' }],
    ['no method', { 'mcp-method': undefined }],
    ['another revision', { 'mcp-protocol-version': '2025-11-25' }],
  ])('headers: %s is -32020', async (_case, headers) => {
    const answer = await postModern(`${url}/mcp`, 'tools/list', {}, { headers })
    expect([answer.status, answer.message?.error?.code]).toEqual([400, -32_020])
  })

  it.each([['test.echo.count'], [undefined]])('headers: the name %s is -32020', async (name) => {
    const params = { name: 'test.echo.say', arguments: { text: 'x' } }
    const answer = await postModern(`${url}/mcp`, 'tools/call', params, { headers: { 'mcp-name': name } })
    expect([answer.status, answer.message?.error?.code]).toEqual([400, -32_020])
  })

  it('an unknown revision is -32022 and names those served', async () => {
    const meta = { 'io.modelcontextprotocol/protocolVersion': '2099-01-01' }
    const headers = { 'mcp-protocol-version': '2099-01-01' }
    const answer = await postModern(`${url}/mcp`, 'tools/list', { _meta: meta }, { headers })
    expect([answer.status, answer.message?.error?.code]).toEqual([400, -32_022])
    expect(JSON.stringify(answer.message?.error?.data)).toContain('2026-07-28')
  })

  it('an unknown method is -32601, with 404 where the revision says so', async () => {
    expect(await postModern(`${url}/mcp`, 'nope/nope')).toMatchObject({
      status: 404,
      message: { error: { code: -32_601 } },
    })
    expect(await postLegacy(`${url}/mcp`, 'nope/nope')).toMatchObject({
      status: 200,
      message: { error: { code: -32_601 } },
    })
  })

  it.each(['text/plain', 'application/x-www-form-urlencoded', 'multipart/form-data; boundary=x'])(
    'content type %s is 415',
    async (type) => {
      const answer = await postModern(`${url}/mcp`, 'tools/list', {}, { headers: { 'content-type': type } })
      expect(answer.status).toBe(415)
    },
  )

  it.each(['GET', 'DELETE', 'PUT', 'PATCH'])('%s is 405', async (method) => {
    const answer = await postRaw(`${url}/mcp`, method === 'GET' ? '' : '{}', { method })
    expect(answer.status).toBe(405)
  })

  it('a tool nobody has is -32602 with the nearest names', async () => {
    for (const post of [postLegacy, postModern]) {
      const answer = await post(`${url}/mcp`, 'tools/call', { name: 'test.echo.sai', arguments: {} })
      expect(answer.message?.error).toMatchObject({
        code: -32_602,
        message: expect.stringContaining('did you mean test.echo.say'),
        data: { code: 'UNKNOWN_TOOL', nearest: expect.arrayContaining(['test.echo.say']) },
      })
    }
  })

  it('5 MB are refused with 413, announced or not', async () => {
    for (const chunked of [true, false]) {
      expect(await post5Mb(`${url}/mcp`, chunked)).toEqual({ status: 413, id: 'big-1', whole: true })
    }
  })
})

describe('who may call', () => {
  it.each([
    ['Origin', { origin: 'https://evil.example' }],
    ['Origin', { origin: 'null' }],
    ['Origin', { origin: 'http://127.0.0.1.evil.example' }],
    ['Host', { host: 'evil.example' }],
    ['Host', { host: 'localhost.evil.example:80' }],
    ['Host', { host: '127.0.0.1@evil.example' }],
  ])('a foreign %s is refused with 403: %j', async (_header, headers) => {
    for (const path of ['/mcp', '/health', '/', '/metrics', '/tools/test.echo.say', '/openapi.json']) {
      expect(await statusOf(`${url}${path}`, headers), path).toBe(403)
    }
    expect(await statusOf(`${url}/livez`, headers)).toBe(200)
  })

  it.each([
    { origin: 'http://localhost:5173' },
    { origin: 'http://127.0.0.1:8008' },
    { host: 'localhost' },
    { host: '[::1]:8008' },
    { host: 'LOCALHOST:1' },
  ])('%j is this machine', async (headers) => {
    expect(await statusOf(`${url}/health`, headers)).toBe(200)
  })

  it.each([
    [{}, 'A bearer token is required'],
    [{ authorization: 'Bearer wrong' }, 'The bearer token is not valid'],
    [{ authorization: `Bearer ${TOKEN}x` }, 'The bearer token is not valid'],
    [{ authorization: `Bearer ${TOKEN.slice(0, -1)}` }, 'The bearer token is not valid'],
    [{ authorization: `Basic ${TOKEN}` }, 'A bearer token is required'],
    [{ authorization: TOKEN }, 'A bearer token is required'],
    [{ authorization: `Bearer ${TOKEN} ${TOKEN}` }, 'A bearer token is required'],
  ])('%j is 401 with WWW-Authenticate', async (headers, message) => {
    const answer = await postModern(`${guarded}/mcp`, 'tools/list', {}, { headers })
    expect(answer.status).toBe(401)
    expect(answer.headers.get('www-authenticate')).toBe('Bearer realm="gatehouse"')
    expect(answer.message?.error?.data).toMatchObject({ code: 'UNAUTHENTICATED', message })
    const rest = await postRaw(`${guarded}/tools/test.echo.say`, '{}', { headers })
    expect([rest.status, rest.headers.get('content-type')]).toEqual([401, 'application/problem+json'])
    expect(`${answer.text}${rest.text}`).not.toContain(TOKEN)
  })

  it('the token opens every door, and its scheme in any case', async () => {
    expect((await postModern(`${guarded}/mcp`, 'tools/list', {}, { headers: bearer })).status).toBe(200)
    expect(await statusOf(`${guarded}/metrics`, { authorization: `bearer ${TOKEN}` })).toBe(200)
    expect(
      (await postRaw(`${guarded}/tools/test.echo.say`, '{"text":"x"}', { headers: bearer })).status,
    ).toBe(200)
    expect(closed.logs.at(-1)).toMatchObject({ caller: 'mcp-token' })
  })

  it('open routes need no token, the others do', async () => {
    for (const path of ['/', '/health', '/livez', '/readyz', '/openapi.json']) {
      expect(await statusOf(`${guarded}${path}`, {}), path).toBe(200)
    }
    for (const path of ['/metrics', '/echo/x', '/mcp', '/mcp/nope', '/mcp/readonly']) {
      expect(await statusOf(`${guarded}${path}`, {}), path).toBe(401)
    }
  })
})

interface Sent {
  status: number
  id: string | undefined
}

// Piece by piece: a client that is still writing when it is refused must hear why.
async function post5Mb(address: string, chunked: boolean): Promise<Sent & { whole: boolean }> {
  const piece = Buffer.alloc(50_000, 'x')
  const length = chunked ? {} : { 'content-length': String(piece.length * 100) }
  const headers = { 'content-type': 'application/json', 'x-correlation-id': 'big-1', ...length }
  const { sent, answer } = begin(address, 'POST', headers)
  let written = 0
  while (written < 100 && !sent.destroyed) {
    sent.write(piece)
    written++
    await new Promise((resolve) => setTimeout(resolve, 1))
  }
  if (!sent.destroyed) sent.end()
  return { ...(await answer), whole: written === 100 }
}

async function statusOf(address: string, headers: Record<string, string>): Promise<number> {
  const path = new URL(address).pathname
  const method = path === '/mcp' || path.startsWith('/mcp/') || path.startsWith('/tools/') ? 'POST' : 'GET'
  return (await send(address, method, headers, Buffer.from(method === 'POST' ? '{}' : ''))).status
}

// fetch does not let a caller set Host.
function send(address: string, method: string, headers: Record<string, string>, body: Buffer): Promise<Sent> {
  const { sent, answer } = begin(address, method, headers)
  sent.end(body)
  return answer
}

function begin(address: string, method: string, headers: Record<string, string>) {
  const { promise, resolve, reject } = Promise.withResolvers<Sent>()
  const sent = httpRequest(address, { method, headers }, (response) => {
    response.resume()
    const id = response.headers['x-correlation-id'] as string | undefined
    response.on('end', () => resolve({ status: response.statusCode ?? 0, id }))
  })
  sent.on('error', reject)
  return { sent, answer: promise }
}
