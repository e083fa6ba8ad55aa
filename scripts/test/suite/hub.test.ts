import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { eventually, sharedCluster } from '@gatehouse/testing'
import { connectMcp, postModern, type ServerProcess, sdks, startServer } from '@gatehouse/testing/mcp'
import { Client, StreamableHTTPClientTransport } from '@modelcontextprotocol/client'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { lint } from '../../../dockers/00_hub_mcp/src/lint/lint.ts'
import { readOnce } from '../../../dockers/00_hub_mcp/src/lint/read-once.ts'
import { readRegistry } from '../../../dockers/00_hub_mcp/src/registry/read.ts'
import { AGENT, type Body, type Suite, startSuite } from './suite.ts'

const cluster = await sharedCluster()
const KEY = 'key-of-the-hub-and-its-servers-0123456789'
const folder = mkdtempSync(path.join(tmpdir(), 'gatehouse-hub-suite-'))
const file = path.join(folder, 'hub.yaml')
const bearer = { authorization: `Bearer ${AGENT}` }

// 00, 08 and 09 as three processes; 08 and 09 serve nobody but the hub.
let suite: Suite
let hub: ServerProcess
let namespace: string

beforeAll(async () => {
  namespace = await cluster.freshNamespace('hub-suite')
  await cluster.kubectl(['create', 'configmap', 'flags', '-n', namespace, '--from-literal=a=1'])
  suite = await startSuite({ kubeconfig: cluster.kubeconfig, env: { HUB_KEY: KEY, HUB_ONLY: 'true' } })
  const own = { credentials: 'suite' }
  const servers = [
    { id: '08_k8s_mcp', url: `${suite.urls.k8s}/mcp`, prefixes: ['infra.k8s'], timeout: '85s', ...own },
    { id: '09_remediation_mcp', url: `${suite.urls.remediation}/mcp`, add: 'infra.remediation', ...own },
  ]
  writeFileSync(file, JSON.stringify({ version: 1, servers }))
  const main = new URL('../../../dockers/00_hub_mcp/src/main.ts', import.meta.url).pathname
  hub = await startServer({ main, env: { HUB_PORT: '0', HUB_FILE: file, MCP_TOKEN: AGENT, HUB_KEY: KEY } })
  await eventually('both up', async () => {
    const health = (await (await fetch(`${hub.url}/health`)).json()) as Body
    return health.state === 'healthy'
  })
})
afterAll(async () => {
  await hub?.stop()
  await suite?.[Symbol.asyncDispose]()
  rmSync(folder, { recursive: true })
})

const patch = (colour: string) => ({
  kind: 'ConfigMap',
  name: 'flags',
  namespace,
  patch: { data: { colour } },
})
const colour = () => cluster.kubectl(['get', 'cm', 'flags', '-n', namespace, '-o', 'jsonpath={.data.colour}'])
const call = (name: string, input: unknown, headers: Record<string, string> = {}, at = '/mcp') =>
  postModern(
    `${hub.url}${at}`,
    'tools/call',
    { name, arguments: input },
    { headers: { ...bearer, ...headers } },
  )

describe('the addresses of the hub', () => {
  const names = async (at: string) => {
    const { message } = await postModern(`${hub.url}${at}`, 'tools/list', {}, { headers: bearer })
    return ((message?.result ?? {}) as { tools: { name: string }[] }).tools.map(({ name }) => name)
  }

  it('list safe names, dotted ones, and those under a prefix', async () => {
    const all = await names('/mcp')
    expect(all).toEqual(
      expect.arrayContaining(['infra_k8s_pods_listPods', 'infra_remediation_execute_kubectl']),
    )
    expect(all.every((name) => /^[A-Za-z0-9_-]{1,64}$/.test(name))).toBe(true)
    const dotted = await names('/mcp/names/dotted')
    expect(dotted.map((name) => name.replaceAll('.', '_'))).toEqual(all)
    expect(dotted).toContain('infra.remediation.execute_kubectl')
    expect(await names('/mcp/infra.k8s.pods/names/dotted')).toEqual(
      dotted.filter((name) => name.startsWith('infra.k8s.pods.')),
    )
    expect(await names('/mcp/infra')).toEqual(all)
    const reads = await names('/mcp/readonly')
    expect(reads).toContain('infra_k8s_pods_listPods')
    expect(reads).not.toContain('infra_k8s_pods_deletePod')
  })

  it('take both spellings, and only what they list', async () => {
    for (const at of ['/mcp', '/mcp/names/dotted', '/mcp/infra.k8s.resources'])
      for (const name of ['infra.k8s.resources.getResource', 'infra_k8s_resources_getResource']) {
        const { message } = await call(name, { kind: 'ConfigMap', name: 'flags', namespace }, {}, at)
        expect(message?.result?.isError, `${at} ${name}`).toBeFalsy()
      }
    const { message } = await call('infra.k8s.pods.deletePod', {}, {}, '/mcp/readonly')
    expect(message?.error).toMatchObject({ code: -32_602, data: { code: 'UNKNOWN_TOOL' } })
    const nowhere = await postModern(`${hub.url}/mcp/infra.k8s.pod`, 'tools/list', {}, { headers: bearer })
    expect(nowhere.status).toBe(404)
    expect(nowhere.message?.error?.data).toMatchObject({
      nearest: expect.arrayContaining(['/mcp/infra.k8s.pods']),
    })
  })
})

it('the names and budgets of the suite fit every host that is known', async () => {
  const { catalogue, silent } = await readOnce(readRegistry(readFileSync(file, 'utf8'), 'hub.yaml'), () => ({
    token: AGENT,
    key: KEY,
  }))
  const { endpoints, findings } = lint(catalogue)
  expect([silent, findings]).toEqual([[], []])
  expect(endpoints.find(({ path: at }) => at === '/mcp')).toMatchObject({ tooManyFor: [] })
})

describe('servers that serve the hub only', () => {
  it('refuse a call that it did not sign, or that somebody else signed', async () => {
    for (const url of [suite.urls.k8s, suite.urls.remediation]) {
      const direct = await postModern(`${url}/mcp`, 'tools/list', {}, { headers: bearer })
      expect([direct.status, direct.message?.error?.message]).toEqual([401, 'Only the hub is served here'])
      const forged = {
        ...bearer,
        'x-gatehouse-caller': `admin;${Date.now().toString(36)};${'A'.repeat(43)};${'A'.repeat(43)}`,
      }
      const refused = await postModern(`${url}/mcp`, 'tools/list', {}, { headers: forged })
      expect([refused.status, refused.message?.error?.message]).toEqual([
        401,
        'The signature of the hub is not valid here',
      ])
    }
  })

  it('know on whose behalf it calls', async () => {
    await call('infra.k8s.pods.listPods', { namespace }, { 'x-correlation-id': 'who-calls' })
    const line = await suite.k8s.logged(
      (one) => one.correlation_id === 'who-calls' && one.msg === 'call finished',
    )
    expect(line).toMatchObject({ caller: 'mcp-token', tool: 'infra.k8s.pods.listPods' })
  })
})

describe.each(sdks)('the client %s', (sdk) => {
  it('reads, and asks for a change that waits for a person', async () => {
    const client = await connectMcp({ url: `${hub.url}/mcp`, headers: bearer }, sdk)
    const read = await client.call('infra_k8s_resources_getResource', {
      kind: 'ConfigMap',
      name: 'flags',
      namespace,
    })
    expect(read.isError).toBeFalsy()
    const asked = await client.call('infra_k8s_resources_patchResource', patch(`by-${sdk}`))
    expect(asked.structuredContent).toMatchObject({ state: 'pending', requestId: expect.any(String) })
    const other = await client.call('infra.remediation.execute_kubectl', {
      command: `kubectl get cm -n ${namespace}`,
    })
    expect(other.structuredContent?.output).toContain('flags')
    await client.close()
  })
})

it('questions of a server pass through: the link to approve, and the outcome once a person has decided', async () => {
  const client = new Client(
    { name: 'hub-test', version: '0' },
    { capabilities: { elicitation: { url: {} } }, versionNegotiation: { mode: { pin: '2026-07-28' } } },
  )
  client.setRequestHandler('elicitation/create', async ({ params }) => {
    const requestId =
      String('url' in params ? params.url : '')
        .split('/')
        .at(-1) ?? ''
    void suite.approve(requestId)
    return { action: 'accept' }
  })
  await client.connect(
    new StreamableHTTPClientTransport(new URL(`${hub.url}/mcp`), { requestInit: { headers: bearer } }),
  )
  const result = (await client.callTool({
    name: 'infra_k8s_resources_patchResource',
    arguments: patch('green'),
  })) as Body
  expect(result.structuredContent).toMatchObject({ state: 'succeeded' })
  expect(await colour()).toBe('green')
  await client.close()
})

it('one id goes from the client through hub, server, approval and executor to the cluster’s own audit log', async () => {
  const id = `proof-${Math.random().toString(36).slice(2)}`
  const headers = { 'x-correlation-id': id }
  const asked = await call('infra_k8s_resources_patchResource', patch('proven'), headers)
  expect(asked.headers.get('x-correlation-id')).toBe(id)
  const { requestId } = (asked.message?.result ?? ({} as Body)).structuredContent as Body
  await suite.approve(requestId)
  expect(await suite.ended(requestId)).toMatchObject({ state: 'succeeded' })
  expect(await colour()).toBe('proven')

  const carries = (line: Record<string, unknown>) => line.correlation_id === id
  expect(await hub.logged((line) => carries(line) && line.msg === 'call finished')).toMatchObject({
    tool: 'infra.k8s.resources.patchResource',
    server: '08_k8s_mcp',
    outcome: 'ok',
  })
  expect(await suite.k8s.logged((line) => carries(line) && line.msg === 'call finished')).toMatchObject({
    tool: 'infra.k8s.resources.patchResource',
  })
  expect(await suite.remediation.logged((line) => carries(line) && line.msg === 'request made')).toBeDefined()
  expect(
    await suite.remediation.logged((line) => carries(line) && line.msg === 'execution ended'),
  ).toBeDefined()
  // One trace as well: each hop has a span of its own in it.
  const [atHub, atServer] = [hub, suite.k8s].map(({ logs }) => logs.find(carries))
  expect(atServer?.trace_id).toBe(atHub?.trace_id)
  expect(atServer?.span_id).not.toBe(atHub?.span_id)

  const { body } = await suite.approvals('/api/audit')
  const record = String(typeof body === 'string' ? body : JSON.stringify(body))
  const rows = record.split('\n').filter((line) => line.includes(id))
  expect(rows.length).toBeGreaterThan(0)

  const written = await eventually('the cluster’s audit', async () =>
    (await cluster.audit()).find(
      ({ verb, objectRef, userAgent }) =>
        verb === 'patch' && objectRef?.namespace === namespace && userAgent?.includes(`cid=${id}`),
    ),
  )
  expect(written?.auditID).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-5/)
  const refused = await call('infra.k8s.pods.lst', {}, headers)
  expect(refused.message?.error?.data).toMatchObject({ correlation_id: id })
})
