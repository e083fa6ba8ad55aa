import type { KubeObject } from '@gatehouse/kubernetes'
import {
  kinds,
  type LabelSelector,
  type Pod,
  Reader,
  selectorQuery,
  selects,
  type Workload,
} from '@gatehouse/kubernetes/planning'
import type { Place } from './place.ts'

interface Budget extends KubeObject {
  spec?: { selector?: LabelSelector }
  status?: { disruptionsAllowed?: number }
}

interface Autoscaler extends KubeObject {
  spec?: {
    scaleTargetRef?: { apiVersion?: string; kind?: string; name?: string }
    minReplicas?: number
    maxReplicas?: number
  }
}

/** What there is around an object that a change of it touches. Undefined: not readable, so nobody knows. */
export interface Surroundings {
  /** That run from its template, or the pod itself. */
  pods: Pod[] | undefined
  autoscalers: Autoscaler[] | undefined
  budgets: Budget[] | undefined
  notes: string[]
}

const RUNS_PODS = new Set([
  'Deployment',
  'StatefulSet',
  'DaemonSet',
  'ReplicaSet',
  'ReplicationController',
  'Job',
])

export function runsPods(kind: string): boolean {
  return RUNS_PODS.has(kind)
}

/** Reads, all at once, the pods of a workload and what limits or steers their number. */
export async function surroundingsOf(place: Place, live: KubeObject | undefined): Promise<Surroundings> {
  const { cluster, namespace, resource, signal } = place
  const isPod = resource.kind === 'Pod' && resource.group === ''
  if (!live || !namespace || (!isPod && !runsPods(resource.kind))) {
    return { pods: [], autoscalers: [], budgets: [], notes: [] }
  }
  const reader = new Reader(cluster, signal)
  const workload: Workload = live
  const labelSelector = selectorQuery(workload.spec?.selector)
  const [pods, autoscalers, budgets] = await Promise.all([
    isPod ? [live as Pod] : reader.list<Pod>(kinds.pods, namespace, { labelSelector }),
    reader.list<Autoscaler>(kinds.autoscalers, namespace),
    reader.list<Budget>(kinds.budgets, namespace),
  ])
  const labels = isPod ? live.metadata.labels : workload.spec?.template?.metadata?.labels
  const isTarget = ({ spec }: Autoscaler) =>
    spec?.scaleTargetRef?.kind === resource.kind && spec.scaleTargetRef.name === place.name
  return {
    pods: pods?.filter(({ metadata }) => !metadata.deletionTimestamp),
    autoscalers: autoscalers?.filter(isTarget),
    budgets: budgets?.filter(({ spec }) => selects(spec?.selector, labels)),
    notes: [...reader.notes],
  }
}
