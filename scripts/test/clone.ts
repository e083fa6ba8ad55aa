import { spawn, spawnSync } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { once } from 'node:events'
import {
  chownSync,
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  renameSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { fileURLToPath } from 'node:url'
import { connectMcp, type McpTestClient, type Sdk } from '@gatehouse/testing/mcp'

const root = fileURLToPath(new URL('../..', import.meta.url))

interface Status {
  cluster: { connected: boolean; context?: string; version?: string; reason?: string }
}

/** A copy of the repository as git would clone it, changes not yet committed included, with a kubeconfig folder beside it. */
export class Clone {
  readonly project = `gatehouse-test-${randomBytes(4).toString('hex')}`
  readonly container = `${this.project}-k8s-mcp-1`
  /** Root's files are given to an ordinary user, who then owns the kubeconfig and runs inside. */
  readonly user =
    process.getuid?.() === 0
      ? { uid: 1234, gid: 1234 }
      : { uid: process.getuid?.() ?? 0, gid: process.getgid?.() ?? 0 }
  readonly #base = mkdtempSync(path.join(tmpdir(), 'gatehouse-compose-'))
  readonly folder = path.join(this.#base, 'clone')
  readonly kube = path.join(this.#base, 'kube')
  /** A home without anything in it, as on a new machine. */
  readonly home = path.join(this.#base, 'home')
  /** The hub. */
  readonly hub: string
  /** 08: pages and REST. */
  readonly origin: string
  /** Where people approve. */
  readonly pages: string
  readonly environment: Record<string, string>

  private constructor([hubPort = '', port = '', approvalPort = '']: string[]) {
    this.hub = `http://127.0.0.1:${hubPort}`
    this.origin = `http://127.0.0.1:${port}`
    this.pages = `http://127.0.0.1:${approvalPort}`
    this.environment = {
      PATH: process.env.PATH ?? '',
      HOME: process.env.HOME ?? '',
      COMPOSE_PROJECT_NAME: this.project,
      HUB_PORT: hubPort,
      MCP_PORT: port,
      APPROVAL_PORT: approvalPort,
      KUBECONFIG: path.join(this.kube, 'config'),
      GATEHOUSE_UID: String(this.user.uid),
      GATEHOUSE_GID: String(this.user.gid),
    }
    mkdirSync(this.home)
    mkdirSync(this.kube, { mode: 0o700 })
    chownSync(this.kube, this.user.uid, this.user.gid)
    this.#copy()
  }

  static async make(): Promise<Clone> {
    return new Clone([await freePort(), await freePort(), await freePort()].map(String))
  }

  at(name: string): string {
    return path.join(this.folder, name)
  }

  token(name = 'mcp_token'): string {
    return readFileSync(this.at(`secrets/${name}`), 'utf8').trim()
  }

  async status(): Promise<Status> {
    return (await fetch(`${this.origin}/status`).then((response) => response.json())) as Status
  }

  /**
   * `docker compose` as somebody calls it who has prepared nothing: no settings but ports of this test, and an empty home.
   * Only the user's number is given where it is neither root's nor the usual one.
   */
  compose(args: string[], more: Record<string, string> = {}) {
    const { PATH, HOME, COMPOSE_PROJECT_NAME, HUB_PORT, MCP_PORT, APPROVAL_PORT } = this.environment
    const { uid, gid } = this.user
    const other = process.getuid?.() !== 0 && uid !== 1000
    const env = {
      ...{ PATH, COMPOSE_PROJECT_NAME, HUB_PORT, MCP_PORT, APPROVAL_PORT, HOME: this.home },
      // Where its plugins are found.
      DOCKER_CONFIG: process.env.DOCKER_CONFIG ?? `${HOME}/.docker`,
      ...(other && { GATEHOUSE_UID: String(uid), GATEHOUSE_GID: String(gid) }),
      ...more,
    }
    const ran = spawnSync('docker', ['compose', ...args], { cwd: this.folder, env, encoding: 'utf8' })
    return { code: ran.status, output: `${ran.stdout}${ran.stderr}` }
  }

  /** An official client at the hub, with the token of this clone. */
  connect(sdk?: Sdk): Promise<McpTestClient> {
    return connectMcp({ url: `${this.hub}/mcp`, headers: { authorization: `Bearer ${this.token()}` } }, sdk)
  }

  async npmRun(verb: string, ...args: string[]): Promise<{ code: number; output: string }> {
    const options = { cwd: this.folder, env: this.environment }
    const child = spawn(process.execPath, ['scripts/run.mjs', verb, ...args], options)
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
  putKubeconfig(cluster: { kubeconfig: string; url: string }, context: string, server?: string): void {
    const config = JSON.parse(readFileSync(cluster.kubeconfig, 'utf8'))
    config.contexts[0].name = context
    config['current-context'] = context
    const advised = `https://host.docker.internal:${new URL(cluster.url).port}`
    Object.assign(config.clusters[0].cluster, { server: server ?? advised, 'tls-server-name': 'localhost' })
    const next = path.join(this.kube, '.next')
    writeFileSync(next, JSON.stringify(config), { mode: 0o600 })
    chownSync(next, this.user.uid, this.user.gid)
    renameSync(next, path.join(this.kube, 'config'))
  }

  inside(...command: string[]): string {
    return docker('exec', this.container, ...command)
  }

  /** The same in another service's container. */
  insideOf(service: string, ...command: string[]): string {
    return docker('exec', `${this.project}-${service}-1`, ...command)
  }

  /** Every address published by a container of this clone, as Docker says it. */
  published(): string[] {
    const ids = docker(
      'ps',
      '--all',
      '--quiet',
      '--filter',
      `label=com.docker.compose.project=${this.project}`,
    )
    const ports = ids
      .trim()
      .split('\n')
      .map((id) => docker('port', id))
    return ports.flatMap((text) => text.split('\n').filter(Boolean)).sort()
  }

  // biome-ignore lint/suspicious/noExplicitAny: asserted field by field
  inspect(service = 'k8s-mcp'): any {
    return JSON.parse(docker('inspect', `${this.project}-${service}-1`))[0]
  }

  remove(): void {
    rmSync(this.#base, { recursive: true, force: true })
  }

  #copy(): void {
    const list = ['ls-files', '--cached', '--others', '--exclude-standard', '-z']
    const listed = spawnSync('git', list, { cwd: root, encoding: 'utf8' })
    const files = listed.stdout.split('\0').filter((name) => name && existsSync(path.join(root, name)))
    for (const name of files) cpSync(path.join(root, name), this.at(name), { preserveTimestamps: true })
    // What is installed comes by a link: only scripts/up.ts needs it, the image installs its own.
    symlinkSync(path.join(root, 'node_modules'), this.at('node_modules'))
  }
}

/** Why containers cannot be tested here, or undefined. */
export function missingDocker(): string | undefined {
  const works = (...args: string[]) => spawnSync('docker', args).status === 0
  if (!works('info')) return 'no Docker engine answers here'
  return works('compose', 'version') ? undefined : 'Docker has no Compose plugin'
}

export function docker(...args: string[]): string {
  const { status, stdout, stderr } = spawnSync('docker', args, { encoding: 'utf8' })
  if (status !== 0) throw new Error(`docker ${args.join(' ')}: ${stderr}`)
  return stdout
}

/** Where containers reach this machine: the first address of the bridge. Docker Desktop forwards to loopback instead. */
export function bridge(): { listen?: string } {
  if (process.platform !== 'linux') return {}
  const format = '{{with index .IPAM.Config 0}}{{or .Gateway .Subnet}}{{end}}'
  const address = docker('network', 'inspect', 'bridge', '--format', format).trim()
  return { listen: address.replace(/\.0\/\d+$/, '.1') }
}

/** A port nobody listens on at the moment. */
export async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as { port: number }
  server.close()
  await once(server, 'close')
  return port
}
