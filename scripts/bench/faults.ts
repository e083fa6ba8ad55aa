import type { DeadName } from './dead-servers.ts'
import type { Row } from './report.ts'
import type { Session } from './session.ts'
import { median } from './statistics.ts'
import { SMALL } from './workload.ts'

const LIST_PODS = 'infra.k8s.pods.listPods'
const CASES: Record<DeadName, string> = {
  refused: 'unreachable cluster: connection refused',
  blackhole: 'unreachable cluster: nothing answers',
  hung: 'unreachable cluster: connects, then hangs',
}

/** How long a caller waits for "unreachable", and what other contexts notice of it meanwhile. */
export async function faultRows(session: Session): Promise<Row[]> {
  const rows: Row[] = []
  for (const name of Object.keys(CASES) as DeadName[]) {
    const { ms, during } = await askDead(session, name)
    const note = `${during.length} calls to another context meanwhile, p50 ${median(during).toFixed(1)} ms`
    rows.push({ work: CASES[name], unit: 'ms', measured: ms, budget: { most: 5_000 }, note })
  }
  return rows
}

async function askDead(session: Session, context: DeadName): Promise<{ ms: number; during: number[] }> {
  const started = performance.now()
  let ms: number | undefined
  const dead = session.call(LIST_PODS, { context, namespace: SMALL }).then(
    () => 'answered',
    (error: unknown) => {
      ms = performance.now() - started
      return String(error)
    },
  )
  const during: number[] = []
  do {
    const asked = performance.now()
    await session.call(LIST_PODS, { namespace: SMALL })
    during.push(performance.now() - asked)
  } while (ms === undefined && performance.now() - started < 20_000)
  const said = await dead
  if (!said.includes('CLUSTER_UNREACHABLE')) throw new Error(`context ${context}: ${said}`)
  return { ms: ms ?? Number.POSITIVE_INFINITY, during }
}
