import { age, oneLine, shapeOf } from './phrase.ts'
import type { KubeEvent } from './shapes.ts'

/** Events that say the same, as one: how often, and when last. */
export interface MergedEvent {
  type: string
  reason: string
  count: number
  /** Age of the newest. */
  last: string
  message: string
  /** `Pod/web-1`, where the events are not of the described object itself. */
  object?: string | undefined
}

const MOST = 10
// What the event recorder puts before a message once there are many alike.
const COMBINED = /^\(combined from similar events\): /

/** Events merged by reason and by message without its generated names and numbers; warnings first, then newest. */
export function mergeEvents(events: readonly KubeEvent[], now: number, subject?: string): MergedEvent[] {
  const groups = new Map<string, KubeEvent[]>()
  for (const event of events) {
    const { type, reason, message, involvedObject } = event
    const key = [
      type,
      reason,
      involvedObject?.kind,
      involvedObject?.fieldPath,
      shapeOf(textOf(message)),
    ].join('|')
    const group = groups.get(key)
    if (group) group.push(event)
    else groups.set(key, [event])
  }
  const merged = [...groups.values()].map((group) => group.sort((a, b) => seenAt(b) - seenAt(a)))
  merged.sort((a, b) => byWarningThenTime(a[0], b[0]))
  return merged.slice(0, MOST).flatMap((group) => {
    const [newest] = group
    return newest ? [toMerged(newest, group, now, subject)] : []
  })
}

/** When an event was last seen, in milliseconds; which field holds it depends on who wrote it. */
export function seenAt(event: KubeEvent): number {
  const time =
    event.series?.lastObservedTime ??
    event.lastTimestamp ??
    event.eventTime ??
    event.metadata.creationTimestamp
  return Date.parse(time ?? '') || 0
}

export function countOf(event: KubeEvent): number {
  return event.series?.count ?? event.count ?? 1
}

export function isAbout(event: KubeEvent, kind: string, name: string): boolean {
  return event.involvedObject?.kind === kind && event.involvedObject.name === name
}

function textOf(message: string | undefined): string {
  return (message ?? '').replace(COMBINED, '')
}

function toMerged(newest: KubeEvent, group: KubeEvent[], now: number, subject?: string): MergedEvent {
  const objects = new Set(group.map(({ involvedObject: of }) => `${of?.kind}/${of?.name}`))
  const [object] = objects
  return {
    type: newest.type ?? 'Normal',
    reason: newest.reason ?? '',
    count: group.reduce((sum, event) => sum + countOf(event), 0),
    last: age(new Date(seenAt(newest)).toISOString(), now),
    message: oneLine(textOf(newest.message)),
    ...(object !== subject && {
      object: objects.size > 1 ? `${object} and ${objects.size - 1} more` : object,
    }),
  }
}

function byWarningThenTime(a: KubeEvent | undefined, b: KubeEvent | undefined): number {
  if (!a || !b) return 0
  const warning = Number(b.type === 'Warning') - Number(a.type === 'Warning')
  return warning || seenAt(b) - seenAt(a) || ((a.reason ?? '') < (b.reason ?? '') ? -1 : 1)
}
