import { outcome } from '@gatehouse/tools'
import { z } from 'zod'
import { outcomeText } from '../../outcome.ts'
import { requestId } from '../../schemas/input.ts'
import { defineTool } from '../../tool.ts'

const MOST_SECONDS = 60

export const waitForOperation = defineTool({
  name: 'infra.k8s.operations.waitForOperation',
  title: 'Operations: wait',
  description: 'Waits for a proposed change to be decided and done',
  risk: 'read',
  essential: true,
  untrusted: true,
  deadlineMs: 75_000,
  input: z.object({
    requestId,
    seconds: z.int().min(0).max(MOST_SECONDS).optional().describe('default 30'),
  }),
  output: outcome,
  examples: [
    { title: 'Half a minute', input: { requestId: '01980000-0000-7000-8000-000000000000', seconds: 30 } },
  ],
  summarize: outcomeText,
  run: (input, { caller, correlationId, signal, progress }, { approvals }) => {
    progress('waiting for a person to decide')
    const query = { requestId: input.requestId, seconds: input.seconds ?? 30 }
    return approvals.outcome(query, { caller, correlationId, signal })
  },
})
