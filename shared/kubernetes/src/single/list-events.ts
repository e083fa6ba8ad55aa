import type { Cluster, KubeObject, Target } from '../client/cluster.ts'
import { pathOf } from '../client/paths.ts'
import { cutText } from '../cut-text.ts'
import type { Resource } from '../discovery/discovery.ts'
import { messageShape, objectShape } from '../reads/events-shape.ts'

export interface EventPageQuery {
  namespace: string
  /** Events about the object of this name, and of this kind where one is given. */
  about?: { name: string; resource?: Pick<Resource, 'kind' | 'group'> | undefined } | undefined
  /** Kinds about which nothing is told. */
  leaveOut(about: Pick<Resource, 'kind' | 'group'>): boolean
  signal?: AbortSignal | undefined
}

/** Events that say the same about objects of one owner. Times are as they are stored. */
interface EventGroup {
  lastSeen: string
  firstSeen: string
  type: string
  reason: string
  object: string
  objects: number
  count: number
  message: string
}

export interface EventPage {
  target: Target
  /** Warnings first, then the newest. */
  groups: EventGroup[]
  /** Events behind the groups. */
  events: number
  /** Events that were read and left out. */
  leftOut: number
  /** Events that one request did not bring. */
  remaining: number
}

const MOST_EVENTS = 5_000
const LONGEST_MESSAGE = 400
// Nothing the API server checks in events of its first version.
const LONGEST_WORD = 320

interface WireEvent extends KubeObject {
  involvedObject?: { apiVersion?: string; kind?: string; name?: string }
  type?: string
  reason?: string
  message?: string
  count?: number
  firstTimestamp?: string | null
  lastTimestamp?: string | null
  eventTime?: string | null
  series?: { count?: number; lastObservedTime?: string }
}

interface WireEvents {
  metadata?: { continue?: string; remainingItemCount?: number }
  items?: KubeObject[]
}

/** The events of one namespace, alike ones merged, in exactly one request. */
export async function listEvents(
  cluster: Cluster,
  resource: Resource,
  { namespace, about, leaveOut, signal }: EventPageQuery,
): Promise<EventPage> {
  const query = {
    limit: String(MOST_EVENTS),
    // The kind is compared here: the selector wants it exactly as it is written in objects.
    fieldSelector: about && `involvedObject.name=${about.name}`,
  }
  let page: WireEvents = {}
  await cluster.eachPage<WireEvents>(pathOf(resource, namespace), { query, signal }, async (first) => {
    page = first
    return false
  })
  const wanted = about?.resource
  const asked = (page.items ?? []).filter((event: WireEvent) => !wanted || isAbout(event, wanted))
  const events = asked.filter((event: WireEvent) => !leaveOut(involved(event)))
  return {
    target: cluster.target(namespace),
    groups: grouped(events, (text) => cluster.sanitizer.text(text)),
    events: events.length,
    leftOut: asked.length - events.length,
    remaining: page.metadata?.remainingItemCount ?? (page.metadata?.continue ? 1 : 0),
  }
}

function involved({ involvedObject = {} }: WireEvent): Pick<Resource, 'kind' | 'group'> {
  const { kind = '', apiVersion = '' } = involvedObject
  return { kind, group: apiVersion.includes('/') ? (apiVersion.split('/', 1)[0] ?? '') : '' }
}

// Older writers leave out the apiVersion.
function isAbout(event: WireEvent, { kind, group }: Pick<Resource, 'kind' | 'group'>): boolean {
  const of = involved(event)
  return of.kind === kind && (!event.involvedObject?.apiVersion || of.group === group)
}

function grouped(events: readonly WireEvent[], clean: (text: string) => string): EventGroup[] {
  const word = (text: string) => cutText(text.length > LONGEST_WORD ? clean(text) : text, LONGEST_WORD)
  const groups = new Map<string, EventGroup & { names: Set<string> }>()
  for (const event of events) {
    const { kind = '', name = '' } = event.involvedObject ?? {}
    const object = word(`${kind.toLowerCase()}/${name}`)
    const shape = objectShape(object)
    const type = word(event.type ?? '')
    const reason = word(event.reason ?? '')
    // Before the cut: half a URL no longer looks like one with a password.
    const message = cutText(clean((event.message ?? '').trim()), LONGEST_MESSAGE)
    const key = JSON.stringify([shape, type, reason, messageShape(message)])
    const { first, last } = timesOf(event)
    const count = event.series?.count ?? event.count ?? 1
    const group = groups.get(key)
    if (!group) {
      const names = new Set([object])
      groups.set(key, {
        lastSeen: last,
        firstSeen: first,
        type,
        reason,
        object,
        objects: 1,
        count,
        message,
        names,
      })
      continue
    }
    group.names.add(object)
    group.objects = group.names.size
    group.count += count
    if (group.objects > 1) group.object = shape
    if (first < group.firstSeen) group.firstSeen = first
    if (last > group.lastSeen) Object.assign(group, { lastSeen: last, message })
  }
  return [...groups.entries()]
    .sort(
      ([a, one], [b, other]) =>
        rank(one) - rank(other) || descending(one.lastSeen, other.lastSeen) || (a < b ? -1 : 1),
    )
    .map(([, { names: _names, ...group }]) => group)
}

function timesOf(event: WireEvent): { first: string; last: string } {
  const created = event.metadata.creationTimestamp ?? ''
  const last = event.series?.lastObservedTime ?? event.lastTimestamp ?? event.eventTime ?? created
  return { first: event.firstTimestamp ?? event.eventTime ?? created, last }
}

function rank(group: EventGroup): number {
  return group.type === 'Warning' ? 0 : 1
}

function descending(a: string, b: string): number {
  return a === b ? 0 : a > b ? -1 : 1
}
