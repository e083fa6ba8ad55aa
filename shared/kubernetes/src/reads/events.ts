import { GatehouseError } from '@gatehouse/errors'
import type { Cluster } from '../client/cluster.ts'
import { TimeSlice } from '../client/time-slice.ts'
import { cutText } from '../cut-text.ts'
import { secondsOf } from '../projection/magnitude.ts'
import { readAllNamespaces } from '../table/all-namespaces.ts'
import { mostFirst } from '../table/overview.ts'
import { type Fields, fieldsOf } from '../table/rows.ts'
import { readTable } from '../table/table.ts'
import { messageShape, objectShape } from './events-shape.ts'
import type { Listing } from './list.ts'
import { checkNamespaceExists, scopeOf, shownNamespace, type Whereabouts } from './list-scope.ts'

export interface EventsQuery extends Whereabouts {
  /** `pod/web-1`, or a name alone. */
  involvedObject?: string | undefined
  /** Normal, Warning. */
  types?: readonly string[] | undefined
  /** `30m`: events last seen since then. */
  since?: string | undefined
}

const LONGEST_MESSAGE = 240

/**
 * Events of one reason and about objects of one owner as one row: how often, about how many objects, last seen, and one
 * message. Warnings and newest first. From the Table alone; the server selects by object and by a single type.
 */
export async function events(cluster: Cluster, query: EventsQuery): Promise<Listing> {
  const since = query.since === undefined ? Number.POSITIVE_INFINITY : sinceSeconds(query.since)
  const scope = await scopeOf(cluster, 'events', { ...query, apiVersion: 'v1' })
  const selection = {
    fieldSelector: await selectorOf(cluster, query),
    resourceVersion: query.resourceVersion,
    signal: query.signal,
  }
  const { resource, namespace } = scope
  const table = scope.everywhere
    ? await readAllNamespaces(cluster, resource, selection)
    : { ...(await readTable(cluster, resource, namespace, selection)), forbidden: [] }
  if (table.rows.length === 0 && namespace) await checkNamespaceExists(cluster, namespace, query)
  const types = query.types && new Set(query.types.map((type) => type.toLowerCase()))
  const rows = table.rows
    .map((row) => fieldsOf(table.columns, row))
    .filter((row) => (!types || types.has(String(row.type).toLowerCase())) && ago(row) <= since)
  const slice = new TimeSlice(query.signal)
  const groups = await grouped(rows, scope.everywhere, slice)
  const clean = (text: string): string => cluster.sanitizer.text(text)
  return {
    target: cluster.target(shownNamespace(scope)),
    total: table.remaining > 0 ? { atLeast: groups.length } : groups.length,
    grouped: rows.length,
    overview: overviewOf(rows),
    items: await slice.map(groups, (group) => itemOf(group, scope.everywhere, clean)),
    keys: groups.map((group) => group.key),
    resourceVersion: table.resourceVersion,
    forbidden: table.forbidden,
    columns: [],
  }
}

interface Group {
  key: string
  newest: Fields
  objects: Set<string>
  shape: string
  count: number
}

async function grouped(rows: readonly Fields[], everywhere: boolean, slice: TimeSlice): Promise<Group[]> {
  const groups = new Map<string, Group>()
  for (const row of rows) {
    if (slice.isOver) await slice.next()
    const object = String(row.object ?? '')
    const shape = objectShape(object)
    const place = everywhere ? `${row.namespace}/` : ''
    const key = `${place}${shape} ${row.type} ${row.reason} ${messageShape(String(row.message ?? ''))}`
    const group = groups.get(key) ?? { key, newest: row, objects: new Set(), shape, count: 0 }
    group.objects.add(object)
    group.count += Math.max(1, Number(row.count ?? 1) || 1)
    if (ago(row) < ago(group.newest)) group.newest = row
    groups.set(key, group)
  }
  return [...groups.values()].sort(
    (a, b) =>
      Number(isWarning(b)) - Number(isWarning(a)) ||
      ago(a.newest) - ago(b.newest) ||
      b.count - a.count ||
      (a.key < b.key ? -1 : 1),
  )
}

function itemOf(
  { newest, objects, shape, count }: Group,
  everywhere: boolean,
  clean: (text: string) => string,
): Listing['items'][number] {
  // Before the cut: half a URL no longer looks like one with a password.
  const message = clean(String(newest.message ?? '').trim())
  return {
    lastSeen: newest.lastSeen ?? null,
    type: newest.type ?? null,
    reason: newest.reason ?? null,
    ...(everywhere && { namespace: newest.namespace ?? null }),
    object: objects.size === 1 ? (newest.object ?? null) : shape,
    objects: objects.size,
    count,
    message: cutText(message, LONGEST_MESSAGE),
  }
}

function overviewOf(rows: readonly Fields[]): Listing['overview'] {
  const count = (name: string, most: number) => {
    const counts = new Map<string, number>()
    for (const row of rows) counts.set(String(row[name]), (counts.get(String(row[name])) ?? 0) + 1)
    return mostFirst(counts, most)
  }
  const warnings = rows.filter((row) => row.type === 'Warning').length
  return { unhealthy: warnings, types: count('type', 4), reasons: count('reason', 10) }
}

// `pod/web-1` and `web-1`; the server wants the kind as it is written in objects.
async function selectorOf(cluster: Cluster, query: EventsQuery): Promise<string | undefined> {
  const parts: string[] = []
  const [type] = query.types ?? []
  if (query.types?.length === 1 && type && /^(normal|warning)$/i.test(type)) {
    parts.push(`type=${type[0]?.toUpperCase()}${type.slice(1).toLowerCase()}`)
  }
  if (query.involvedObject !== undefined) {
    const found = /^(?:([^/\s,=]+)\/)?([A-Za-z0-9][A-Za-z0-9._:-]*)$/.exec(query.involvedObject.trim())
    if (!found?.[2]) {
      throw new GatehouseError('INVALID_INPUT', 'involvedObject: write kind/name or a name', {
        hint: 'For example pod/web-1',
      })
    }
    if (found[1]) {
      const { kind } = await cluster.discovery.resolve(found[1], undefined, query.signal)
      parts.push(`involvedObject.kind=${kind}`)
    }
    parts.push(`involvedObject.name=${found[2]}`)
  }
  return parts.join(',') || undefined
}

function sinceSeconds(text: string): number {
  const seconds = secondsOf(text.trim())
  if (seconds !== undefined && seconds > 0) return seconds
  throw new GatehouseError('INVALID_INPUT', 'since: not a time span', { hint: 'Write for example 30m or 2h' })
}

// An event without times prints <unknown>: last, but never left out.
function ago(row: Fields): number {
  return secondsOf(String(row.lastSeen ?? '')) ?? Number.POSITIVE_INFINITY
}

function isWarning(group: Group): boolean {
  return group.newest.type === 'Warning'
}
