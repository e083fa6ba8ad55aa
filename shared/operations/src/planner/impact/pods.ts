import type { KubeObject } from '@gatehouse/kubernetes'
import type { Rehearsed } from '../rehearsed.ts'
import { runsPods, type Surroundings } from '../surroundings.ts'

/** How many pods are affected, and who will have a say in it. */
export function podSentences(
  operation: Rehearsed,
  live: KubeObject | undefined,
  after: KubeObject | undefined,
  { pods, autoscalers, budgets }: Surroundings,
): string[] {
  const effect = effectOn(operation, live, after)
  if (!live || effect === 'none') return []
  const now = pods?.length
  const sentences = now === undefined ? ['How many pods it has is not known'] : [text(effect, now, after)]
  for (const { metadata, spec } of effect === 'number' ? (autoscalers ?? []) : []) {
    const range = `${spec?.minReplicas ?? 1} and ${spec?.maxReplicas ?? '?'}`
    sentences.push(
      `HorizontalPodAutoscaler ${metadata.name} keeps the number between ${range} and will set it again`,
    )
  }
  if (effect !== 'number' || replicasOf(after) < (now ?? 0)) {
    for (const { metadata, status } of budgets ?? []) {
      const allowed = status?.disruptionsAllowed ?? 0
      const held = operation.type === 'evict' ? '' : ', which does not hold this change back'
      sentences.push(`PodDisruptionBudget ${metadata.name} allows ${count(allowed, 'disruption')} now${held}`)
    }
  }
  return sentences
}

type Effect = 'none' | 'number' | 'replaced' | 'ended'

function effectOn({ type }: Rehearsed, live: KubeObject | undefined, after: KubeObject | undefined): Effect {
  if (type === 'delete' || type === 'evict')
    return live?.kind === 'Pod' || runsPods(live?.kind ?? '') ? 'ended' : 'none'
  if (!runsPods(live?.kind ?? '') && after?.kind !== 'Scale') return 'none'
  if (after?.kind === 'Scale') return 'number'
  const template = (object: KubeObject | undefined) => JSON.stringify(Object(object?.spec).template)
  if (template(live) !== template(after)) return 'replaced'
  return replicasOf(live) === replicasOf(after) ? 'none' : 'number'
}

function text(effect: Effect, now: number, after: KubeObject | undefined): string {
  if (effect === 'number') return `Pods: ${now} now, ${replicasOf(after)} after`
  if (effect === 'ended') return now === 1 ? 'One pod ends' : `${now} pods end`
  return now === 1 ? 'Its one pod is replaced' : `All ${now} pods are replaced`
}

function replicasOf(object: KubeObject | undefined): number {
  return Number(Object(object?.spec).replicas ?? 1)
}

function count(number: number, noun: string): string {
  return `${number} ${noun}${number === 1 ? '' : 's'}`
}
