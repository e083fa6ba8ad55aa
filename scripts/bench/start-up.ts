import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Row } from './report.ts'
import { agent, type Launch, openStdio, ownServer } from './session.ts'
import { median } from './statistics.ts'

/** From starting a process to its answer to tools/list, without a cluster, as a host's first contact. */
export async function startUpRows(quick: boolean): Promise<Row[]> {
  const rounds = quick ? 3 : 7
  return [
    ...(await rowsOf('stdio start to tools/list', 250, rounds, (env) => ownServer('', true, env))),
    ...(await rowsOf('mcp-k8s-agent: start to tools/list', 200, rounds, agent)),
  ]
}

async function rowsOf(
  work: string,
  most: number,
  rounds: number,
  launchOf: (env: Record<string, string>) => Launch,
): Promise<Row[]> {
  const cold: number[] = []
  const warm: number[] = []
  for (let round = 0; round < rounds; round++) {
    const cache = await mkdtemp(join(tmpdir(), 'gatehouse-bench-cache-'))
    const launch = launchOf({ NODE_COMPILE_CACHE: cache })
    cold.push(await startAndList(launch))
    for (let start = 0; start < 3; start++) warm.push(await startAndList(launch))
    await rm(cache, { recursive: true, force: true })
  }
  const note = `SDK client over stdio, median of ${warm.length}; fastest ${Math.min(...warm).toFixed(0)} ms`
  return [
    { work, unit: 'ms', measured: median(warm), budget: { most }, note },
    { work: '… first start ever (no compile cache)', unit: 'ms', measured: median(cold) },
  ]
}

export async function startAndList(launch: Launch): Promise<number> {
  const started = performance.now()
  await using session = await openStdio(launch)
  await session.client.listTools()
  return performance.now() - started
}
