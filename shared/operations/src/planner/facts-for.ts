import type { KubeObject } from '@gatehouse/kubernetes'
import { kinds, type LabelSelector, Reader, selects } from '@gatehouse/kubernetes/planning'
import { objectFacts } from '@gatehouse/policy/gate'
import type { PlannedFacts } from '../facts.ts'
import type { Dependent } from './dependents.ts'
import { existingOf } from './existing-names.ts'
import type { Place } from './place.ts'
import type { Rehearsed } from './rehearsed.ts'

interface Seen {
  before: KubeObject | undefined
  after: KubeObject | undefined
  /** What goes along with a deletion; null where it could not be seen. */
  going: Dependent[] | null
}

/** What the gate judges a change by, seen in the whole object before and after. */
export async function factsFor(
  operation: Rehearsed,
  place: Place,
  { before, after, going }: Seen,
): Promise<PlannedFacts> {
  const { group, kind, resource, namespace, name, context } = place.target
  const { type } = operation
  const ending = type === 'delete' || type === 'evict'
  const scaled = after?.kind === 'Scale'
  const object = objectFacts({ type, group, kind: scaled ? 'Scale' : kind, before, after })
  const grace = ending ? operation.gracePeriodSeconds : undefined
  return {
    ...object,
    type,
    context,
    group,
    kind,
    resource,
    namespaced: place.resource.namespaced,
    namespace,
    name,
    force: false,
    gracePeriodSeconds: grace ?? null,
    command: null,
    existing: await existingOf(place, object.pods),
    dependents: going?.length ?? null,
    deletesClaims: object.deletesClaims || (going ?? []).some((one) => one.kind === 'PersistentVolumeClaim'),
    selectedBy: object.changedLabels.length > 0 ? await selectedBy(place, before, after) : [],
  }
}

interface Selecting extends KubeObject {
  spec?: { selector?: LabelSelector & Record<string, unknown>; podSelector?: LabelSelector }
}

// Services select by plain pairs, the others by a label selector.
async function selectedBy(
  { cluster, namespace, signal }: Place,
  before: KubeObject | undefined,
  after: KubeObject | undefined,
): Promise<string[] | null> {
  if (!namespace) return []
  const reader = new Reader(cluster, signal)
  const lists = await Promise.all(
    [kinds.services, kinds.networkPolicies, kinds.budgets].map(async (resource) => {
      const found = await reader.list<Selecting>(resource, namespace)
      return found?.map(({ metadata, spec }) => ({
        name: `${resource.kind} ${metadata.name}`,
        selector: selectorOf(resource.kind, spec),
      }))
    }),
  )
  if (lists.includes(undefined)) return null
  const [was, is] = [podLabels(before), podLabels(after)]
  return lists
    .flatMap((list) => list ?? [])
    .filter(({ selector }) => selects(selector, was) !== selects(selector, is))
    .map(({ name }) => name)
}

function selectorOf(kind: string, spec: Selecting['spec']): LabelSelector | undefined {
  if (kind === 'NetworkPolicy') return spec?.podSelector
  if (kind !== 'Service') return spec?.selector
  return spec?.selector && { matchLabels: spec.selector as Record<string, string> }
}

function podLabels(object: KubeObject | undefined): Record<string, string> {
  const template = Object(Object(object?.spec).template)
  return Object(template.metadata).labels ?? object?.metadata.labels ?? {}
}
