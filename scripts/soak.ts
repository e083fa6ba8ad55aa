import { readdirSync } from 'node:fs'
import { parseArgs } from 'node:util'
import { postModern } from '@gatehouse/testing/mcp'
import { residentMegabytes } from './bench/process.ts'
import { startBenchHub, startUpstream } from './bench-hub/processes.ts'

const HELP = `npm run soak [-- --minutes N]: does the hub keep something of what has passed?

Calls, lists, calls that their client leaves and calls to a server that is killed and started again, over and over, for
ten minutes unless told. Every tenth of the time it prints memory and open files of the hub. Exit code 1 when either
grew by more than a fifth from the second print to the last.
`

const { values } = parseArgs({
  options: { minutes: { type: 'string', default: '10' }, help: { type: 'boolean', short: 'h' } },
})
if (values.help) process.stdout.write(HELP)
else await main(Number(values.minutes) * 60_000)

interface Sample {
  megabytes: number
  files: number
}

async function main(ms: number): Promise<void> {
  await using steady = await startUpstream('steady', 200)
  let restarted = await startUpstream('restarted', 200)
  const { port } = restarted
  await using hub = await startBenchHub({ steady: steady.port, restarted: restarted.port })
  const url = `http://127.0.0.1:${hub.port}/mcp`
  const samples: Sample[] = []
  const until = Date.now() + ms
  const counts = { calls: 0, left: 0, lists: 0, restarts: 0 }
  for (let tenth = 1; tenth <= 10; tenth++) {
    const end = until - ms + (ms * tenth) / 10
    while (Date.now() < end) await round(url, counts)
    await restarted[Symbol.asyncDispose]()
    restarted = await startUpstream('restarted', 200, port)
    counts.restarts++
    const sample = { megabytes: residentMegabytes(hub.pid) ?? 0, files: openFiles(hub.pid) }
    samples.push(sample)
    console.log(
      `${tenth}/10  ${sample.megabytes.toFixed(0)} MB  ${sample.files} files  ${JSON.stringify(counts)}`,
    )
  }
  await restarted[Symbol.asyncDispose]()
  const [, second, last] = [samples[0], samples[1], samples.at(-1)]
  const grew = (of: keyof Sample) => (last?.[of] ?? 0) > (second?.[of] ?? 0) * 1.2
  const leaking = (['megabytes', 'files'] as const).filter(grew)
  console.log(leaking.length === 0 ? 'nothing grew' : `grew: ${leaking.join(', ')}`)
  process.exitCode = leaking.length === 0 ? 0 : 1
}

/** A little of everything; what fails is meant to. */
async function round(url: string, counts: Record<'calls' | 'left' | 'lists', number>): Promise<void> {
  const call = (name: string, signal?: AbortSignal) =>
    postModern(url, 'tools/call', { name, arguments: { text: 'soak' } }, signal ? { signal } : {}).catch(
      () => {},
    )
  const leaving = Array.from({ length: 10 }, () => call('steady.hang', AbortSignal.timeout(50)))
  const calls = Array.from({ length: 20 }, (_, index) =>
    call(index % 4 === 0 ? 'restarted.stream' : 'steady.echo'),
  )
  await Promise.all([...leaving, ...calls, postModern(url, 'tools/list').catch(() => {})])
  counts.calls += calls.length
  counts.left += leaving.length
  counts.lists++
}

function openFiles(pid: number): number {
  try {
    return readdirSync(`/proc/${pid}/fd`).length
  } catch {
    return 0
  }
}
