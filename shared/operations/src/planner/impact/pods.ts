import type { KubeObject } from '@gatehouse/kubernetes'
import type { PlannedChange } from '../../plan.ts'
import type { Rehearsed } from '../rehearsed.ts'
import { runsPods, type Surroundings } from '../surroundings.ts'

/** Both sides of a change, and what is shown of it. */
export interface Change {
  live: KubeObject | undefined
  after: KubeObject | undefined
  changes: readonly PlannedChange[]
}

/** How many pods are affected, and who will have a say in it. */
export function podSentences(
  operation: Rehearsed,
  change: Change,
  { pods, autoscalers, budgets }: Surroundings,
): string[] {
  const { live, after } = change
  const effect = effectOn(operation, change)
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

function effectOn({ type }: Rehearsed, { live, after, changes }: Change): Effect {
  const kind = live?.kind ?? ''
  if (type === 'delete' || type === 'evict') return kind === 'Pod' || runsPods(kind) ? 'ended' : 'none'
  if (after?.kind === 'Scale') return 'number'
  if (!runsPods(kind)) return 'none'
  // By what is shown to change: whether a hidden value does is nobody's to tell.
  if (changes.some(({ path }) => /^spec\.template\b/.test(path))) return 'replaced'
  return changes.some(({ path }) => path === 'spec.replicas') ? 'number' : 'none'
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
