import { execFile, spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { type AddressInfo, createServer } from 'node:net'
import { availableParallelism, tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { promisify } from 'node:util'
import { type Launch, startHttp } from '../bench/session.ts'
import type { Load, Measured } from './load-process.ts'

const run = promisify(execFile)
const here = (file: string): string => new URL(file, import.meta.url).pathname
const MAIN = here('../../dockers/00_hub_mcp/src/main.ts')
// As the image starts it: its bounds of the heap are what memory is measured with.
const [, entry = '[]'] =
  /^ENTRYPOINT (.+)$/m.exec(readFileSync(here('../../dockers/00_hub_mcp/Dockerfile'), 'utf8')) ?? []
const HUB_FLAGS = (JSON.parse(entry) as string[]).slice(1, -1)

// The hub has the first core for itself; servers and load share the second.
const HUB_CORE = 0
const OTHER_CORE = 1
const pinned = availableParallelism() > 1 && spawnSync('taskset', ['-c', '0', 'true']).status === 0

function onCore(
  core: number,
  file: string,
  args: string[],
  env: Record<string, string> = {},
  flags: string[] = [],
): Launch {
  const all = { PATH: process.env.PATH ?? '', HOME: '/nonexistent', ...env }
  if (!pinned) return { command: process.execPath, args: [...flags, file, ...args], env: all }
  return {
    command: 'taskset',
    args: ['-c', String(core), process.execPath, ...flags, file, ...args],
    env: all,
  }
}

export const startUpstream = (prefix: string, tools = 5, port = 0) =>
  startHttp(onCore(OTHER_CORE, here('upstream-server.ts'), [prefix, String(tools), String(port)]))

export interface BenchHub extends AsyncDisposable {
  port: number
  pid: number
}

/** The hub over some servers by prefix and port, once all of them that can be are up. */
export async function startBenchHub(
  servers: Record<string, number>,
  {
    up = Object.keys(servers),
    more = {},
    env = {},
  }: { up?: string[]; more?: object; env?: Record<string, string> } = {},
): Promise<BenchHub> {
  const folder = mkdtempSync(join(tmpdir(), 'gatehouse-bench-hub-'))
  const file = join(folder, 'hub.yaml')
  const list = Object.entries(servers).map(([id, port]) => ({
    id,
    url: `http://127.0.0.1:${port}/mcp`,
    prefixes: [id],
    credentials: 'suite',
  }))
  writeFileSync(file, JSON.stringify({ version: 1, servers: list, limits: FREE, ...more }))
  // A silent hub tells no port, so it gets one.
  const port = await freePort()
  const {
    command,
    args,
    env: all,
  } = onCore(HUB_CORE, MAIN, [], { HUB_PORT: String(port), HUB_FILE: file, ...env }, HUB_FLAGS)
  const hub = spawn(command, args, { env: all, stdio: 'ignore' })
  const kill = (): void => void hub.kill('SIGKILL')
  process.once('exit', kill)
  await untilUp(port, up)
  return {
    port,
    pid: hub.pid ?? 0,
    [Symbol.asyncDispose]: async () => {
      hub.kill('SIGTERM')
      await once(hub, 'exit')
      process.off('exit', kill)
      rmSync(folder, { recursive: true })
    },
  }
}

async function untilUp(port: number, ids: readonly string[]): Promise<void> {
  for (let waited = 0; ; waited++) {
    const told = await fetch(`http://127.0.0.1:${port}/health`).catch(() => undefined)
    const { servers = [] } = ((await told?.json()) ?? {}) as { servers?: { id: string; state: string }[] }
    const well = servers.filter(({ state }) => state === 'up').map(({ id }) => id)
    if (ids.every((id) => well.includes(id))) return
    if (waited > 100) throw new Error(`not up: ${JSON.stringify(servers)}`)
    await pause(100)
  }
}

async function freePort(): Promise<number> {
  const server = createServer()
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  await new Promise((resolve) => server.close(resolve))
  return port
}

const FREE = { perSecond: 100_000, burst: 100_000 }

/** Load from a process of its own, and what it measured. */
export async function measure(load: Load): Promise<Measured> {
  const { command, args, env } = onCore(OTHER_CORE, here('load-process.ts'), [JSON.stringify(load)])
  const { stdout } = await run(command, args, { env })
  return JSON.parse(stdout) as Measured
}
