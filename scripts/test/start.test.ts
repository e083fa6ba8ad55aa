import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { fileURLToPath } from 'node:url'
import { connectMcp, sdks } from '@gatehouse/testing/mcp'
import { afterAll, afterEach, describe, expect, it } from 'vitest'
import { listenProblem } from '../start/listen-error.ts'
import { originOf } from '../start/state.ts'
import { startTable } from '../start/table.ts'

const RUN = fileURLToPath(new URL('../run.mjs', import.meta.url))
const children: ChildProcess[] = []

afterEach(() => {
  for (const child of children.splice(0)) child.kill('SIGKILL')
})

/** `npm start` as a program sees it: standard output is no terminal. */
function start(environment: Record<string, string>, ...args: string[]) {
  const child = spawn(process.execPath, [RUN, 'start', ...args], {
    env: { PATH: process.env.PATH, HOME: '/nonexistent', ...environment },
  })
  children.push(child)
  const output = { stdout: '', stderr: '' }
  child.stdout.on('data', (chunk) => {
    output.stdout += chunk
  })
  child.stderr.on('data', (chunk) => {
    output.stderr += chunk
  })
  const ended = once(child, 'close').then(([code]) => ({ code: code as number | null, ...output }))
  /** The first log line with this message. */
  const line = async (msg: string, service = ''): Promise<Record<string, unknown>> => {
    for (;;) {
      const found = output.stdout
        .split('\n')
        .find((text) => text.includes(`"msg":"${msg}"`) && text.includes(`"service":"${service}`))
      if (found) return JSON.parse(found) as Record<string, unknown>
      if (child.exitCode !== null) throw new Error(`ended with ${child.exitCode}: ${output.stderr}`)
      await Promise.race([once(child.stdout, 'data'), once(child, 'exit')])
    }
  }
  return { child, ended, line }
}

const state = mkdtempSync(path.join(tmpdir(), 'gatehouse-start-'))
afterAll(() => rmSync(state, { recursive: true, force: true }))
const FREE = {
  HUB_PORT: '0',
  MCP_PORT: '0',
  WEBCONTROL_PORT: '0',
  REMEDIATION_PORT: '0',
  APPROVAL_PORT: '0',
  STATE_DIR: state,
}

describe('npm start without a terminal', () => {
  it('starts without a cluster, says what is missing, answers, and stops at SIGTERM', async () => {
    const { child, ended, line } = start(FREE)
    const ready = await line('ready', 'k8s-mcp')
    expect(ready).toMatchObject({ service: 'k8s-mcp', connected: false })
    expect(ready.reason).toMatch(/No cluster connected/)
    expect(ready.hint).toMatch(/KUBECONFIG/)
    const status = await fetch(`${ready.origin}/status`).then((response) => response.json())
    expect(status).toMatchObject({ service: 'k8s-mcp', cluster: { connected: false } })
    child.kill('SIGTERM')
    const { code, stdout, stderr } = await ended
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' })
    for (const text of stdout.trim().split('\n')) expect(() => JSON.parse(text), text).not.toThrow()
  })

  it('serves the approval pages, and keeps the link with the token out of the log', async () => {
    const { child, ended, line } = start(FREE)
    const { port } = await line('listening', 'remediation-mcp","version":"0.1.0","what":"approvals')
    expect((await fetch(`http://127.0.0.1:${port}/livez`)).status).toBe(200)
    const { file } = await line('the link for the person who approves is in a file')
    expect(file).toBe(path.join(state, 'approver-link'))
    const link = readFileSync(String(file), 'utf8').trim()
    expect(link).toMatch(/^http:\/\/127\.0\.0\.1:\d+\/login#token=gh_h_/)
    expect(statSync(String(file)).mode & 0o777).toBe(0o600)
    child.kill('SIGTERM')
    const { stdout, stderr } = await ended
    const token = link.split('=')[1] ?? 'none'
    for (const text of [stdout, stderr]) expect(text).not.toContain(token)
  })

  it.each(sdks)('answers at one address for all servers, to the client %s', async (sdk) => {
    const { child, ended, line } = start(FREE)
    const ready = await line('ready', 'hub-mcp')
    expect(ready).toMatchObject({ state: 'healthy' })
    const client = await connectMcp({ url: `${ready.origin}/mcp` }, sdk)
    const names = (await client.tools()).map(({ name }) => name)
    expect(names).toHaveLength(Number(ready.tools))
    expect(names).toEqual(
      expect.arrayContaining(['infra_k8s_pods_listPods', 'infra_remediation_get_pending_approvals']),
    )
    const pending = await client.call('infra_remediation_get_pending_approvals')
    expect(pending.isError).toBeFalsy()
    const metrics = await client.call('infra.k8s.getMetrics')
    expect(metrics.isError).toBeFalsy()
    const pods = await client.call('infra_k8s_pods_listPods')
    expect(pods.structuredContent).toMatchObject({ code: 'NO_CLUSTER' })
    await client.close()
    // Nobody gave a key: that of this start tells the servers on whose behalf the hub called.
    const called = await line('call finished', 'remediation-mcp')
    expect(called).toMatchObject({ caller: 'loopback' })
    child.kill('SIGTERM')
    expect((await ended).code).toBe(0)
  })

  it('says what is wrong with the registry, and stays stopped', async () => {
    const file = path.join(state, 'hub.yaml')
    writeFileSync(file, 'version: 1\nservers:\n  - id: one\n    ulr: http://127.0.0.1:1/mcp\n    add: one\n')
    const { code, stderr } = await start({ ...FREE, HUB_FILE: file }).ended
    expect(code).toBe(2)
    expect(stderr).toMatch(/hub\.yaml line \d+, servers\[0\]\.ulr: there is no such field/)
    expect(stderr).not.toMatch(/\bat /)
  })

  it('stops at Ctrl-C', async () => {
    const { child, ended, line } = start(FREE)
    await line('ready')
    child.kill('SIGINT')
    expect((await ended).code).toBe(0)
  })

  it('says in one line which setting to change when the port is taken', async () => {
    const taken = createServer().listen(0, '127.0.0.1')
    await once(taken, 'listening')
    const port = String((taken.address() as { port: number }).port)
    const { code, stdout, stderr } = await start({ ...FREE, MCP_PORT: port, WEBCONTROL_PORT: port }).ended
    taken.close()
    expect(code).toBe(2)
    expect(stdout).toBe('')
    expect(stderr.trim().split('\n')).toHaveLength(1)
    expect(stderr).toMatch(new RegExp(`MCP_PORT.*127.0.0.1:${port} is already in use`))
  })

  it('says so for the hub’s port too, and leaves nothing listening', async () => {
    const taken = createServer().listen(0, '127.0.0.1')
    await once(taken, 'listening')
    const port = String((taken.address() as { port: number }).port)
    const { code, stderr } = await start({ ...FREE, HUB_PORT: port }).ended
    taken.close()
    expect(code).toBe(2)
    expect(stderr.trim().split('\n')).toHaveLength(1)
    expect(stderr).toMatch(new RegExp(`HUB_PORT.*127.0.0.1:${port} is already in use`))
  })

  it('names a setting that cannot be used', async () => {
    const { code, stderr } = await start({ ...FREE, MCP_PORT: 'x' }).ended
    expect(code).toBe(2)
    expect(stderr).toMatch(/^MCP_PORT: expected a port/)
  })

  it('explains itself', async () => {
    const { code, stdout } = await start({}, '--help').ended
    expect(code).toBe(0)
    expect(stdout).toContain('npm start')
    expect(stdout).toContain('MCP_PORT')
  })
})

describe('the table', () => {
  const up = [{ id: '08_k8s_mcp', state: 'up' }]
  const table = (cluster: object, servers: { id: string; state: string; reason?: string }[] = up) =>
    startTable(
      {
        hub: { origin: 'http://127.0.0.1:8000', state: { state: 'healthy', tools: 40, servers } },
        pages: {
          origin: 'http://127.0.0.1:8008',
          state: { service: 'k8s-mcp', version: '1.2.3', tools: 27, cluster: cluster as never },
        },
        approve: 'http://127.0.0.1:3100/login',
      },
      'token',
      { stop: 'Ctrl-C' },
    )

  it('names the one address for clients first, then those for people, context and version', () => {
    const text = table({ connected: true, context: 'kind-dev', version: 'v1.36.3' })
    const [, name, , mcp, pages, approve, cluster] = text.split('\n')
    expect(name).toBe('Gatehouse 1.2.3')
    expect(mcp).toMatch(/^ {2}MCP {6}http:\/\/127\.0\.0\.1:8000\/mcp {2}\(40 tools; the one address/)
    expect(pages).toMatch(/^ {2}pages {4}http:\/\/127\.0\.0\.1:8008\/ {2}/)
    expect(approve).toBe('  approve  http://127.0.0.1:3100/login')
    expect(cluster).toBe('  cluster  kind-dev, Kubernetes v1.36.3')
    expect(text).not.toContain('missing')
  })

  it('says what is missing and how to get it', () => {
    const text = table({
      connected: false,
      reason: 'No cluster connected: there is no kubeconfig',
      hint: 'Set it',
    })
    expect(text).toMatch(/^ {2}cluster {2}none\. There is no kubeconfig\.\n {11}Set it\.$/m)
    const half = table({}, [
      ...up,
      { id: '09_remediation_mcp', state: 'down', reason: 'nobody listens at its address' },
    ])
    expect(half).toMatch(/^ {2}missing {2}09_remediation_mcp is down: nobody listens at its address$/m)
  })
})

describe('addresses', () => {
  it.each([
    ['0.0.0.0', 'http://127.0.0.1:1'],
    ['::', 'http://127.0.0.1:1'],
    ['::1', 'http://[::1]:1'],
    ['10.0.0.7', 'http://10.0.0.7:1'],
  ])('%s is opened as %s', (host, origin) => expect(originOf(host, 1)).toBe(origin))

  it.each([
    [{ code: 'EADDRINUSE', port: 8008, address: '127.0.0.1' }, /^MCP_PORT: .*MCP_PORT=8018 npm start$/],
    [{ code: 'EACCES', port: 8008, address: '127.0.0.1' }, /^MCP_PORT: .*above 1023/],
    [{ code: 'EADDRNOTAVAIL', port: 8008, address: '203.0.113.9' }, /^HOST: 203\.0\.113\.9/],
  ])('%j', (error, message) =>
    expect(listenProblem(new Error('wrapped', { cause: error }), { MCP_PORT: 8008, OTHER_PORT: 1 })).toMatch(
      message,
    ),
  )

  it('leaves other errors alone', () => expect(listenProblem(new Error('x'), {})).toBeUndefined())
})
