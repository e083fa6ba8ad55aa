import type { KubeObject } from '../client/cluster.ts'
import { type Labels, serviceSelects } from '../describe/labels.ts'
import type { PodSpec, Workload } from '../describe/shapes.ts'
import type { Around } from './around.ts'
import { Collector } from './collector.ts'
import { usesByIdentity } from './identity.ts'
import { usesByNetwork } from './network.ts'
import { Owners } from './owners.ts'
import { type Use, usesInPodSpec } from './pod-spec.ts'
import type { Reference, Wanted } from './reference.ts'

/** All references to the target in what was read, owned pods folded into the workload a person made. */
export function findIn(around: Around, wanted: Wanted, home: string | undefined): Reference[] {
  const templates = templatesOf(around)
  const rows = new Collector(home, new Set(TEMPLATES.flatMap(([part, kind]) => (around[part] ? [kind] : []))))
  const owners = new Owners(around.deployments, around.jobs, around.cronJobs)
  for (const { kind, object, spec, labels } of templates) {
    if (isOwned(object)) continue
    const { name, namespace } = object.metadata
    for (const use of usesOfTemplate(kind, object, spec, labels, wanted)) rows.add(kind, name, namespace, use)
  }
  for (const pod of around.pods ?? []) {
    const { kind, name } = owners.outermost(pod, 'Pod')
    const uses = [...usesInPodSpec(pod.spec, wanted), ...usesOfPod(pod.metadata.labels, pod.spec, wanted)]
    // The claims of a StatefulSet stand in its pods only: its template names what they are made from.
    const isTemplated = wanted.kind === 'PersistentVolumeClaim' && kind === 'StatefulSet'
    const from = isTemplated ? undefined : pod.metadata.name
    for (const use of uses) rows.add(kind, name, pod.metadata.namespace, use, from)
  }
  for (const { kind, object, use } of [...usesByNetwork(around, wanted), ...usesByIdentity(around, wanted)]) {
    rows.add(kind, object.metadata.name, object.metadata.namespace, use)
  }
  for (const owner of wanted.object?.metadata.ownerReferences ?? []) {
    rows.add(owner.kind, owner.name, home, { how: owner.controller ? 'owner (controller)' : 'owner' })
  }
  return rows.rows()
}

const TEMPLATES = [
  ['deployments', 'Deployment'],
  ['statefulSets', 'StatefulSet'],
  ['daemonSets', 'DaemonSet'],
  ['jobs', 'Job'],
  ['cronJobs', 'CronJob'],
] as const

interface Template {
  kind: string
  object: KubeObject
  spec: PodSpec | undefined
  labels: Labels | undefined
}

function templatesOf({ deployments, statefulSets, daemonSets, jobs, cronJobs }: Around): Template[] {
  const of = (kind: string, all: readonly Workload[] | undefined): Template[] =>
    (all ?? []).map((object) => fromTemplate(kind, object, object.spec?.template))
  return [
    ...of('Deployment', deployments),
    ...of('StatefulSet', statefulSets),
    ...of('DaemonSet', daemonSets),
    ...of('Job', jobs),
    ...(cronJobs ?? []).map((one) => fromTemplate('CronJob', one, one.spec?.jobTemplate?.spec?.template)),
  ]
}

function fromTemplate(
  kind: string,
  object: KubeObject,
  template: NonNullable<Workload['spec']>['template'],
): Template {
  return { kind, object, spec: template?.spec, labels: template?.metadata?.labels }
}

// A Job of a CronJob is the CronJob's; a Deployment of a custom resource stands for itself.
function isOwned(object: KubeObject): boolean {
  return (
    object.metadata.ownerReferences?.some((owner) => owner.controller && owner.kind === 'CronJob') ?? false
  )
}

function usesOfTemplate(
  kind: string,
  object: Workload,
  spec: PodSpec | undefined,
  labels: Labels | undefined,
  wanted: Wanted,
): Use[] {
  const uses = usesInPodSpec(spec, wanted)
  if (wanted.group !== '') return uses
  if (wanted.kind === 'Service') {
    if (selectedBy(wanted, labels)) uses.push({ how: 'selected' })
    if (kind === 'StatefulSet' && object.spec?.serviceName === wanted.name) uses.push({ how: 'serviceName' })
  }
  if (wanted.kind === 'PersistentVolumeClaim' && kind === 'StatefulSet') {
    const claim = object.spec?.volumeClaimTemplates?.find((one) =>
      isMadeFrom(wanted.name, one.metadata?.name, object.metadata.name),
    )
    if (claim) uses.push({ how: `volumeClaimTemplate "${claim.metadata?.name}"` })
  }
  return uses
}

function usesOfPod(labels: Labels | undefined, spec: PodSpec | undefined, wanted: Wanted): Use[] {
  if (wanted.group !== '') return []
  if (wanted.kind === 'Node' && spec?.nodeName === wanted.name) return [{ how: 'runs on it' }]
  return wanted.kind === 'Service' && selectedBy(wanted, labels) ? [{ how: 'selected' }] : []
}

function selectedBy(wanted: Wanted, labels: Labels | undefined): boolean {
  const spec: unknown = wanted.object?.spec
  if (spec === null || typeof spec !== 'object' || !('selector' in spec)) return false
  return serviceSelects(spec.selector as Labels, labels)
}

/** `data-db-0` is made from the template `data` of the StatefulSet `db`. */
function isMadeFrom(claim: string, template: string | undefined, set: string): boolean {
  const start = `${template}-${set}-`
  return claim.startsWith(start) && /^\d+$/.test(claim.slice(start.length))
}
