import type { Fields } from './rows.ts'

const GOOD = new Set([
  'running',
  'completed',
  'succeeded',
  'ready',
  'active',
  'bound',
  'available',
  'complete',
])
const STATUS_KEYS = ['status', 'phase', 'state'] as const

/**
 * Whether a printed row looks healthy, from its cells alone: a ready count that is not full, or a status that is
 * none of the good ones. Kinds that print neither are healthy.
 */
export function isHealthy(row: Fields): boolean {
  const status = statusOf(row)
  const finished = status === 'Completed' || status === 'Succeeded' || status === 'Complete'
  if (status !== undefined && !isGood(status)) return false
  const counts = /^(\d+)\/(\d+)$/.exec(String(row.ready ?? ''))
  if (counts && !finished && counts[1] !== counts[2]) return false
  if (row.ready === 'False' || row.available === 'False') return false
  const { desired, current, ready } = row
  return !(
    typeof desired === 'number' &&
    typeof ready === 'number' &&
    ready < Math.max(desired, Number(current ?? 0))
  )
}

/** The cell that tells a row's state, where the kind prints one. */
export function statusOf(row: Fields): string | undefined {
  const key = STATUS_KEYS.find((name) => typeof row[name] === 'string' && row[name] !== '')
  return key && String(row[key])
}

// `Ready,SchedulingDisabled` is a cordoned node: worth a look.
function isGood(status: string): boolean {
  return GOOD.has(status.toLowerCase())
}
