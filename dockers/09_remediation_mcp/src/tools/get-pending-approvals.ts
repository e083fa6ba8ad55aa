import { outcome, Page, toTable } from '@gatehouse/tools'
import { z } from 'zod'
import { defineTool } from '../tool.ts'

const output = z.object({ shown: z.int(), more: z.boolean(), items: z.array(outcome) })

export const getPendingApprovals = defineTool({
  name: 'get_pending_approvals',
  title: 'Pending approvals',
  description: 'Every request that waits for a person, newest first',
  risk: 'read',
  untrusted: true,
  input: z.object({}),
  output,
  examples: [{ title: 'What waits', input: {} }],
  summarize: ({ items, shown, more }) => {
    if (shown === 0) return 'none found: nothing waits for a person'
    const rows = items.map(({ requestId, summary, approvalUrl }) => ({ requestId, summary, approvalUrl }))
    return `${toTable(rows)}\n${shown} shown${more ? ', there are more' : ''}`
  },
  run: async (_input, { caller, correlationId, signal }, { approvals }) => {
    const page = await approvals.list({ state: 'pending', limit: 100 }, { caller, correlationId, signal })
    return new Page<z.input<typeof output>>(page.items, (items) => ({
      shown: items.length,
      more: items.length < page.items.length || page.continue !== undefined,
      items: page.items.slice(0, items.length),
    }))
  },
})
