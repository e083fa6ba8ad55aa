import { GatehouseError } from '@gatehouse/errors'
import type { Cluster, Clusters } from '@gatehouse/kubernetes'
import type { AttemptStore, OperationOutcome } from '../attempt.ts'
import type { PlannedOperation } from '../plan.ts'
import { executeExec } from './execute-exec.ts'
import { executeSwitch } from './execute-switch.ts'
import { executeWrite } from './execute-write.ts'
import { type ExecutionContext, type Ground, stopped } from './ground.ts'
import { type Timing, usualTiming } from './timing.ts'

export interface ExecutorDeps {
  clusters: Clusters
  timing?: Partial<Timing>
}

export interface Executor {
  /**
   * Carries out one approved operation, at most once, however often and by whomever it is called for the same attempts.
   * Rejects only where the caller's signal ended it or a part of Gatehouse failed; then nothing is known but what
   * `attempts` holds, and somebody else takes over.
   */
  execute(
    planned: PlannedOperation,
    attempts: AttemptStore,
    context: ExecutionContext,
    signal: AbortSignal,
  ): Promise<OperationOutcome>
}

/** The only sender of changes: validates, persists the attempt, sends it once, and looks at what came of it. */
export function createExecutor({ clusters, timing }: ExecutorDeps): Executor {
  return {
    async execute(planned, attempts, context, signal) {
      const cluster = await clusterOf(clusters, planned, attempts, context.index)
      if ('state' in cluster) return cluster
      const waits = { ...usualTiming, ...timing }
      const ground: Ground = { planned, cluster, attempts, context, timing: waits, signal }
      const outcome = await executeOne(ground)
      const { reason } = outcome
      return reason === undefined ? outcome : { ...outcome, reason: cluster.sanitizer.blind().text(reason) }
    },
  }
}

function executeOne(ground: Ground): Promise<OperationOutcome> {
  const { exec, switch: change } = ground.planned
  if (exec) return executeExec(ground, exec)
  return change ? executeSwitch(ground, change) : executeWrite(ground)
}

async function clusterOf(
  clusters: Clusters,
  { target }: PlannedOperation,
  attempts: AttemptStore,
  index: number,
): Promise<Cluster | OperationOutcome> {
  try {
    return clusters.cluster(target.context)
  } catch (error) {
    // What was begun is left to who finds the cluster again.
    if (!(error instanceof GatehouseError) || (await attempts.load(index))) throw error
    return stopped('failed', `Nothing was changed: ${error.message}`)
  }
}
