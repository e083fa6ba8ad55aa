import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { request as httpRequest } from 'node:http'
import { createInterface } from 'node:readline'
import {
  bareEnvironment,
  postLegacy,
  postModern,
  postRaw,
  type RawAnswer,
  type ServerProcess,
  startServer,
} from '@gatehouse/testing/mcp'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'

const main = new URL('./programs/leaky.ts', import.meta.url).pathname
/** A credential of the server itself: nothing in its looks gives it away. */
const KNOWN = 'opaque-credential-of-the-server-77'
const GITHUB = 'ghp_16C7e42F292c6912E7710c838347Ae178B4a'
const secrets = [KNOWN, GITHUB]

let server: ServerProcess
beforeAll(async () => {
  server = await startServer({ main, env: { KNOWN } })
})
afterAll(() => server?.stop())

const shown = (text: string) => secrets.filter((secret) => text.includes(secret))
/** Head and body of an answer. */
const whole = ({ headers, text }: RawAnswer) => `${JSON.stringify([...headers])}\n${text}`
const tool = (how: string, text: string) => ({ name: 'test.leak', arguments: { how, text } })

describe.each(secrets)('%s does not come back', (secret) => {
  const said = `password=${secret}`

  it.each([
    ['a header of ids', { 'x-correlation-id': secret }],
    ['a header of ids', { 'x-request-id': secret }],
    ['the trace', { traceparent: `00-${secret}-01` }],
    ['the revision', { 'mcp-protocol-version': secret }],
    ['the method', { 'mcp-method': secret }],
    ['the name', { 'mcp-name': secret }],
    ['the session', { 'mcp-session-id': secret, 'last-event-id': secret }],
    ['the type', { 'content-type': `text/${secret}` }],
    ['what is accepted', { accept: `text/${secret}` }],
    ['the bearer', { authorization: `Bearer ${secret}` }],
    ['the origin', { origin: `http://${secret}.example` }],
  ])('from %s: %j', async (_where, headers) => {
    for (const post of [postLegacy, postModern]) {
      const answer = await post(`${server.url}/mcp`, 'tools/call', tool('answer', 'x'), { headers })
      expect(shown(whole(answer))).toEqual([])
    }
    const rest = await postRaw(`${server.url}/tools/test.leak`, '{"how":"answer","text":"x"}', { headers })
    expect(shown(whole(rest))).toEqual([])
  })

  it.each([
    ['POST', `/mcp/${secret}`, '{}'],
    ['POST', `/mcp?token=${secret}`, '{}'],
    ['POST', '/mcp', secret],
    ['POST', '/mcp', JSON.stringify(secret)],
    ['POST', '/mcp', JSON.stringify({ jsonrpc: secret, id: 1, method: secret })],
    ['POST', '/mcp', JSON.stringify({ jsonrpc: '2.0', id: 1, method: 'x', [secret]: secret })],
    ['PUT', `/mcp/${secret}`, secret],
    ['GET', `/${secret}`, ''],
    ['GET', `/tools/test.leak?${secret}=${secret}`, ''],
    ['PATCH', `/${secret}/%zz`, ''],
    ['POST', `/tools/${secret}`, '{}'],
    ['POST', '/tools/test.leak', secret],
    ['POST', '/tools/test.leak', JSON.stringify({ [secret]: secret })],
    ['POST', '/tools/test.leak', JSON.stringify({ how: secret, text: [secret] })],
    ['POST', '/tools/test.leak', JSON.stringify(secret)],
  ])('from %s %s %s', async (method, address, body) => {
    const answer = await postRaw(`${server.url}${address}`, body, { method })
    expect(answer.status).toBeGreaterThanOrEqual(400)
    expect(shown(whole(answer))).toEqual([])
  })

  it('from the Host header', async () => {
    const { promise, resolve } = Promise.withResolvers<string>()
    httpRequest(`${server.url}/mcp`, { headers: { host: `${secret}.example` } }, async (response) => {
      resolve(`${JSON.stringify(response.headers)}${(await response.toArray()).join('')}`)
    }).end()
    expect(shown(await promise)).toEqual([])
  })

  it.each<[string, string, Record<string, unknown>]>([
    ['an unknown method', secret, {}],
    ['an unknown tool', 'tools/call', { name: secret, arguments: {} }],
    ['a name that is none', 'tools/call', { name: { [secret]: secret } }],
    ['an unknown parameter', 'tools/call', { name: 'test.leak', arguments: { [secret]: secret } }],
    ['a wrong value', 'tools/call', { name: 'test.leak', arguments: { how: secret, text: { [secret]: 1 } } }],
    ['arguments that are none', 'tools/call', { name: 'test.leak', arguments: secret }],
    ['_meta', 'tools/list', { _meta: { 'io.modelcontextprotocol/protocolVersion': secret } }],
    ['the id in _meta', 'tools/list', { _meta: { 'dev.gatehouse/correlationId': secret } }],
    ['a cursor', 'tools/list', { cursor: secret }],
    ['who asks', 'initialize', { protocolVersion: secret, capabilities: {}, clientInfo: { name: secret } }],
    ['an answer', 'tools/call', tool('answer', said)],
    ['an error', 'tools/call', tool('error', said)],
    ['an error that quotes a cluster', 'tools/call', tool('quote', said)],
    ['the data of an error', 'tools/call', tool('data', said)],
    ['a bug', 'tools/call', tool('bug', said)],
    ['an answer against its schema', 'tools/call', tool('output', said)],
  ])('over MCP in %s', async (_where, method, params) => {
    for (const post of [postLegacy, postModern]) {
      const headers = params._meta ? { 'mcp-protocol-version': secret } : {}
      const answer = await post(`${server.url}/mcp`, method, params, { headers })
      expect(shown(whole(answer))).toEqual([])
      if (method !== 'tools/call' || typeof params.arguments === 'string') continue
      const rest = await postRaw(
        `${server.url}/tools/${params.name}`,
        JSON.stringify(params.arguments ?? params),
      )
      expect(shown(whole(rest))).toEqual([])
    }
  })

  it('in progress, which says the rest', async () => {
    const params = { ...tool('progress', `half of ${said}`), _meta: { progressToken: 'p' } }
    for (const post of [postLegacy, postModern]) {
      const { text } = await post(`${server.url}/mcp`, 'tools/call', params)
      expect(text).toContain('"message":"half of password=[redacted:')
      expect(shown(text)).toEqual([])
    }
  })

  it('over stdio, where the SDK answers before there is a connection', async () => {
    const meta = {
      'io.modelcontextprotocol/protocolVersion': secret,
      'io.modelcontextprotocol/clientCapabilities': {},
      'io.modelcontextprotocol/clientInfo': { name: secret, version: '1' },
    }
    const modern = await overStdio([
      { method: 'server/discover', params: { _meta: meta } },
      { method: secret, params: { _meta: meta } },
      { method: 'tools/call', params: { name: secret, arguments: {}, _meta: meta } },
    ])
    expect(modern.answers).toHaveLength(3)
    const clientInfo = { name: secret, version: secret }
    const legacy = await overStdio([
      { method: 'initialize', params: { protocolVersion: secret, capabilities: {}, clientInfo } },
      { method: secret },
      { method: 'tools/call', params: { name: secret, arguments: {} } },
      { method: 'tools/call', params: { ...tool('progress', said), _meta: { progressToken: 'p' } } },
      { method: 'tools/call', params: tool('bug', said) },
    ])
    expect(legacy.answers.length).toBeGreaterThanOrEqual(5)
    expect(shown(`${modern.answers}${modern.log}${legacy.answers}${legacy.log}`)).toEqual([])
  })
})

it('what the server itself holds stays out of its documents, its refusals and its health', async () => {
  for (const address of ['/document', '/refusal', '/health', '/metrics', '/openapi.json', '/livez']) {
    const answer = await postRaw(`${server.url}${address}`, '', { method: 'GET' })
    expect([address, shown(whole(answer))]).toEqual([address, []])
    if (address.length < 10 && address !== '/livez' && address !== '/metrics')
      expect(answer.text).toContain('[redacted:known')
  }
})

// The one thing that comes back as it was sent: JSON-RPC matches answers by it, and only its sender sees it.
it('the id of a request is repeated, in no log line', async () => {
  const body = JSON.stringify({ jsonrpc: '2.0', id: GITHUB, method: 'nope' })
  expect((await postRaw(`${server.url}/mcp`, body)).message).toMatchObject({ id: GITHUB })
})

it('none of all this is in the log', async () => {
  const calls = server.logs.filter((line) => line.msg === 'call finished')
  expect(calls.length).toBeGreaterThan(100)
  expect(server.logs.filter((line) => line.level === 'error').length).toBeGreaterThan(0)
  expect(shown(server.output())).toEqual([])
})

/** Sends requests on stdin and waits until each has its answer. */
async function overStdio(requests: { method: string; params?: unknown }[]) {
  const child = spawn(process.execPath, [main, '--stdio'], { stdio: 'pipe', env: bareEnvironment({ KNOWN }) })
  const answers: string[] = []
  let log = ''
  child.stderr.on('data', (chunk) => {
    log += chunk
  })
  const { promise: answered, resolve } = Promise.withResolvers<void>()
  createInterface({ input: child.stdout }).on('line', (line) => {
    answers.push(line)
    if (answers.filter((answer) => answer.includes('"id":')).length === requests.length) resolve()
  })
  for (const [index, { method, params }] of requests.entries())
    child.stdin.write(`${JSON.stringify({ jsonrpc: '2.0', id: index + 1, method, params })}\n`)
  await answered
  child.kill('SIGTERM')
  await once(child, 'close')
  return { answers, log }
}

describe('a crash', () => {
  it('ends the process with a log line that passed the sanitizer, and nothing else', async () => {
    const own = await startServer({ main, env: { KNOWN } })
    const text = secrets.join(' password=')
    await postLegacy(`${own.url}/mcp`, 'tools/call', tool('crash', text)).catch(() => undefined)
    expect(await own.exited).toBe(70)
    expect(own.logs.find((line) => line.msg === 'crashed')).toMatchObject({ level: 'error' })
    expect(shown(own.output())).toEqual([])
  })
})
