import { type ListPage, listPage } from '@gatehouse/kubernetes/single'
import { Page, toTable } from '@gatehouse/tools'
import { z } from 'zod'
import { isEvent, isRowAboutBlocked } from '../about-blocked.ts'
import { gateAs, intentOf } from '../intent.ts'
import * as schema from '../schemas.ts'
import { defineTool } from '../tool.ts'

const DEFAULT_LIMIT = 100

const cell = z.union([z.string(), z.number(), z.boolean(), z.null()])
const output = z.object({
  target: schema.target,
  kind: z.string(),
  apiVersion: z.string(),
  shown: z.int(),
  /** Objects behind this page; 1 where the API server only says that there are more. */
  remaining: z.int(),
  continue: z.string().optional(),
  note: z.string().optional(),
  items: z.array(z.record(z.string(), cell)),
})

export const k8sList = defineTool({
  name: 'k8s_list',
  title: 'List one kind',
  description: 'Names and printed columns of one kind in one namespace',
  risk: 'read',
  untrusted: true,
  budget: 6_000,
  input: z.object({
    kind: schema.kind.describe('such as Pod or deployments'),
    apiVersion: schema.apiVersion.describe('where several groups have the kind'),
    namespace: schema.namespace,
    limit: z.int().min(1).max(500).optional().describe(`default ${DEFAULT_LIMIT}`),
    continue: z
      .string()
      .regex(/^[A-Za-z0-9+/=_-]{1,2000}$/, 'not the value of continue from the reply before')
      .optional(),
  }),
  output,
  examples: [
    { title: 'Pods of a namespace', input: { kind: 'Pod', namespace: 'shop' } },
    {
      title: 'A custom resource',
      input: { kind: 'Certificate', apiVersion: 'cert-manager.io/v1', namespace: 'shop', limit: 20 },
    },
  ],
  gate: gateAs('list'),
  summarize: listText,
  run: async (input, { signal }, { locate }) => {
    const { cluster, resource } = await locate(intentOf('list', input), signal)
    const { limit = DEFAULT_LIMIT, namespace } = input
    const page = await listPage(cluster, resource, { namespace, limit, continue: input.continue, signal })
    const rows = isEvent(resource) ? page.rows.filter((row) => !isRowAboutBlocked(row)) : page.rows
    return pageThatFits({ ...page, rows }, page.rows.length - rows.length, resource)
  },
})

type Words = { kind: string; apiVersion: string }

// The cursor belongs to the whole page: of a part of it there is none, so the reader is told how to ask.
function pageThatFits(page: ListPage, leftOut: number, { kind, apiVersion }: Words) {
  const { target, rows, remaining, relative } = page
  return new Page<z.input<typeof output>>(rows, (items) => {
    const all = items.length === rows.length
    const notes = [
      ...(all ? [] : [`${rows.length} were read and ${items.length} fit: repeat with limit ${items.length}`]),
      ...(leftOut > 0 ? [`${leftOut} about Secrets or ConfigMaps left out`] : []),
      ...(relative.length > 0 ? [`relative times left out: ${relative.join(', ')}`] : []),
    ]
    return {
      target,
      kind,
      apiVersion,
      shown: items.length,
      remaining: remaining + rows.length - items.length,
      ...(all && page.continue && { continue: page.continue }),
      ...(notes.length > 0 && { note: notes.join('; ') }),
      items: rows.slice(0, items.length),
    }
  })
}

function listText(reply: z.output<typeof output>): string {
  const { target, kind, apiVersion, items, shown, remaining, note } = reply
  const head = `${schema.targetLine(target)}; ${kind} (${apiVersion})`
  const end = note ? `\nnote: ${note}` : ''
  if (shown === 0) return `${head}\nnone found${end}`
  const more = reply.continue ? `; continue: "${reply.continue}"` : ''
  return `${head}\n${toTable(items)}\n${shown} shown, ${remaining} more${more}${end}`
}
