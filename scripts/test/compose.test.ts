import { spawn, spawnSync } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { once } from 'node:events'
import {
  chmodSync,
  chownSync,
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { fileURLToPath } from 'node:url'
import { type Cluster, eventually, startCluster } from '@gatehouse/testing'
import { Client, StreamableHTTPClientTransport } from '@modelcontextprotocol/client'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'

// What a person does after cloning, in a copy of the repository: builds the image and runs it for real.
const root = fileURLToPath(new URL('../..', import.meta.url))
const engine = spawnSync('docker', ['info', '--format', '{{.ServerVersion}}'], { encoding: 'utf8' })
const compose = spawnSync('docker', ['compose', 'version'], { encoding: 'utf8' })
const missing =
  engine.status !== 0
    ? 'no Docker engine answers here'
    : compose.status !== 0
      ? 'Docker has no Compose plugin'
      : undefined

const folder = mkdtempSync(path.join(tmpdir(), 'gatehouse-compose-'))
const clone = path.join(folder, 'clone')
const kube = path.join(folder, 'kube')
const project = `gatehouse-test-${randomBytes(4).toString('hex')}`
const container = `${project}-k8s-mcp-1`
/** Root's files are given to an ordinary user, who then owns the kubeconfig and runs inside. */
const user =
  process.getuid?.() === 0
    ? { uid: 1234, gid: 1234 }
    : { uid: process.getuid?.() ?? 0, gid: process.getgid?.() ?? 0 }
const PATIENCE = 300_000

let cluster: Cluster
let origin = ''
let environment: Record<string, string> = {}

describe.skipIf(missing)(`docker compose${missing ? ` (skipped: ${missing})` : ''}`, () => {
  beforeAll(async () => {
    mkdirSync(kube, { mode: 0o700 })
    chownSync(kube, user.uid, user.gid)
    copyRepository()
    const port = String(await freePort())
    origin = `http://127.0.0.1:${port}`
    environment = {
      PATH: process.env.PATH ?? '',
      HOME: process.env.HOME ?? '',
      COMPOSE_PROJECT_NAME: project,
      MCP_PORT: port,
      KUBECONFIG: path.join(kube, 'config'),
      GATEHOUSE_UID: String(user.uid),
      GATEHOUSE_GID: String(user.gid),
    }
    cluster = await startCluster(bridge())
  }, PATIENCE)

  afterAll(async () => {
    if (missing) return
    await npmRun('up', 'down')
    await cluster?.stop()
    rmSync(folder, { recursive: true, force: true })
  }, PATIENCE)

  it('says in one line what to run first', () => {
    const { GATEHOUSE_UID: _, GATEHOUSE_GID: _gid, ...before } = environment
    const { status, stderr } = spawnSync('docker', ['compose', 'up'], {
      cwd: clone,
      env: before,
      encoding: 'utf8',
    })
    expect(status).not.toBe(0)
    expect(stderr.trim().split('\n')).toHaveLength(1)
    expect(stderr).toContain('npm run up')
  })

  it('starts without a cluster, and says where the token is without showing it', {
    timeout: PATIENCE,
  }, async () => {
    const { code, output } = await npmRun('up')
    expect(code, output).toBe(0)
    expect(output).toContain(`k8s-mcp  ${origin}`)
    expect(output).toMatch(/cluster {2}none\. There is no .*config\./)
    expect(output).toContain('secrets/mcp_token')
    expect(token()).toMatch(/^\S{32,}$/)
    expect(output).not.toContain(token())
    expect(mode('secrets/mcp_token')).toBe(0o600)
    expect((await status()).cluster.connected).toBe(false)
  })

  it('is locked down', async () => {
    const { HostConfig: host, Config: config, NetworkSettings: network } = inspect()
    expect(config.User).toBe(`${user.uid}:${user.gid}`)
    expect(host).toMatchObject({ ReadonlyRootfs: true, CapDrop: ['ALL'], Privileged: false, PidsLimit: 128 })
    expect(host.SecurityOpt).toContain('no-new-privileges:true')
    expect(host.Memory).toBe(512 * 1024 * 1024)
    expect(host.LogConfig.Config).toEqual({ 'max-file': '3', 'max-size': '10m' })
    const published = Object.values(network.Ports as Record<string, { HostIp: string }[] | null>).flat()
    expect(published.map((one) => one?.HostIp)).toEqual(['127.0.0.1'])
    const process = inside('cat', '/proc/1/status')
    expect(process).toMatch(new RegExp(`^Uid:\\s+${user.uid}\\s`, 'm'))
    for (const set of ['CapInh', 'CapPrm', 'CapEff', 'CapBnd'])
      expect(process).toMatch(new RegExp(`^${set}:\\s+0+$`, 'm'))
    expect(process).toMatch(/^NoNewPrivs:\s+1$/m)
    for (const place of ['/app', '/kube', '/run', '/var/tmp']) {
      expect(inside('sh', '-c', `touch ${place}/x 2>&1 || echo refused`), place).toContain('refused')
    }
    expect(inside('sh', '-c', 'touch /tmp/x && echo written')).toContain('written')
    expect(inside('getent', 'hosts', 'host.docker.internal')).toMatch(/^\d+\./)
  })

  it('keeps the workspaces as links, and holds no tests, secrets or development tools', () => {
    expect(inside('readlink', '-f', '/app/node_modules/@gatehouse/tools')).toBe('/app/shared/tools\n')
    const files = inside('find', '/app', '-not', '-path', '/app/node_modules/*', '-type', 'f')
    expect(files).toContain('/app/dockers/08_k8s_mcp/src/main.ts')
    expect(files).not.toMatch(/secrets|\.env|\.test\.ts|\.git\/|shared\/testing/)
    expect(inside('ls', '/app/node_modules')).not.toMatch(/^(vitest|typescript|knip)$/m)
  })

  it('answers only with the token, and its own health check agrees', { timeout: PATIENCE }, async () => {
    const ask = (headers: Record<string, string> = {}) =>
      fetch(`${origin}/mcp`, {
        method: 'POST',
        body: '{}',
        headers: { 'content-type': 'application/json', ...headers },
      })
    expect((await fetch(`${origin}/livez`)).status).toBe(200)
    expect((await ask()).status).toBe(401)
    expect((await ask({ authorization: `Bearer ${'x'.repeat(43)}` })).status).toBe(401)
    const client = new Client({ name: 'compose-test', version: '0' })
    const requestInit = { headers: { authorization: `Bearer ${token()}` } }
    await client.connect(new StreamableHTTPClientTransport(new URL(`${origin}/mcp`), { requestInit }))
    const names = (await client.listTools()).tools.map(({ name }) => name)
    await client.close()
    expect(names).toContain('infra.k8s.pods.listPods')
    await eventually('Docker says healthy', async () => inspect().State.Health.Status === 'healthy', {
      timeout: 60_000,
    })
  })

  it('picks up a kubeconfig that appears, with mode 0600, and one that replaces it', {
    timeout: PATIENCE,
  }, async () => {
    putKubeconfig('first')
    await connectedTo('first')
    expect((await status()).cluster).toMatchObject({
      connected: true,
      version: expect.stringMatching(/^v1\./),
    })
    const list = await fetch(`${origin}/tools/infra.k8s.cluster.listNodes`, {
      method: 'POST',
      body: '{}',
      headers: { authorization: `Bearer ${token()}` },
    })
    expect(await list.json()).toMatchObject({ total: 3, target: { context: 'first' } })
    putKubeconfig('second')
    await connectedTo('second')
  })

  it('says what to do about a cluster on this machine, and the way it says works', {
    timeout: PATIENCE,
  }, async () => {
    const port = new URL(cluster.url).port
    putKubeconfig('local', `https://127.0.0.1:${port}`)
    const { code, output } = await npmRun('up')
    expect(code, output).toBe(0)
    expect(output).toContain('The context "local" points at https://127.0.0.1')
    expect(output).toContain(`--server https://host.docker.internal:${port} --tls-server-name localhost`)
    putKubeconfig('inside')
    await connectedTo('inside')
  })

  it('stops cleanly as process 1, and starts again with plain docker compose up', {
    timeout: PATIENCE,
  }, async () => {
    docker('stop', container)
    // 137 would be the kill after the grace period.
    expect(inspect().State.ExitCode).toBe(0)
    expect(docker('logs', container)).toMatch(/"signal":"SIGTERM","msg":"stopping"/)
    const { COMPOSE_PROJECT_NAME, MCP_PORT, PATH, HOME } = environment
    const env = { COMPOSE_PROJECT_NAME, MCP_PORT, PATH, HOME } as Record<string, string>
    const { status: exit, stderr } = spawnSync('docker', ['compose', 'up', '--detach'], {
      cwd: clone,
      env,
      encoding: 'utf8',
    })
    expect(exit, stderr).toBe(0)
    await connectedTo('inside')
  })

  it('goes away with npm run up -- down', { timeout: PATIENCE }, async () => {
    expect((await npmRun('up', 'down')).code).toBe(0)
    expect(docker('ps', '--all', '--quiet', '--filter', `name=${project}`)).toBe('')
    expect(existsSync(path.join(clone, 'secrets/mcp_token'))).toBe(true)
  })
})

/** What git would clone, with changes not committed yet; the installed packages by a link. */
function copyRepository(): void {
  const listed = spawnSync('git', ['ls-files', '--cached', '--others', '--exclude-standard', '-z'], {
    cwd: root,
    encoding: 'utf8',
  })
  const files = listed.stdout.split('\0').filter((name) => name && existsSync(path.join(root, name)))
  for (const name of files)
    cpSync(path.join(root, name), path.join(clone, name), { recursive: true, preserveTimestamps: true })
  symlinkSync(path.join(root, 'node_modules'), path.join(clone, 'node_modules'))
}

async function npmRun(verb: string, ...args: string[]): Promise<{ code: number; output: string }> {
  const child = spawn(process.execPath, ['scripts/run.mjs', verb, ...args], { cwd: clone, env: environment })
  let output = ''
  for (const stream of [child.stdout, child.stderr]) {
    stream.on('data', (chunk) => {
      output += chunk
    })
  }
  const [code] = await once(child, 'close')
  return { code: Number(code), output }
}

/** Replaces the kubeconfig as kubectl does, by a rename; its server is what `npm run up` advises for a local cluster. */
function putKubeconfig(context: string, server?: string): void {
  const config = JSON.parse(readFileSync(cluster.kubeconfig, 'utf8'))
  config.contexts[0].name = context
  config['current-context'] = context
  const advised = `https://host.docker.internal:${new URL(cluster.url).port}`
  Object.assign(config.clusters[0].cluster, { server: server ?? advised, 'tls-server-name': 'localhost' })
  const next = path.join(kube, '.next')
  writeFileSync(next, JSON.stringify(config), { mode: 0o600 })
  chmodSync(next, 0o600)
  chownSync(next, user.uid, user.gid)
  renameSync(next, path.join(kube, 'config'))
}

interface Status {
  cluster: { connected: boolean; context?: string; version?: string }
}

async function status(): Promise<Status> {
  return (await fetch(`${origin}/status`).then((response) => response.json())) as Status
}

/** Waits until the container says so; what it says instead becomes the failure. */
function connectedTo(context: string): Promise<unknown> {
  return eventually(`connected to ${context}`, async () => {
    const { cluster } = await status()
    expect(cluster, JSON.stringify(cluster)).toMatchObject({ connected: true, context })
    return true
  })
}

function token(): string {
  return readFileSync(path.join(clone, 'secrets/mcp_token'), 'utf8').trim()
}

function mode(name: string): number {
  return statSync(path.join(clone, name)).mode & 0o777
}

function docker(...args: string[]): string {
  const { status: code, stdout, stderr } = spawnSync('docker', args, { encoding: 'utf8' })
  if (code !== 0) throw new Error(`docker ${args.join(' ')}: ${stderr}`)
  return stdout
}

function inside(...command: string[]): string {
  return docker('exec', container, ...command)
}

// biome-ignore lint/suspicious/noExplicitAny: asserted field by field
function inspect(): any {
  return JSON.parse(docker('inspect', container))[0]
}

/** Where containers reach this machine: the first address of the bridge. Docker Desktop forwards to loopback instead. */
function bridge(): { listen?: string } {
  if (process.platform !== 'linux') return {}
  const format = '{{with index .IPAM.Config 0}}{{or .Gateway .Subnet}}{{end}}'
  const address = docker('network', 'inspect', 'bridge', '--format', format).trim()
  return { listen: address.replace(/\.0\/\d+$/, '.1') }
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as { port: number }
  server.close()
  await once(server, 'close')
  return port
}
