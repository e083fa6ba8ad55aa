import type { Cluster, KubeObject, Target } from '../client/cluster.ts'
import { createFailure } from '../describe/create-failure.ts'
import { isAbout, type MergedEvent, mergeEvents } from '../describe/events.ts'
import { kinds } from '../describe/kinds.ts'
import { selectorQuery } from '../describe/labels.ts'
import { age, oneLine } from '../describe/phrase.ts'
import { sharedFindings } from '../describe/pod-findings.ts'
import { Reader } from '../describe/reader.ts'
import type { KubeEvent, Pod, Workload } from '../describe/shapes.ts'
import { isOwnedBy } from '../describe/workload.ts'
import { type Revision, revisionsOf } from '../rollout/revisions.ts'
import {
  type RolloutCounters,
  type RolloutState,
  rolloutCounters,
  rolloutState,
} from '../rollout/rollout-state.ts'
import { readObject } from './get.ts'

export interface RolloutQuery {
  name: string
  namespace?: string | undefined
  signal?: AbortSignal | undefined
}

export interface Rollout {
  target: Target
  name: string
  state: RolloutState
  summary: string
  replicas: RolloutCounters
  conditions: { type: string; status: string; reason: string; message: string; age: string }[]
  /** What keeps it from being complete, one sentence per cause. */
  blocks: string[]
  events: MergedEvent[]
  revisions: Revision[]
  note?: string
}

interface Trouble {
  blocks: string[]
  events: MergedEvent[]
}

/** Whether a Deployment's rollout is complete, what blocks it, and the revisions it could go back to. */
export async function rolloutStatus(cluster: Cluster, query: RolloutQuery): Promise<Rollout> {
  const { name, signal } = query
  const namespace = query.namespace ?? cluster.namespace
  const resource = await cluster.discovery.resolve('Deployment')
  const found = await readObject(cluster, resource, namespace, { kind: 'Deployment', name, signal })
  const deployment: Workload = found
  const reader = new Reader(cluster, signal)
  const labelSelector = selectorQuery(deployment.spec?.selector)
  const { state, summary } = rolloutState(deployment)
  const now = Date.now()
  const [selected, trouble] = await Promise.all([
    reader.list<Workload>(kinds.replicaSets, namespace, { labelSelector }),
    // A complete rollout has nothing to explain, and its pods may be thousands.
    state === 'complete' ? undefined : troubleSources(reader, namespace, labelSelector),
  ])
  const sets = (selected ?? []).filter((set) => isOwnedBy(set, deployment))
  const { blocks, events } = trouble ? troubleOf(deployment, sets, trouble, now) : { blocks: [], events: [] }
  return {
    target: cluster.target(namespace),
    name,
    state,
    summary,
    replicas: rolloutCounters(deployment),
    conditions: conditionsOf(deployment, now),
    blocks,
    events,
    // Differences are cut; what is cut must be clean already.
    revisions: revisionsOf(deployment, cluster.sanitizer.value(sets), now),
    ...(reader.notes.size > 0 && { note: [...reader.notes].join('; ') }),
  }
}

type Sources = Awaited<ReturnType<typeof troubleSources>>

async function troubleSources(reader: Reader, namespace: string, labelSelector: string | undefined) {
  const [pods = [], warnings = []] = await Promise.all([
    reader.list<Pod>(kinds.pods, namespace, { labelSelector }),
    reader.list<KubeEvent>(kinds.events, namespace, { fieldSelector: 'type=Warning' }),
  ])
  return { pods, warnings }
}

function troubleOf(
  deployment: Workload,
  sets: readonly Workload[],
  { pods, warnings }: Sources,
  now: number,
): Trouble {
  const own = pods.filter((pod) => sets.some((set) => isOwnedBy(pod, set)))
  const about = (kind: string, objects: readonly KubeObject[]) => (event: KubeEvent) =>
    objects.some((object) => isAbout(event, kind, object.metadata.name))
  const isRelated = [about('Deployment', [deployment]), about('ReplicaSet', sets), about('Pod', own)]
  const related = warnings.filter((event) => isRelated.some((test) => test(event)))
  const owners = [deployment, ...sets].map((object) => object.metadata.name)
  const refused = createFailure(owners, deployment.status?.conditions, related, now)
  const findings = sharedFindings(own, related, now)
  return {
    blocks: refused ? [refused, ...findings] : findings,
    events: mergeEvents(withoutEchoes(related), now),
  }
}

// A failed pull is told three times: once with its reason, and twice as the state it leaves behind.
function withoutEchoes(events: readonly KubeEvent[]): KubeEvent[] {
  const hasReason = events.some((event) => event.message?.startsWith('Failed to pull image'))
  const isEcho = (event: KubeEvent) => /^Error: (ErrImagePull|ImagePullBackOff)$/.test(event.message ?? '')
  return hasReason ? events.filter((event) => !isEcho(event)) : [...events]
}

function conditionsOf(deployment: Workload, now: number): Rollout['conditions'] {
  return (deployment.status?.conditions ?? []).map(
    ({ type, status, reason, message, lastTransitionTime }) => ({
      type,
      status,
      reason: reason ?? '',
      message: oneLine(message),
      age: age(lastTransitionTime, now),
    }),
  )
}
