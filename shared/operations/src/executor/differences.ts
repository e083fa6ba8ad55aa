import type { KubeObject } from '@gatehouse/kubernetes'
import { comparable, fieldDiff, wholeDiff } from '@gatehouse/kubernetes/planning'
import type { Ground } from './ground.ts'

const MOST = 3

/** Which fields of an object are not as they were when it was planned. Paths only. */
export function movedFields(
  { planned, cluster }: Pick<Ground, 'planned' | 'cluster'>,
  live: KubeObject,
): string {
  const masked = cluster.sanitizer.value(cluster.sanitizer.maskObject(comparable(live)))
  return named(fieldDiff(planned.before, masked).map(({ path }) => path))
}

/** Which fields come out differently than it was shown to who approved. Paths only. */
export async function differingResult(
  { planned, cluster }: Ground,
  live: KubeObject | undefined,
  answer: KubeObject,
): Promise<string> {
  const now = await wholeDiff(cluster.sanitizer, live, answer, planned.request.body)
  const shown = new Map(planned.changes.map((change) => [change.path, change.after]))
  const added = now.filter(({ path, after }) => !shown.has(path) || shown.get(path) !== after)
  const present = new Set(now.map(({ path }) => path))
  const missing = planned.changes.filter(({ path }) => !present.has(path))
  return named([...added, ...missing].map(({ path }) => path))
}

function named(paths: string[]): string {
  const all = [...new Set(paths)]
  if (all.length === 0) return 'a field that is not shown'
  return all.length > MOST ? `${all.slice(0, MOST).join(', ')} and ${all.length - MOST} more` : all.join(', ')
}
