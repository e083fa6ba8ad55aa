import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import {
  bareEnvironment,
  connectMcp,
  type LogLine,
  postLegacy,
  postModern,
  postRaw,
  type RawAnswer,
  runToEnd,
  type ServerProcess,
  sdks,
  startServer,
} from '@gatehouse/testing/mcp'
import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { definitions } from '../src/config.ts'
import { tools } from '../src/tools/index.ts'

const main = new URL('../src/main.ts', import.meta.url).pathname
const folder = mkdtempSync(path.join(tmpdir(), 'gatehouse-protocol-'))
const TOKEN = 'token-for-the-protocol-tests-0123456789'
const dotted = tools.map((tool) => tool.name)
const safe = dotted.map((name) => name.replaceAll('.', '_'))
const LIST_PODS = { name: 'infra.k8s.pods.listPods', arguments: {} }

// Without a cluster: what the protocol promises holds all the same.
let server: ServerProcess
beforeAll(async () => {
  server = await startServer({ main })
})
afterAll(async () => {
  await server?.stop()
  rmSync(folder, { recursive: true })
})

const namesAt = async (address: string): Promise<string[]> => {
  return namesIn(await postModern(`${server.url}${address}`, 'tools/list'))
}
const namesIn = ({ message }: RawAnswer): string[] => {
  const { tools: listed = [] } = (message?.result ?? {}) as { tools?: { name: string }[] }
  return listed.map((tool) => tool.name)
}
const stdio = (env: Record<string, string> = {}) => ({
  command: process.execPath,
  args: [main, '--stdio'],
  env: bareEnvironment(env),
  cwd: folder,
})

describe('which names and tools an address lists', () => {
  it('dotted over HTTP, safe under /names/safe, in the same order', async () => {
    expect(await namesAt('/mcp')).toEqual(dotted)
    expect(await namesAt('/mcp/names/dotted')).toEqual(dotted)
    expect(await namesAt('/mcp/names/safe')).toEqual(safe)
  })

  it('sets and prefixes', async () => {
    const essential = await namesAt('/mcp/essential')
    expect(essential).toEqual(tools.filter((tool) => tool.essential).map((tool) => tool.name))
    expect(essential).toContain('infra.k8s.pods.listPods')
    expect(await namesAt('/mcp/readonly')).toEqual(
      tools.filter((tool) => tool.risk === 'read').map((one) => one.name),
    )
    expect(await namesAt('/mcp/infra.k8s.pods')).toEqual(
      dotted.filter((name) => name.startsWith('infra.k8s.pods.')),
    )
    expect(await namesAt('/mcp/infra.k8s.pods/names/safe')).toContain('infra_k8s_pods_listPods')
  })

  it.each(['/mcp/nope', '/mcp/infra.k8s.pod', '/mcp/names/other', '/mcp/infra.k8s.pods.'])(
    '%s is 404 with what there is',
    async (address) => {
      const answer = await postModern(`${server.url}${address}`, 'tools/list')
      expect(answer.status).toBe(404)
      expect(answer.message?.error?.data).toMatchObject({
        code: 'NOT_FOUND',
        hint: expect.stringContaining('/mcp/infra.k8s.pods'),
      })
    },
  )

  it('both names are callable everywhere, also of tools an address does not list', async () => {
    for (const address of ['/mcp', '/mcp/names/safe', '/mcp/infra.k8s.cluster']) {
      for (const name of ['infra.k8s.pods.listPods', 'infra_k8s_pods_listPods']) {
        const answer = await postModern(`${server.url}${address}`, 'tools/call', { name, arguments: {} })
        expect(answer.message?.result).toMatchObject({
          isError: true,
          structuredContent: { code: 'NO_CLUSTER' },
        })
      }
    }
  })

  it.each([
    [{ TOOL_NAMES: 'safe' }, safe],
    [{ TOOL_NAMES: 'dotted' }, dotted],
    [
      { TOOLSETS: 'infra.k8s.pods, infra.k8s.events' },
      dotted.filter((name) => /\.(pods|events)\./.test(name)),
    ],
  ])('%j over HTTP', async (env, expected) => {
    const other = await startServer({ main, env })
    expect(namesIn(await postLegacy(`${other.url}/mcp`, 'tools/list'))).toEqual(expected)
    expect(await other.stop()).toBe(0)
  })
})

describe.each(sdks)('the client %s over stdio', (sdk) => {
  it('lists safe names, calls by both, and gets its id back', async () => {
    const client = await connectMcp(stdio(), sdk)
    expect((await client.tools()).map((tool) => tool.name)).toEqual(safe)
    for (const name of ['infra.k8s.pods.listPods', 'infra_k8s_pods_listPods']) {
      const meta = { 'dev.gatehouse/correlationId': `stdio-${sdk}` }
      const reply = await client.call(name, {}, { meta })
      expect(reply._meta).toMatchObject(meta)
      expect(reply.structuredContent).toMatchObject({ code: 'NO_CLUSTER', correlation_id: `stdio-${sdk}` })
    }
    await expect(client.call('infra_k8s_pods_listPod')).rejects.toMatchObject({
      code: -32_602,
      message: expect.stringContaining('did you mean infra.k8s.pods.listPods'),
    })
    await client.close()
  })
})

it('TOOL_NAMES=dotted reaches stdio as well', async () => {
  const client = await connectMcp(stdio({ TOOL_NAMES: 'dotted', TOOLSETS: 'essential' }))
  const names = (await client.tools()).map((tool) => tool.name)
  expect(names).toEqual(tools.filter((tool) => tool.essential).map((tool) => tool.name))
  await client.close()
})

it('on stdio nothing but MCP is on stdout, one log line per call on stderr', async () => {
  const messages = [
    {
      id: 1,
      method: 'initialize',
      params: { protocolVersion: '2025-11-25', capabilities: {}, clientInfo: { name: 't', version: '1' } },
    },
    { method: 'notifications/initialized' },
    { id: 2, method: 'tools/list' },
    { id: 3, method: 'tools/call', params: LIST_PODS },
  ]
  const input = `${messages.map((message) => JSON.stringify({ jsonrpc: '2.0', ...message })).join('\n')}\nnot json\n`
  const { code, stdout, stderr } = await runToEnd(
    { main, args: ['--stdio'], env: { LOG_LEVEL: 'info' } },
    input,
  )
  const sent = stdout
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line))
  expect(code).toBe(0)
  expect(sent.every((message) => message.jsonrpc === '2.0')).toBe(true)
  expect(sent.map((message) => message.id)).toEqual(expect.arrayContaining([1, 2]))
  const logged = stderr
    .trim()
    .split('\n')
    .filter(Boolean)
    .map((line) => JSON.parse(line))
  expect(logged.filter((line) => line.msg === 'call finished').length).toBeLessThanOrEqual(1)
})

describe('revision 2026-07-28', () => {
  it('says how long the list may be kept, and by whom', async () => {
    for (const method of ['tools/list', 'server/discover']) {
      const { message } = await postModern(`${server.url}/mcp`, method)
      expect(message?.result).toMatchObject({ ttlMs: 300_000, cacheScope: 'public', resultType: 'complete' })
    }
  })
  it('the list is the same each time, byte by byte', async () => {
    const [one, two] = await Promise.all([1, 2].map(() => postModern(`${server.url}/mcp`, 'tools/list')))
    expect(one?.text).toBe(two?.text)
  })
  it('serves what it advertises', async () => {
    const { message } = await postModern(`${server.url}/mcp`, 'server/discover')
    expect(message?.result?.supportedVersions).toContain('2026-07-28')
    expect(message?.result?.capabilities).toEqual({ completions: {}, resources: {}, tools: {} })
  })
})

describe('the log line of a finished call', () => {
  const FIELDS = [
    'time',
    'level',
    'service',
    'msg',
    'correlation_id',
    'trace_id',
    'tool',
    'caller',
    'duration_ms',
    'outcome',
    'req_bytes',
    'res_bytes',
  ]
  const finished = (id: string) =>
    server.logs.filter((line) => line.msg === 'call finished' && line.correlation_id === id)
  const written = (id: string): Promise<LogLine> =>
    server.logged((line) => line.msg === 'call finished' && line.correlation_id === id)

  it('has every agreed field, once per call, over both doors', async () => {
    const headers = { 'x-correlation-id': 'fields-mcp' }
    await postModern(`${server.url}/mcp`, 'tools/call', LIST_PODS, { headers })
    await postRaw(`${server.url}/tools/infra.k8s.pods.listPods`, '{}', {
      headers: { 'x-correlation-id': 'fields-rest' },
    })
    for (const id of ['fields-mcp', 'fields-rest']) {
      const line = await written(id)
      for (const field of [...FIELDS, 'error_code']) expect(line, field).toHaveProperty(field)
      expect(line).toMatchObject({
        level: 'info',
        service: 'k8s-mcp',
        tool: 'infra.k8s.pods.listPods',
        caller: 'loopback',
        outcome: 'upstream_error',
        error_code: 'NO_CLUSTER',
      })
      expect(line.req_bytes).toBeGreaterThan(0)
      expect(line.res_bytes).toBeGreaterThan(50)
      expect(finished(id)).toHaveLength(1)
    }
  })

  it('never holds what was asked', async () => {
    const canary = fc.stringMatching(/^[a-z][a-z0-9]{14,30}$/)
    const asked: string[] = []
    let last = ''
    await fc.assert(
      fc.asyncProperty(canary, canary, fc.constantFrom(...dotted), async (value, key, name) => {
        last = `canary-${Math.random()}`
        const input = {
          name: value,
          namespace: value,
          labelSelector: `a=${value}`,
          kind: value,
          context: value,
        }
        for (const sent of [input, { ...input, [key]: value }, { [key]: value }]) {
          const params = { name, arguments: sent }
          await postModern(`${server.url}/mcp`, 'tools/call', params, {
            headers: { 'x-correlation-id': last },
          })
        }
        await postRaw(`${server.url}/tools/${key}?${key}=${value}`, JSON.stringify(input))
        await postRaw(`${server.url}/cluster/pods?namespace=${value}&${key}=1`, '', { method: 'GET' })
        await postRaw(`${server.url}/${value}`, '', { method: 'GET' })
        asked.push(value, key)
      }),
      { numRuns: 20 },
    )
    await postModern(`${server.url}/mcp`, 'tools/call', LIST_PODS, {
      headers: { 'x-correlation-id': 'after' },
    })
    // Lines come in order, so whatever was logged about the calls above has been read by now.
    await written('after')
    expect(await written(last)).toMatchObject({ msg: 'call finished' })
    expect(asked.filter((text) => server.output().includes(text))).toEqual([])
  })

  it('200 calls at once write 200 lines and get 200 answers of their own', async () => {
    const ids = Array.from({ length: 200 }, (_, index) => `crowd-${index}`)
    const answers = await Promise.all(
      ids.map((id) =>
        postModern(`${server.url}/mcp`, 'tools/call', LIST_PODS, { headers: { 'x-correlation-id': id } }),
      ),
    )
    for (const [index, answer] of answers.entries()) {
      expect(answer.message?.result?.structuredContent).toMatchObject({ correlation_id: ids[index] })
    }
    await written('crowd-199')
    await Promise.all(ids.map(written))
    expect(ids.flatMap(finished)).toHaveLength(200)
  })
})

describe('tokens', () => {
  it('from MCP_TOKEN_FILE: every door asks for it, and it is in no answer and no log', async () => {
    const file = path.join(folder, 'token')
    writeFileSync(file, `${TOKEN}\n`)
    const other = await startServer({ main, env: { MCP_TOKEN_FILE: file } })
    const headers = { authorization: `Bearer ${TOKEN}` }
    const refused = await postModern(`${other.url}/mcp`, 'tools/list')
    expect([refused.status, refused.headers.get('www-authenticate')]).toEqual([
      401,
      'Bearer realm="gatehouse"',
    ])
    expect((await postRaw(`${other.url}/cluster/pods`, '', { method: 'GET' })).status).toBe(401)
    expect((await postRaw(`${other.url}/metrics`, '', { method: 'GET' })).status).toBe(401)
    expect((await postRaw(`${other.url}/status`, '', { method: 'GET' })).status).toBe(200)
    const answers = await Promise.all([
      postModern(`${other.url}/mcp`, 'tools/list', {}, { headers }),
      postModern(
        `${other.url}/mcp`,
        'tools/call',
        { name: 'infra.k8s.pods.listPods', arguments: { namespace: TOKEN } },
        { headers },
      ),
      postModern(`${other.url}/mcp`, 'tools/call', { name: TOKEN, arguments: {} }, { headers }),
    ])
    expect(answers.map((answer) => answer.status)).toEqual([200, 200, 200])
    for (const answer of answers) expect(answer.text).not.toContain(TOKEN)
    await other.stop()
    expect(other.output()).toContain('"authentication":"bearer"')
    expect(other.output()).not.toContain(TOKEN)
  })
})

describe('starting', () => {
  it.each([
    ['MCP_TOKEN', 'short'],
    ['MCP_TOKEN', `${TOKEN} with spaces`],
    ['MCP_TOKEN_FILE', '/nonexistent/token'],
    ['MCP_PORT', 'http'],
    ['MCP_PORT', '65536'],
    ['WEBCONTROL_PORT', '-1'],
    ['LOG_LEVEL', 'loud'],
    ['TOOL_NAMES', 'short'],
    ['TOOLSETS', 'a b'],
    ['TOOLSETS', 'essentail'],
    ['SANITIZER_KEY', 'short'],
    ['HOST', 'no.such.host.invalid'],
  ])('%s=%s ends with 2 and one line that names it', async (name, value) => {
    const { code, stdout, stderr } = await runToEnd({
      main,
      env: { MCP_PORT: '0', WEBCONTROL_PORT: '0', [name]: value },
    })
    const [line = '', hint, ...rest] = stderr.split('\n')
    expect([code, stdout]).toEqual([2, ''])
    expect(line).toContain(name)
    expect([hint, rest]).toEqual(['See --help for the settings.', ['']])
    if (value.length > 3) expect(stderr).not.toContain(value)
  })

  it('a port that is taken ends it, also where the other one was free', async () => {
    const { port } = new URL(server.url)
    const { code, stderr } = await runToEnd({ main, env: { MCP_PORT: '0', WEBCONTROL_PORT: port } })
    expect(code).toBe(2)
    expect(stderr).toContain(`cannot listen on port ${port} (EADDRINUSE)`)
  })

  it('a misspelt name is a warning, not an end', async () => {
    const other = await startServer({ main, env: { MCP_TOKNE: 'x', LOG_LEVEl: 'x' } })
    const warnings = other.logs.filter((line) => line.level === 'warn').map((line) => line.msg)
    expect(warnings).toEqual(['MCP_TOKNE is not a setting; did you mean MCP_TOKEN?'])
    await other.stop()
  })

  it('--help names every setting and exits with 0, an unknown option with 2', async () => {
    const help = await runToEnd({ main, args: ['--help'] })
    expect(help.code).toBe(0)
    for (const name of Object.keys(definitions)) expect(help.stdout).toContain(name)
    expect(await runToEnd({ main, args: ['-h'] })).toEqual(help)
    const wrong = await runToEnd({ main, args: ['--stdoi'] })
    expect([wrong.code, wrong.stdout]).toEqual([2, ''])
    expect(wrong.stderr).toContain("'--stdoi'")
    const misplaced = await runToEnd({ main, args: [TOKEN] })
    expect([misplaced.code, misplaced.stderr]).toEqual([
      2,
      'Unexpected argument\nSee --help for the settings.\n',
    ])
    const unknown = await runToEnd({ main, args: [`--token=${TOKEN}`] })
    expect([unknown.code, unknown.stderr.includes(TOKEN)]).toEqual([2, false])
  })

  it('SIGTERM ends it with 0', async () => {
    const other = await startServer({ main })
    await postModern(`${other.url}/mcp`, 'tools/list')
    expect(await other.stop()).toBe(0)
    expect(other.logs.at(-1)).toMatchObject({ msg: 'stopping', signal: 'SIGTERM' })
  })
})

describe('REST without a cluster', () => {
  const get = (address: string) => postRaw(`${server.url}${address}`, '', { method: 'GET' })

  it('says where everything is, and how it stands', async () => {
    const index = JSON.parse((await get('/')).text)
    expect(index).toMatchObject({ service: 'k8s-mcp', metrics: '/metrics' })
    for (const address of index.open) expect((await get(address)).status, address).toBe(200)
    const status = JSON.parse((await get('/status')).text)
    expect(status).toMatchObject({
      tools: tools.length,
      cluster: { connected: false, reason: expect.stringMatching(/kubeconfig/) },
    })
    expect(JSON.parse((await get('/health')).text)).toMatchObject({ state: 'degraded' })
  })

  it('answers every route of a tool as the tool does', async () => {
    for (const tool of tools.filter((one) => one.rest?.method === 'GET')) {
      const address = `${tool.rest?.path}`.replaceAll(/\{\w+\}/g, 'x')
      const answer = await get(address)
      const problem = JSON.parse(answer.text)
      expect(problem.code ?? 'OK', address).toMatch(/^(NO_CLUSTER|OK|INVALID_INPUT)$/)
      expect(answer.headers.get('content-type')).toMatch(
        problem.code ? /^application\/problem\+json/ : /^application\/json/,
      )
    }
  })

  it('/openapi.json has every tool', async () => {
    const document = JSON.parse((await get('/openapi.json')).text)
    expect(document.openapi).toBe('3.1.0')
    for (const name of dotted)
      expect(document.paths).toHaveProperty([`/tools/${name}`, 'post', 'requestBody'])
  })
})
