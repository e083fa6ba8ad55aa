import { rolloutState, type Workload } from '@gatehouse/kubernetes/planning'
import type { Seen } from './seen.ts'

/** Whether every pod of a workload runs its newest template, by generation and counters as kubectl decides it. */
export function rolloutSeen(live: Workload, generation: number): Seen {
  const { observedGeneration = 0 } = live.status ?? {}
  const newest = Math.max(generation, live.metadata.generation ?? 0)
  if (observedGeneration < newest) return { met: false, text: 'its controller has not yet seen the change' }
  if (live.kind === 'Deployment') return deploymentSeen(live)
  if (live.spec?.updateStrategy?.type === 'OnDelete') {
    return { met: true, text: 'stored; its pods change when each is deleted' }
  }
  return live.kind === 'DaemonSet' ? daemonSetSeen(live) : statefulSetSeen(live)
}

function deploymentSeen(live: Workload): Seen {
  const { state, summary } = rolloutState(live)
  if (state === 'paused') return { met: true, text: 'stored; the rollout is paused' }
  return { met: state === 'complete', hopeless: state === 'stuck', text: summary }
}

function daemonSetSeen({ status = {} }: Workload): Seen {
  const wanted = Number(status.desiredNumberScheduled ?? 0)
  const updated = Number(status.updatedNumberScheduled ?? 0)
  const available = Number(status.numberAvailable ?? 0)
  const met = updated >= wanted && available >= wanted
  return { met, text: `${Math.min(updated, available)} of ${wanted} pods updated and available` }
}

function statefulSetSeen({ spec = {}, status = {} }: Workload): Seen {
  const wanted = spec.replicas ?? 1
  const partition = Number(spec.updateStrategy?.rollingUpdate?.partition ?? 0)
  const toUpdate = Math.max(0, wanted - partition)
  const updated =
    status.updateRevision === status.currentRevision ? wanted : Number(status.updatedReplicas ?? 0)
  const ready = Number(status.readyReplicas ?? 0)
  const met = updated >= toUpdate && ready >= wanted
  return { met, text: `${Math.min(updated, ready)} of ${wanted} pods updated and ready` }
}
