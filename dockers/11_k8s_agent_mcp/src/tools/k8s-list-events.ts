import { GatehouseError } from '@gatehouse/errors'
import { isName, listEvents } from '@gatehouse/kubernetes/single'
import { gateIntent, type Intent, isBlockedKind } from '@gatehouse/policy'
import { Page, toTable } from '@gatehouse/tools'
import { z } from 'zod'
import * as schema from '../schemas.ts'
import { defineTool } from '../tool.ts'

const group = z.object({
  lastSeen: z.string(),
  firstSeen: z.string(),
  type: z.string(),
  reason: z.string(),
  object: z.string(),
  objects: z.int(),
  count: z.int(),
  message: z.string(),
})
const output = z.object({
  target: schema.target,
  /** Events behind the rows. */
  events: z.int(),
  shown: z.int(),
  total: z.int(),
  note: z.string().optional(),
  items: z.array(group),
})

const EVENTS = { verb: 'list', kind: 'Event', apiVersion: 'v1' } as const

export const k8sListEvents = defineTool({
  name: 'k8s_list_events',
  title: 'List events',
  description: 'Events of one namespace, alike ones merged; warnings and newest first',
  risk: 'read',
  untrusted: true,
  input: z.object({
    namespace: schema.namespace,
    involvedObject: z.string().max(320).optional().describe('kind/name or a name'),
  }),
  output,
  examples: [
    { title: 'What happened in a namespace', input: { namespace: 'shop' } },
    { title: 'What happened to one pod', input: { namespace: 'shop', involvedObject: 'pod/web-0' } },
  ],
  gate: ({ namespace, involvedObject }) => {
    gateIntent({ ...EVENTS, namespace })
    const about = parseObject(involvedObject)
    if (about?.kind) gateIntent(intentAbout(namespace, about.kind, about.name))
  },
  summarize: eventsText,
  run: async ({ namespace, involvedObject }, { signal }, { locate }) => {
    const { cluster, resource } = await locate({ ...EVENTS, namespace }, signal)
    const { kind, name = '' } = parseObject(involvedObject) ?? {}
    // As the cluster calls it, so that every name of a kind finds its events and none gets past the gate.
    const of = kind ? (await locate(intentAbout(namespace, kind, name), signal)).resource : undefined
    const about = name ? { name, resource: of } : undefined
    // What is said about a blocked object is blocked with it.
    const page = await listEvents(cluster, resource, { namespace, about, leaveOut: isBlockedKind, signal })
    const notes = [
      ...(page.remaining > 0
        ? [`only the first ${page.events + page.leftOut} events by name were read`]
        : []),
      ...(page.leftOut > 0 ? [`${page.leftOut} about Secrets or ConfigMaps left out`] : []),
    ]
    return new Page<z.input<typeof output>>(page.groups, (items) => ({
      target: page.target,
      events: page.events,
      shown: items.length,
      total: page.groups.length,
      ...(notes.length > 0 && { note: notes.join('; ') }),
      items: page.groups.slice(0, items.length),
    }))
  },
})

function intentAbout(namespace: string, kind: string, name: string): Intent {
  return { verb: 'get', kind, namespace, name }
}

function parseObject(text: string | undefined): { kind?: string; name: string } | undefined {
  if (text === undefined) return undefined
  const [first = '', second, ...rest] = text.split('/')
  const name = second ?? first
  if (rest.length > 0 || !isName(name)) {
    throw new GatehouseError('INVALID_INPUT', 'involvedObject: write kind/name or a name', {
      hint: 'For example pod/web-0',
    })
  }
  return second === undefined ? { name } : { kind: first, name }
}

function eventsText({ target, items, shown, total, events, note }: z.output<typeof output>): string {
  const end = note ? `\nnote: ${note}` : ''
  if (total === 0) return `${schema.targetLine(target)}\nnone found${end}`
  const rows = toTable(items, ['lastSeen', 'type', 'reason', 'object', 'objects', 'count', 'message'])
  return `${schema.targetLine(target)}\n${rows}\n${shown} of ${total} shown, for ${events} events${end}`
}
