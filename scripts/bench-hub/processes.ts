import { execFile, spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { availableParallelism, tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { promisify } from 'node:util'
import { type Launch, startHttp } from '../bench/session.ts'
import type { Load, Measured } from './load-process.ts'

const run = promisify(execFile)
const here = (file: string): string => new URL(file, import.meta.url).pathname
const MAIN = here('../../dockers/00_hub_mcp/src/main.ts')

// The hub has the first core for itself; servers and load share the second.
const HUB_CORE = 0
const OTHER_CORE = 1
const pinned = availableParallelism() > 1 && spawnSync('taskset', ['-c', '0', 'true']).status === 0

function onCore(core: number, file: string, args: string[], env: Record<string, string> = {}): Launch {
  const all = { PATH: process.env.PATH ?? '', HOME: '/nonexistent', ...env }
  if (!pinned) return { command: process.execPath, args: [file, ...args], env: all }
  return { command: 'taskset', args: ['-c', String(core), process.execPath, file, ...args], env: all }
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
  }))
  writeFileSync(file, JSON.stringify({ version: 1, servers: list, limits: FREE, ...more }))
  const hub = await startHttp(onCore(HUB_CORE, MAIN, [], { HUB_PORT: '0', HUB_FILE: file, ...env }))
  for (let waited = 0; ; waited++) {
    const health = (await (await fetch(`http://127.0.0.1:${hub.port}/health`)).json()) as {
      servers: { id: string; state: string }[]
    }
    const well = health.servers.filter(({ state }) => state === 'up').map(({ id }) => id)
    if (up.every((id) => well.includes(id))) break
    if (waited > 100) throw new Error(`not up: ${JSON.stringify(health)}`)
    await pause(100)
  }
  return {
    port: hub.port,
    pid: hub.child.pid ?? 0,
    [Symbol.asyncDispose]: async () => {
      await hub[Symbol.asyncDispose]()
      rmSync(folder, { recursive: true })
    },
  }
}

const FREE = { perSecond: 100_000, burst: 100_000 }

/** Load from a process of its own, and what it measured. */
export async function measure(load: Load): Promise<Measured> {
  const { command, args, env } = onCore(OTHER_CORE, here('load-process.ts'), [JSON.stringify(load)])
  const { stdout } = await run(command, args, { env })
  return JSON.parse(stdout) as Measured
}
