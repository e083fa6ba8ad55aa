import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { createInterface } from 'node:readline'
import { eventually, sharedCluster } from '@gatehouse/testing'
import { bareEnvironment, connectMcp, type ServerProcess, sdks, startServer } from '@gatehouse/testing/mcp'
import { Client } from '@modelcontextprotocol/client'
import { StdioClientTransport } from '@modelcontextprotocol/client/stdio'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { freePort } from './clone.ts'

const cluster = await sharedCluster()
const TOKEN = 'token-for-the-bridge-tests-0123456789ab'
const BRIDGE = new URL('../bridge.ts', import.meta.url).pathname
const LOGS = 'infra_k8s_pods_getPodLogs'
const mainOf = (folder: string) => new URL(`../../dockers/${folder}/src/main.ts`, import.meta.url).pathname
const folder = mkdtempSync(path.join(tmpdir(), 'gatehouse-bridge-'))

let k8s: ServerProcess
let hub: ServerProcess
let port: string
let url: string
let namespace: string

const startHub = () =>
  startServer({
    main: mainOf('00_hub_mcp'),
    env: { HUB_PORT: port, HUB_FILE: path.join(folder, 'hub.yaml'), MCP_TOKEN: TOKEN },
  })
const hubUp = () =>
  eventually('08 behind the hub', async () => (await fetch(`http://127.0.0.1:${port}/health`)).ok)

beforeAll(async () => {
  k8s = await startServer({
    main: mainOf('08_k8s_mcp'),
    env: { MCP_TOKEN: TOKEN, KUBECONFIG: cluster.kubeconfig },
  })
  const servers = [{ id: '08_k8s_mcp', url: `${k8s.url}/mcp`, prefixes: ['infra.k8s'], credentials: 'suite' }]
  writeFileSync(path.join(folder, 'hub.yaml'), JSON.stringify({ version: 1, servers }))
  port = String(await freePort())
  url = `http://127.0.0.1:${port}/mcp`
  hub = await startHub()
  await hubUp()
  namespace = await cluster.freshNamespace('bridge')
  await cluster.apply(POD(namespace))
  await cluster.kubectl(['wait', '--for=condition=Ready', 'pod/live', '-n', namespace, '--timeout=60s'])
  await cluster.writeLog(namespace, 'live', 'main', 'before\n')
})
afterAll(async () => {
  for (const child of children) child.kill('SIGKILL')
  await Promise.all([hub?.stop(), k8s?.stop()])
  rmSync(folder, { recursive: true })
})

const command = (token: Record<string, string> = { MCP_TOKEN: TOKEN }, at = url) => ({
  command: process.execPath,
  args: [BRIDGE, '--url', at],
  env: bareEnvironment(token),
})

describe.each(sdks)('the client %s through bridge, hub and 08', (sdk) => {
  it('lists and calls, and is told what is wrong', async () => {
    const said: string[] = []
    const client = await connectMcp({ ...command(), onStderr: (text) => said.push(text) }, sdk)
    expect(client.revision ?? '2025-11-25').toBe(sdk === 'v2-2026-07-28' ? '2026-07-28' : '2025-11-25')
    const names = (await client.tools()).map(({ name }) => name)
    expect(names).toContain('infra_k8s_pods_listPods')
    const pods = await client.call('infra_k8s_pods_listPods', { namespace })
    expect(JSON.stringify(pods)).toContain('live')
    const odd = await client.call('infra_k8s_pods_listPods', { namespace: 7 })
    expect(odd).toMatchObject({ isError: true, structuredContent: { code: 'INVALID_INPUT' } })
    await expect(client.call('infra_k8s_nothing')).rejects.toMatchObject({ code: -32_602 })
    await client.close()
    expect(said.join('')).toBe('')
  })

  it('a scoped address lists less', async () => {
    const client = await connectMcp(command(undefined, `${url}/readonly`), sdk)
    const names = (await client.tools()).map(({ name }) => name)
    expect(names).toContain('infra_k8s_pods_listPods')
    expect(names).not.toContain('infra_k8s_pods_deletePod')
    await client.close()
  })
})

describe.each(['2025-11-25', '2026-07-28'])('in the revision %s', (revision) => {
  it('progress comes through, and cancelling reaches the server', async () => {
    const mode = revision === '2026-07-28' ? { mode: { pin: '2026-07-28' as const } } : undefined
    const client = new Client({ name: 'bridge-test', version: '0' }, mode && { versionNegotiation: mode })
    await client.connect(new StdioClientTransport({ ...command(), stderr: 'ignore' }))
    const told = Promise.withResolvers<void>()
    const stopping = new AbortController()
    const name = { name: LOGS, arguments: { namespace, name: 'live', follow: true, tail: 1 } }
    const before = ended('cancelled')
    const call = client.callTool(name, { onprogress: () => told.resolve(), signal: stopping.signal })
    await told.promise
    stopping.abort()
    await expect(call).rejects.toThrow()
    await eventually('the hub has let go of it', async () => ended('cancelled') > before)
    const after = await client.callTool({ name: 'infra_k8s_pods_listPods', arguments: { namespace } })
    expect(after.isError).toBeFalsy()
    await client.close()
  })
})

it('says what to do while the hub is away, and goes on when it is back', async () => {
  const bridge = raw(command())
  expect(await bridge.ask('initialize', INITIALIZE)).toMatchObject({ result: { serverInfo: {} } })
  await hub.stop()
  const away = await bridge.ask('tools/list')
  expect(away).toMatchObject({ error: { code: -32_000, message: expect.stringContaining('npm start') } })
  expect(away.error.message).toContain(url)
  await bridge.ask('tools/list')
  expect(bridge.errors().match(/does not answer/g)).toHaveLength(1)
  hub = await startHub()
  await hubUp()
  expect((await bridge.ask('tools/list')).result.tools.length).toBeGreaterThan(10)
  expect(bridge.errors()).toContain('The hub answers again')
  bridge.child.stdin?.end()
  expect((await once(bridge.child, 'exit'))[0]).toBe(0)
})

it('a call under way when the hub dies is answered with an error', async () => {
  const bridge = raw(command())
  await bridge.ask('initialize', INITIALIZE)
  const call = {
    name: LOGS,
    arguments: { namespace, name: 'live', follow: true },
    _meta: { progressToken: 1 },
  }
  const answer = bridge.ask('tools/call', call)
  await bridge.told('notifications/progress')
  hub.signal('SIGKILL')
  await hub.exited
  expect(await answer).toMatchObject({ error: { code: -32_000 } })
  hub = await startHub()
  await hubUp()
  bridge.child.kill('SIGTERM')
  expect((await once(bridge.child, 'exit'))[0]).toBe(0)
})

it('says which token is wanted, takes it from a file, and never shows it', async () => {
  const refused = raw(command({ MCP_TOKEN: 'x'.repeat(40) }))
  const { error } = await refused.ask('initialize', INITIALIZE)
  expect(error.message).toMatch(/refuses the token.*secrets\/mcp_token/)
  expect(JSON.stringify(error) + refused.errors()).not.toContain('x'.repeat(40))
  const file = path.join(folder, 'token')
  writeFileSync(file, `${TOKEN}\n`, { mode: 0o600 })
  const client = await connectMcp(command({ MCP_TOKEN_FILE: file }))
  expect((await client.tools()).length).toBeGreaterThan(10)
  await client.close()
})

const INITIALIZE = {
  protocolVersion: '2025-11-25',
  capabilities: {},
  clientInfo: { name: 'raw', version: '0' },
}
const children: ChildProcess[] = []

// biome-ignore lint/suspicious/noExplicitAny: messages are asserted field by field
type Message = any

/** A client that is a pipe: every line on stdout has to be a message. */
function raw({ command: program, args, env }: ReturnType<typeof command>) {
  const child = spawn(program, args, { env })
  children.push(child)
  const messages: Message[] = []
  let errors = ''
  createInterface({ input: child.stdout }).on('line', (line) => messages.push(JSON.parse(line)))
  child.stderr.on('data', (chunk) => {
    errors += chunk
  })
  let last = 0
  const seen = (fits: (message: Message) => boolean) =>
    eventually('an answer', async () => messages.find(fits) ?? Promise.reject(new Error(errors)))
  return {
    child,
    errors: () => errors,
    told: (method: string) => seen((message) => message.method === method),
    ask: (method: string, params: object = {}): Promise<Message> => {
      const id = ++last
      child.stdin.write(`${JSON.stringify({ jsonrpc: '2.0', id, method, params })}\n`)
      return seen((message) => message.id === id)
    },
  }
}

function ended(outcome: string): number {
  return hub.logs.filter((line) => line.msg === 'call finished' && line.outcome === outcome).length
}

function POD(inside: string): string {
  const pod = {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: { name: 'live', namespace: inside },
    spec: { containers: [{ name: 'main', image: 'registry.example/live:1' }] },
  }
  return JSON.stringify(pod)
}
