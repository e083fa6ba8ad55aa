import { Page } from '@gatehouse/tools'
import { z } from 'zod'
import * as input from '../../schemas/input.ts'
import { ENTRY_KINDS } from '../../search/entry.ts'
import { defineTool } from '../../tool.ts'

const item = z.object({
  kind: z.enum(ENTRY_KINDS),
  title: z.string(),
  /** Absent for tools, which are called. */
  resource: z.string().optional(),
  fragment: z.string(),
  score: z.number(),
})

const output = z.object({
  query: z.string(),
  total: z.int(),
  shown: z.int(),
  items: z.array(item),
  note: z.string().optional(),
})

const MOST_ITEMS = 50

export const searchDocs = defineTool({
  name: 'infra.k8s.docs.search',
  title: 'Documentation: search',
  description:
    'Topics on what goes wrong, API fields, templates, tools; read one as docs://, api:// or template:// resource',
  risk: 'read',
  untrusted: true,
  input: z.object({
    query: z.string().min(1).max(200),
    kind: z.enum(ENTRY_KINDS).optional(),
    limit: z.int().min(1).max(MOST_ITEMS).optional(),
    maxTokens: input.maxTokens,
  }),
  output,
  examples: [
    { title: 'Why a container restarts', input: { query: 'CrashLoopBackOff' } },
    { title: 'A field by its path', input: { query: 'deploy.spec.strategy.rollingUpdate' } },
  ],
  summarize: ({ query, total, shown, items, note }) => {
    const lines = items.map(({ kind, title, resource = '', fragment }) =>
      `${kind}  ${title}  ${resource}`.trimEnd().concat(`\n  ${fragment}`),
    )
    const count = total === 0 ? 'none found' : `${shown} of ${total} shown`
    return [`search: ${query}`, ...lines, count, ...(note ? [`note: ${note}`] : [])].join('\n')
  },
  run: async ({ query, kind, limit = 10 }, _context, { search }) => {
    const { items: found, total, note } = await search({ query, kind, limit })
    const items = found.map(({ url, ...rest }) => ({ ...rest, ...resourceAt(url) }))
    return new Page(items, ({ length }) => ({
      query,
      total,
      shown: length,
      items: items.slice(0, length),
      ...(note && { note }),
    }))
  },
})

// `/docs/pods#example` is docs://pods: as a resource a topic is read whole.
function resourceAt(url: string): { resource?: string } {
  const [, place = '', path = ''] = /^\/(docs|templates|api)\/([^#]*)/.exec(url) ?? []
  const scheme = place === 'templates' ? 'template' : place
  return scheme ? { resource: `${scheme}://${path}` } : {}
}
