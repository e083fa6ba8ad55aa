import { execFile, spawnSync } from 'node:child_process'
import { availableParallelism } from 'node:os'
import { promisify } from 'node:util'
import type { Load } from './load-process.ts'
import type { Row } from './report.ts'
import { type Launch, startHttp } from './session.ts'
import { median } from './statistics.ts'
import type { Era } from './wire.ts'

const run = promisify(execFile)
const here = (file: string): string => new URL(file, import.meta.url).pathname

/**
 * Calls per second of a tool that does nothing, the server on one core and the load on the other. Beside it what
 * node:http alone reaches with the same bytes, which says how fast this machine is.
 */
export async function throughputRows(quick: boolean): Promise<Row[]> {
  const seconds = quick ? 4 : 10
  const echo = await throughput('echo-server.ts', '2026-07-28', seconds)
  const current = await throughput('nothing-server.ts', '2026-07-28', seconds)
  const earlier = await throughput('nothing-server.ts', '2025-11-25', seconds)
  return [
    { ...current, work: 'tool that does nothing over HTTP', bare: echo.measured, budget: { least: 3_500 } },
    { ...earlier, work: '… clients of revision 2025-11-25', bare: echo.measured },
    { ...echo, work: '… node:http alone' },
  ]
}

async function throughput(server: string, era: Era, seconds: number) {
  const pinned = canPin()
  await using running = await startHttp(onCore(0, pinned, here(server), []))
  const { command, args, env } = onCore(1, pinned, here('load-process.ts'), [
    String(running.port),
    String(running.child.pid),
    era,
    String(seconds),
  ])
  const { stdout } = await run(command, args, { env })
  const { rates, microseconds } = JSON.parse(stdout) as Load
  const where = pinned ? 'server on one core, minimal client on the other' : 'not pinned to a core'
  const each = microseconds === undefined ? '' : `; ${Math.round(microseconds)} µs of processor time per call`
  return { unit: 'calls/s', measured: median(rates), note: where + each } as const
}

function onCore(core: number, pinned: boolean, file: string, args: string[]): Launch {
  const env = { PATH: process.env.PATH ?? '' }
  if (!pinned) return { command: process.execPath, args: [file, ...args], env }
  return { command: 'taskset', args: ['-c', String(core), process.execPath, file, ...args], env }
}

function canPin(): boolean {
  return availableParallelism() > 1 && spawnSync('taskset', ['-c', '0', 'true']).status === 0
}
