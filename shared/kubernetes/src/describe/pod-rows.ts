import type { Related } from './description.ts'
import { age, names } from './phrase.ts'
import { isReady } from './pod-findings.ts'
import type { Pod } from './shapes.ts'

const MOST = 10

/** `Running, ready`, `Pending: ImagePullBackOff, 3 restarts` */
export function podState(pod: Pod): string {
  const {
    phase = 'Unknown',
    reason,
    containerStatuses = [],
    initContainerStatuses = [],
    conditions,
  } = pod.status ?? {}
  const restarts = containerStatuses.reduce((sum, one) => sum + (one.restartCount ?? 0), 0)
  const tail = restarts > 0 ? `, ${restarts} restarts` : ''
  if (pod.metadata.deletionTimestamp) return `Terminating${tail}`
  if (isReady(pod)) return `Running, ready${tail}`
  if (phase === 'Succeeded') return 'Succeeded'
  const states = [...initContainerStatuses, ...containerStatuses].map(({ state }) => {
    if (state?.waiting) return state.waiting.reason
    return state?.terminated?.exitCode ? (state.terminated.reason ?? 'Error') : undefined
  })
  const scheduled = conditions?.find((one) => one.type === 'PodScheduled' && one.status === 'False')
  const why = reason ?? scheduled?.reason ?? states.find((state) => state !== undefined)
  return `${phase}, not ready${why ? `: ${why}` : ''}${tail}`
}

/** Pods as rows, those that are not ready first, the rest as a number. */
export function podRows(pods: readonly Pod[], now: number): Related[] {
  const sorted = [...pods].sort(
    (a, b) => Number(isFine(a)) - Number(isFine(b)) || (a.metadata.name < b.metadata.name ? -1 : 1),
  )
  const rows = sorted.slice(0, MOST).map((pod): Related => {
    const where = pod.spec?.nodeName ? `, on ${pod.spec.nodeName}` : ''
    return {
      kind: 'Pod',
      name: pod.metadata.name,
      state: `${podState(pod)}, ${age(pod.metadata.creationTimestamp, now)} old${where}`,
    }
  })
  const rest = sorted.slice(MOST)
  if (rest.length === 0) return rows
  const ready = rest.filter(isFine).length
  const which = names(
    rest.map((pod) => pod.metadata.name),
    2,
  )
  return [...rows, { kind: 'Pod', name: `${rest.length} more`, state: `${ready} of them ready: ${which}` }]
}

function isFine(pod: Pod): boolean {
  return isReady(pod) || pod.status?.phase === 'Succeeded'
}
