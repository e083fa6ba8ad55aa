import type { Workload } from './shapes.ts'

export interface Counters {
  wanted: number
  /** All counters as one line. */
  text: string
  /** A sentence when there are fewer than wanted. */
  short: string | undefined
}

/** The counters of a workload, whose names differ from kind to kind. */
export function countersOf(kind: string, { spec = {}, status = {} }: Workload): Counters {
  const number = (field: string) => Number(status[field] ?? 0)
  if (kind === 'DaemonSet') {
    const wanted = number('desiredNumberScheduled')
    const parts = { updated: number('updatedNumberScheduled'), ready: number('numberReady') }
    return counters(wanted, number('currentNumberScheduled'), parts, number('numberMisscheduled'))
  }
  if (kind === 'Job') {
    const { completions, parallelism } = spec
    const wanted = completions ?? parallelism ?? 1
    const [active, succeeded, failed] = [number('active'), number('succeeded'), number('failed')]
    const text = `${wanted} wanted, ${active} active, ${succeeded} succeeded, ${failed} failed`
    const done =
      succeeded >= wanted ||
      status.conditions?.some((one) => one.type === 'Complete' && one.status === 'True')
    const idle = !done && active === 0 && spec.suspend !== true
    return { wanted, text, short: idle ? `No pod of it runs: ${text}` : undefined }
  }
  const parts = { updated: number('updatedReplicas'), ready: number('readyReplicas') }
  // A ReplicaSet has one revision only.
  const own = kind === 'ReplicaSet' ? { ready: parts.ready } : parts
  return counters(spec.replicas ?? 1, number('replicas'), own, 0)
}

function counters(
  wanted: number,
  created: number,
  parts: { updated?: number; ready: number },
  misplaced: number,
): Counters {
  const { updated, ready } = parts
  const text = [
    `${wanted} wanted`,
    `${created} created`,
    ...(updated === undefined ? [] : [`${updated} of the latest template`]),
    `${ready} ready`,
    ...(misplaced > 0 ? [`${misplaced} on nodes where they should not be`] : []),
  ].join(', ')
  const missing = created < wanted ? `; ${wanted - created} are not created` : ''
  return {
    wanted,
    text,
    short: ready < wanted ? `Only ${ready} of ${wanted} replicas are ready${missing}` : undefined,
  }
}
