import { isHealthy, statusOf } from './health.ts'
import type { Fields } from './rows.ts'

/** What a list amounts to: how many in which state and where, before any row is read. */
export interface Overview {
  unhealthy: number
  /** Counts by printed status, most first. */
  status?: Record<string, number> | undefined
  /** Counts by namespace of a list over all of them, most first, the ten largest. */
  namespaces?: Record<string, number> | undefined
  restarts?: number | undefined
  /** Of events: how many of which type, and of which reason, most first. */
  types?: Record<string, number> | undefined
  reasons?: Record<string, number> | undefined
}

export function overviewOf(rows: readonly Fields[], allNamespaces: boolean): Overview {
  const overview: Overview = { unhealthy: 0 }
  const status = new Map<string, number>()
  const namespaces = new Map<string, number>()
  let restarts = 0
  for (const row of rows) {
    if (!isHealthy(row)) overview.unhealthy++
    const state = statusOf(row)
    if (state !== undefined) status.set(state, (status.get(state) ?? 0) + 1)
    const where = String(row.namespace ?? '')
    if (where) namespaces.set(where, (namespaces.get(where) ?? 0) + 1)
    if (typeof row.restarts === 'number') restarts += row.restarts
  }
  if (status.size > 0) overview.status = mostFirst(status, 12)
  if (allNamespaces && namespaces.size > 1) overview.namespaces = mostFirst(namespaces, 10)
  if (restarts > 0) overview.restarts = restarts
  return overview
}

/** `412 Running, 3 CrashLoopBackOff; 3 unhealthy; 17 restarts` */
export function overviewText(overview: Overview): string {
  const parts: string[] = []
  const list = (counts: Record<string, number>) =>
    Object.entries(counts)
      .map(([name, count]) => `${count} ${name}`)
      .join(', ')
  if (overview.types) parts.push(list(overview.types))
  if (overview.reasons) parts.push(`by reason: ${list(overview.reasons)}`)
  if (overview.status) parts.push(list(overview.status))
  if (!overview.types)
    parts.push(overview.unhealthy === 0 ? 'all healthy' : `${overview.unhealthy} unhealthy`)
  if (overview.restarts) parts.push(`${overview.restarts} restarts`)
  if (overview.namespaces) parts.push(`by namespace: ${list(overview.namespaces)}`)
  return parts.join('; ')
}

/** Counts, most first, beyond `most` summed as `other`. */
export function mostFirst(counts: Map<string, number>, most: number): Record<string, number> {
  const sorted = [...counts].sort((a, b) => b[1] - a[1] || (a[0] < b[0] ? -1 : 1))
  const shown = Object.fromEntries(sorted.slice(0, most))
  const rest = sorted.slice(most).reduce((sum, [, count]) => sum + count, 0)
  return rest > 0 ? { ...shown, other: rest } : shown
}
