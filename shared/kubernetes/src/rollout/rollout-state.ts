import type { Workload } from '../describe/shapes.ts'

export type RolloutState = 'complete' | 'progressing' | 'stuck' | 'paused' | 'degraded'

export interface RolloutCounters {
  wanted: number
  created: number
  updated: number
  ready: number
  available: number
}

/** Where a Deployment's rollout stands, as `kubectl rollout status` decides it, and in one sentence. */
export function rolloutState(deployment: Workload): { state: RolloutState; summary: string } {
  const { wanted, created, updated, available } = rolloutCounters(deployment)
  const { conditions = [], observedGeneration = 0 } = deployment.status ?? {}
  const progressing = conditions.find((one) => one.type === 'Progressing')
  const of = (number: number, what: string) => `${number} of ${wanted} replicas ${what}`
  if (deployment.spec?.paused) return { state: 'paused', summary: `paused with ${of(updated, 'updated')}` }
  if (observedGeneration < (deployment.metadata.generation ?? 0)) {
    return { state: 'progressing', summary: 'the controller has not yet seen the latest change' }
  }
  if (progressing?.reason === 'ProgressDeadlineExceeded') {
    return {
      state: 'stuck',
      summary: `${of(updated, 'updated')}, ${available} available; its progress deadline has passed`,
    }
  }
  if (updated < wanted) return { state: 'progressing', summary: of(updated, 'updated') }
  if (created > updated) {
    return { state: 'progressing', summary: `${created - updated} old replicas still to be ended` }
  }
  if (available >= updated) return { state: 'complete', summary: of(available, 'updated and available') }
  // Once a rollout has completed, Kubernetes does not take that back when pods fail later.
  const wasComplete = progressing?.reason === 'NewReplicaSetAvailable'
  return wasComplete
    ? { state: 'degraded', summary: `the rollout was complete, but now ${of(available, 'available')}` }
    : { state: 'progressing', summary: of(available, 'available') }
}

export function rolloutCounters({ spec = {}, status = {} }: Workload): RolloutCounters {
  const number = (field: string) => Number(status[field] ?? 0)
  return {
    wanted: spec.replicas ?? 1,
    created: number('replicas'),
    updated: number('updatedReplicas'),
    ready: number('readyReplicas'),
    available: number('availableReplicas'),
  }
}
