import { mkdtemp, rm } from 'node:fs/promises'
import { loadavg, tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { measureWithCluster } from './bench/cluster-parts.ts'
import { circumstances, type Row, rowLine, tableOf, verdictOf, writeJson } from './bench/report.ts'
import { startUpRows } from './bench/start-up.ts'
import { throughputRows } from './bench/throughput.ts'

const HELP = `npm run bench [-- options]: our server beside the bare API request, measured in one run

  --quick             fewer rounds and no 4,900 pods: about two minutes
  --json FILE         also write the rows as JSON
  --kubeconfig FILE   use a cluster that is filled already instead of starting one
  --only NAMES        parts, separated by commas: start, nothing, large, lists, faults, approvals,
                      documentation, peers
  --peers             also measure mcp-server-kubernetes and kubernetes-mcp-server
  --peers-dir DIR     folder whose node_modules holds them; implies --peers

Exit code 1 when a budget is missed. The table goes to stdout, progress to stderr.
`
const PARTS = ['start', 'nothing', 'large', 'lists', 'faults', 'approvals', 'documentation']

const { values } = parseArgs({
  options: {
    quick: { type: 'boolean', default: false },
    json: { type: 'string' },
    kubeconfig: { type: 'string' },
    only: { type: 'string' },
    peers: { type: 'boolean', default: false },
    'peers-dir': { type: 'string' },
    help: { type: 'boolean', short: 'h' },
  },
})
if (values.help) process.stdout.write(HELP)
else await main()

async function main(): Promise<void> {
  const stack = new AsyncDisposableStack()
  const interrupted = Promise.withResolvers<'interrupted'>()
  for (const signal of ['SIGINT', 'SIGTERM'] as const)
    process.once(signal, () => interrupted.resolve('interrupted'))
  const before = loadavg()[0] ?? 0
  const rows: Row[] = []
  const failed = (error: unknown): unknown => error ?? 'failed'
  // What was measured before a failure is shown all the same.
  const end = await Promise.race([measure(stack, rows).catch(failed), interrupted.promise])
  say('stopping')
  await stack.disposeAsync().catch(failed)
  if (end === 'interrupted') process.exit(130)
  const about = circumstances(before)
  console.log(`${about}\n\n${tableOf(rows)}`)
  if (values.json) writeJson(values.json, about, rows)
  if (end !== undefined) console.error(end)
  process.exit(end !== undefined || rows.some((row) => verdictOf(row) === 'MISS') ? 1 : 0)
}

async function measure(stack: AsyncDisposableStack, rows: Row[]): Promise<void> {
  const quick = values.quick
  const peers = values.peers || values['peers-dir'] !== undefined
  const parts = new Set(values.only?.split(',') ?? [...PARTS, ...(peers ? ['peers'] : [])])
  if (quick) parts.delete('large')
  const folder = await mkdtemp(join(tmpdir(), 'gatehouse-bench-'))
  stack.defer(() => rm(folder, { recursive: true, force: true }))
  const add = (more: Row[]): void => {
    rows.push(...more)
    for (const row of more) say(rowLine(row))
  }
  if (parts.has('start')) add(await startUpRows(quick))
  if (parts.has('nothing')) add(await throughputRows(quick))
  if (['large', 'lists', 'faults', 'approvals', 'documentation', 'peers'].some((part) => parts.has(part))) {
    const { kubeconfig, 'peers-dir': peersDir } = values
    await measureWithCluster({ stack, folder, kubeconfig, peersDir, parts, quick, say, add })
  }
}

function say(line: string): void {
  process.stderr.write(`${line}\n`)
}
