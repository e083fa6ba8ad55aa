import type { Fields } from './rows.ts'

const STATUS_KEYS = ['status', 'phase', 'state', 'healthStatus'] as const
const FINISHED = /^(completed?|succeeded)$/i
const GOOD =
  /^(running|completed?|succeeded|ready|active|bound|available|successcriteriamet|suspended|healthy|established)$/i
const BAD =
  /fail|err|back-?off|pending|crash|unknown|lost|not.?ready|disabled|degraded|terminating|evicted|oom|invalid|released|unavailable|unhealthy|missing|stalled|creating|^init:|pull|waiting/i

/**
 * Whether a printed row looks healthy, from its cells alone: nothing that should be ready is missing, and the status is
 * none that asks for attention. Kinds that print neither are healthy; so is a status of a custom resource that
 * says nothing known.
 */
export function isHealthy(row: Fields): boolean {
  if (/^(False|Unknown)/.test(String(row.ready ?? '')) || /^False/.test(String(row.available ?? '')))
    return false
  if (row.type === 'Warning') return false
  const status = statusOf(row)
  if (status !== undefined && !GOOD.test(status) && (isPod(row) || BAD.test(status))) return false
  return (status !== undefined && FINISHED.test(status)) || (replicasReady(row) && endpointsReady(row))
}

/** The cell that tells a row's state, where the kind prints one. */
export function statusOf(row: Fields): string | undefined {
  const key = STATUS_KEYS.find((name) => typeof row[name] === 'string' && row[name] !== '')
  return key && String(row[key])
}

// A waiting container may give any reason at all, so for pods every unknown status counts.
function isPod(row: Fields): boolean {
  return row.restarts !== undefined && row.node !== undefined
}

// `2/3` of pods, Deployments and StatefulSets; desired, current and ready of ReplicaSets and DaemonSets.
function replicasReady({ ready, desired, current, upToDate }: Fields): boolean {
  const counts = countsOf(ready)
  const wanted = counts ? counts[1] : Math.max(numberOr(desired, 0), numberOr(current, 0))
  const have = counts ? counts[0] : numberOr(ready, wanted)
  // All ready but some of the revision before: a rollout that is under way, or stuck.
  return have >= wanted && numberOr(upToDate, wanted) >= wanted
}

// A Service that selects pods and finds none is as broken as one whose pods are not ready.
function endpointsReady({ endpoints, selector }: Fields): boolean {
  const counts = countsOf(endpoints)
  if (!counts) return true
  return counts[0] >= counts[1] && (counts[1] > 0 || !selector)
}

function countsOf(cell: unknown): [number, number] | undefined {
  const found = typeof cell === 'string' ? /^(\d+)\/(\d+)$/.exec(cell) : null
  return found ? [Number(found[1]), Number(found[2])] : undefined
}

function numberOr(cell: unknown, otherwise: number): number {
  return typeof cell === 'number' ? cell : otherwise
}
