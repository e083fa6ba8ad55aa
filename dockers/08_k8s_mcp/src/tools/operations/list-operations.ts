import { outcome, Page, toTable } from '@gatehouse/tools'
import { z } from 'zod'
import * as input from '../../schemas/input.ts'
import { defineTool } from '../../tool.ts'

const output = z.object({
  shown: z.int(),
  continue: z.string().optional(),
  items: z.array(outcome),
})

export const listOperations = defineTool({
  name: 'infra.k8s.operations.listOperations',
  title: 'Operations: list',
  description: 'Proposed changes, newest first',
  risk: 'read',
  untrusted: true,
  budget: 2_000,
  input: z.object({
    state: outcome.shape.state.optional(),
    limit: z.int().min(1).max(100).optional(),
    continue: input.cursor,
  }),
  output,
  examples: [{ title: 'What waits for a person', input: { state: 'pending' } }],
  summarize: (reply) => {
    if (reply.shown === 0) return 'none found'
    const rows = reply.items.map(({ requestId, state, summary }) => ({ requestId, state, summary }))
    const more = reply.continue ? `; continue: "${reply.continue}"` : ''
    return `${toTable(rows)}\n${reply.shown} shown${more}`
  },
  run: async ({ state, limit = 20, continue: cursor }, { caller, correlationId, signal }, { approvals }) => {
    const page = await approvals.list({ state, limit, continue: cursor }, { caller, correlationId, signal })
    return new Page<z.input<typeof output>>(page.items, (items) => ({
      shown: items.length,
      ...(page.continue && items.length === page.items.length && { continue: page.continue }),
      items: page.items.slice(0, items.length),
    }))
  },
})
