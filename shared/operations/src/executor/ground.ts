import { GatehouseError } from '@gatehouse/errors'
import type { Cluster, KubeObject } from '@gatehouse/kubernetes'
import type { AttemptStore, OperationOutcome } from '../attempt.ts'
import type { PlannedOperation, ResolvedTarget } from '../plan.ts'
import type { Timing } from './timing.ts'

/** What the caller of the executor answers for. */
export interface ExecutionContext {
  /** Index of the operation in its plan. */
  index: number
  /**
   * Asked right before anything is sent: claim, breaker, approvals and policy as they are now. A reason stops it; an
   * error stops it too.
   */
  stillAllowed(planned: PlannedOperation): Promise<string | undefined>
  /**
   * Sets a server's default context in the store if it is still `from`, empty for none; false where it is not. The same
   * operation again does nothing and is true. Absent: no context can be switched.
   */
  switchContext?(change: { server: string; from: string; to: string }): Promise<boolean>
}

/** Everything one execution stands on. */
export interface Ground {
  planned: PlannedOperation
  cluster: Cluster
  attempts: AttemptStore
  context: ExecutionContext
  timing: Timing
  /** Stops what has not been sent. What is under way is waited for. */
  signal: AbortSignal
}

/** The object as it is at this moment, unmasked; undefined where there is none. Never shares another's answer. */
export async function readNow(
  ground: Pick<Ground, 'planned' | 'cluster' | 'signal'>,
  signal = ground.signal,
): Promise<KubeObject | undefined> {
  try {
    return await ground.cluster.send<KubeObject>({ path: objectPath(ground.planned), signal })
  } catch (error) {
    if (error instanceof GatehouseError && error.code === 'NOT_FOUND') return undefined
    throw error
  }
}

/** The path of the object itself, whatever sub-resource is written to. */
function objectPath({ target }: PlannedOperation): string {
  return `${collectionPath(target)}/${encodeURIComponent(target.name)}`
}

export function collectionPath({ group, version, namespace, resource }: ResolvedTarget): string {
  const root = group ? `/apis/${group}/${version}` : `/api/${version}`
  return `${root}${namespace ? `/namespaces/${namespace}` : ''}/${resource}`
}

/** An end at which certainly nothing was changed. */
export function stopped(state: 'stale' | 'failed' | 'blocked', reason: string): OperationOutcome {
  return { state, reason }
}
