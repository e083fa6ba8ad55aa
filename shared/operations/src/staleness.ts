import type { Clusters, KubeObject } from '@gatehouse/kubernetes'
import { readNow } from './executor/ground.ts'
import { differenceOf } from './executor/revalidate.ts'
import type { PlannedOperation } from './plan.ts'

/**
 * What has changed of the objects since they were planned with, in a sentence; undefined where nothing has. For a person
 * who looks at a request: the executor looks again itself.
 */
export async function stalenessOf(
  operations: readonly PlannedOperation[],
  clusters: Clusters,
  signal: AbortSignal,
): Promise<string | undefined> {
  for (const planned of operations) {
    if (planned.switch) continue
    const ground = { planned, cluster: clusters.cluster(planned.target.context), signal }
    const live = await readNow(ground)
    // A program is run in a container, whatever else of its pod has changed.
    const difference = planned.exec ? anotherPod(planned, live) : differenceOf(ground, live)
    if (difference) return difference
  }
  return undefined
}

function anotherPod({ target, uid }: PlannedOperation, live: KubeObject | undefined): string | undefined {
  if (!live) return `${target.kind} ${target.name} is gone`
  return live.metadata.uid === uid
    ? undefined
    : `${target.kind} ${target.name} was deleted and made anew (uid)`
}
