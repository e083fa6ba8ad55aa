import type { KubeObject } from '../client/cluster.ts'
import { createFailure } from './create-failure.ts'
import type { Explained, Related, Subject } from './description.ts'
import { isAbout } from './events.ts'
import { kinds } from './kinds.ts'
import { selectorQuery } from './labels.ts'
import { age } from './phrase.ts'
import { sharedFindings } from './pod-findings.ts'
import { podRows } from './pod-rows.ts'
import { type Counters, countersOf } from './replica-counters.ts'
import type { KubeEvent, Pod, Strategy, Workload } from './shapes.ts'

/** Deployment, ReplicaSet, StatefulSet, DaemonSet or Job: counters, what blocks, its pods and why they are not ready. */
export async function describeWorkload(subject: Subject<Workload>): Promise<Explained> {
  const { object, resource, namespace, reader, now } = subject
  const labelSelector = selectorQuery(object.spec?.selector)
  const isDeployment = resource.kind === 'Deployment'
  const [selected = [], replicaSets = [], warnings = []] = await Promise.all([
    reader.list<Pod>(kinds.pods, namespace, { labelSelector }),
    isDeployment ? reader.list<Workload>(kinds.replicaSets, namespace, { labelSelector }) : [],
    reader.list<KubeEvent>(kinds.events, namespace, { fieldSelector: 'type=Warning' }),
  ])
  const sets = replicaSets.filter((set) => isOwnedBy(set, object))
  const owners = isDeployment ? sets : [object]
  const pods = selected.filter((pod) => owners.some((owner) => isOwnedBy(pod, owner)))
  const related = warnings.filter(
    (event) =>
      sets.some((set) => isAbout(event, 'ReplicaSet', set.metadata.name)) ||
      pods.some((pod) => isAbout(event, 'Pod', pod.metadata.name)),
  )
  const all = [...subject.events.filter((event) => event.type === 'Warning'), ...related]
  const counters = countersOf(resource.kind, object)
  return {
    findings: workloadFindings(subject, counters, owners, pods, all),
    facts: factsOf(object, counters, isDeployment ? podRows(pods, now) : undefined),
    dependents: isDeployment ? setRows(sets, now) : podRows(pods, now),
    events: related,
    saidConditions: ['ReplicaFailure', 'Available', 'Progressing', 'Failed'],
  }
}

export function isOwnedBy(object: KubeObject, owner: KubeObject): boolean {
  return object.metadata.ownerReferences?.some((one) => one.uid === owner.metadata.uid) ?? false
}

function workloadFindings(
  { object, resource, now }: Subject<Workload>,
  counters: Counters,
  owners: readonly KubeObject[],
  pods: readonly Pod[],
  events: readonly KubeEvent[],
): string[] {
  const { conditions, observedGeneration } = object.status ?? {}
  const findings: string[] = []
  if (object.spec?.paused)
    findings.push('The rollout is paused: changes of the template wait until it is resumed')
  if (object.spec?.suspend) findings.push(`The ${resource.kind} is suspended: it starts no pods`)
  if (Number(observedGeneration ?? Number.POSITIVE_INFINITY) < (object.metadata.generation ?? 0)) {
    findings.push('Its controller has not yet seen the latest change')
  }
  for (const { type, status, reason, message } of conditions ?? []) {
    if (type === 'Progressing' && status === 'False')
      findings.push(`The rollout is stuck (${reason}): ${message}`)
    if (type === 'Failed' && status === 'True') findings.push(`Failed (${reason}): ${message}`)
  }
  if (counters.wanted === 0 && resource.kind !== 'Job') {
    const why =
      resource.kind === 'DaemonSet' ? 'no node matches its nodeSelector and tolerations' : 'it is scaled to 0'
    findings.push(`Runs no pods: ${why}`)
  }
  if (counters.short) {
    findings.push(counters.short)
    const names = owners.map((owner) => owner.metadata.name)
    const blocked = createFailure([...names, object.metadata.name], conditions, events, now)
    if (blocked) findings.push(blocked)
  }
  return [...findings, ...sharedFindings(pods, events, now)]
}

function factsOf(object: Workload, counters: Counters, pods: Related[] | undefined): Record<string, unknown> {
  const { spec = {} } = object
  const template = spec.template?.spec
  return {
    replicas: counters.text,
    selector: selectorQuery(spec.selector),
    strategy: strategyText(spec.strategy ?? spec.updateStrategy),
    images: template?.containers?.map((container) => `${container.name}: ${container.image}`),
    serviceAccount: template?.serviceAccountName,
    nodeSelector: template?.nodeSelector,
    volumeClaimTemplates: spec.volumeClaimTemplates?.map((claim) => claim.metadata?.name),
    pods: pods?.map((pod) => `${pod.name}: ${pod.state}`),
  }
}

// `RollingUpdate (maxUnavailable 25%, maxSurge 25%)`
function strategyText(strategy: Strategy | undefined): string | undefined {
  const limits = Object.entries(strategy?.rollingUpdate ?? {}).map(([name, value]) => `${name} ${value}`)
  return strategy?.type && `${strategy.type}${limits.length > 0 ? ` (${limits.join(', ')})` : ''}`
}

// Old revisions without pods are history: only the newest of them says something.
function setRows(sets: readonly Workload[], now: number): Related[] {
  const revision = (set: Workload) =>
    Number(set.metadata.annotations?.['deployment.kubernetes.io/revision'] ?? 0)
  const sorted = [...sets].sort((a, b) => revision(b) - revision(a))
  const shown = sorted.filter((set, index) => index < 2 || (set.spec?.replicas ?? 0) > 0).slice(0, 6)
  return shown.map((set) => ({
    kind: 'ReplicaSet',
    name: set.metadata.name,
    state: `revision ${revision(set)}, ${set.status?.readyReplicas ?? 0}/${set.spec?.replicas ?? 0} ready, ${age(set.metadata.creationTimestamp, now)} old`,
  }))
}
