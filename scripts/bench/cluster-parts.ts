import { setTimeout as pause } from 'node:timers/promises'
import { approvalRows } from './approvals.ts'
import { Bare } from './bare.ts'
import { documentationRows } from './documentation.ts'
import { faultRows } from './faults.ts'
import { type Contest, largeListRows, singleListRows, smallListRows } from './lists.ts'
import { peerRows } from './peers.ts'
import { residentMegabytes } from './process.ts'
import type { Row } from './report.ts'
import { responsivenessRows } from './responsiveness.ts'
import { openStdio, ownServer, startHttp } from './session.ts'
import { largeReplyRows, schemaRows, smallReplyRows, tokenCounter } from './tokens.ts'
import { openWorkload, type Workload } from './workload.ts'

const IDLE_MS = 15_000

export interface ClusterRun {
  /** Stops whatever was started, also after an interruption. */
  stack: AsyncDisposableStack
  folder: string
  kubeconfig: string | undefined
  peersDir: string | undefined
  parts: ReadonlySet<string>
  quick: boolean
  say(line: string): void
  add(rows: Row[]): void
}

/** Everything that needs a cluster. The large list comes first: it is over all namespaces, so the others must be empty. */
export async function measureWithCluster(run: ClusterRun): Promise<void> {
  const { stack, parts, quick, add } = run
  const workload = await openWorkload(stack, run.folder, run.kubeconfig, run.say)
  const bare = stack.use(new Bare(workload.access))
  const stdio = stack.use(await openStdio(ownServer(workload.kubeconfig, true)))
  const http = stack.use(await startHttp(ownServer(workload.kubeconfig, false)))
  const contest: Contest = { bare, stdio, httpPort: http.port, quick }
  if (parts.has('large')) await measureLarge(run, workload, contest)
  if (parts.has('lists')) {
    await workload.fillMedium()
    add(await smallListRows(contest))
    const count = await tokenCounter()
    const essential = stack.use(
      await openStdio(ownServer(workload.kubeconfig, true, { TOOLSETS: 'essential' })),
    )
    add(await schemaRows(stdio, essential, count))
    add(await smallReplyRows(stdio, count))
  }
  if (parts.has('large')) {
    await workload.fillSingle()
    add(await singleListRows(contest))
  }
  if (parts.has('faults')) add(await faultRows(stdio))
  if (parts.has('documentation')) add(await documentationRows(workload.kubeconfig, quick))
  if (parts.has('approvals')) add(await approvalRows(workload.access, workload.plain, quick))
  const pids = { stdio: stdio.pid, HTTP: http.child.pid ?? 0 }
  add(memoryRows('memory right after the run', pids))
  await pause(IDLE_MS)
  add(memoryRows('memory after 15 s without calls', pids))
  if (parts.has('peers')) add(await peerRows(run, workload))
}

async function measureLarge(run: ClusterRun, workload: Workload, contest: Contest): Promise<void> {
  await workload.fillLarge()
  run.add(await largeListRows(contest, await contest.bare.names('namespaces')))
  run.add(await responsivenessRows(contest.httpPort, run.quick))
  run.add(await largeReplyRows(contest.stdio, await tokenCounter()))
}

function memoryRows(work: string, pids: Record<string, number>): Row[] {
  return Object.entries(pids).map(([door, pid]): Row => {
    const measured = residentMegabytes(pid)
    const budget = { most: 120 }
    return { work: `${work}, ${door}`, unit: 'MB', ...(measured !== undefined && { measured }), budget }
  })
}
