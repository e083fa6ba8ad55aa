import { countOf, seenAt } from './events.ts'
import { age, count, oneLine } from './phrase.ts'
import type { Condition, KubeEvent } from './shapes.ts'

/** Why pods of a workload are not even created, as one sentence with the numbers of the quota; undefined if they are. */
export function createFailure(
  controllers: readonly string[],
  conditions: readonly Condition[] | undefined,
  events: readonly KubeEvent[],
  now: number,
): string | undefined {
  const known = new Set(controllers)
  const failed = events
    .filter((event) => event.reason === 'FailedCreate' && known.has(event.involvedObject?.name ?? ''))
    .sort((a, b) => seenAt(b) - seenAt(a))
  const [newest] = failed
  // The condition outlives the events, which expire after an hour.
  const condition = conditions?.find((one) => one.type === 'ReplicaFailure' && one.status === 'True')
  const message = condition?.message ?? newest?.message
  if (!message) return undefined
  const times = failed.reduce((sum, event) => sum + countOf(event), 0)
  const seen = newest
    ? ` (${count(times, 'time')}, last ${age(new Date(seenAt(newest)).toISOString(), now)} ago)`
    : ''
  const who = newest ? `${newest.involvedObject?.kind} ${newest.involvedObject?.name}` : 'Its controller'
  return `${who} cannot create pods: ${whyForbidden(message)}${seen}`
}

/** `quota "compute" is exceeded: requested pods=1, used pods=2, limited to pods=2`, or the server's own words. */
export function whyForbidden(message: string): string {
  const quota = /exceeded quota: ([^,\s]+), requested: (.+?), used: (.+?), limited: (.+)$/s.exec(message)
  if (quota) {
    const [, name, requested, used, limited] = quota
    return `quota "${name}" is exceeded: requested ${requested}, used ${used}, limited to ${oneLine(limited, 200)}; raise the ResourceQuota or free some of it`
  }
  const missing = /failed quota: ([^:\s]+): must specify (.+)$/s.exec(message)
  if (missing) return `quota "${missing[1]}" requires every container to state ${oneLine(missing[2], 200)}`
  const forbidden = /is forbidden: (.+)$/s.exec(message)
  return oneLine(forbidden?.[1] ?? message)
}
