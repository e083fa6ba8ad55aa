import { outcome } from '@gatehouse/tools'
import { z } from 'zod'
import { outcomeText } from '../../outcome.ts'
import { requestId } from '../../schemas/input.ts'
import { defineTool } from '../../tool.ts'

export const getOperation = defineTool({
  name: 'infra.k8s.operations.getOperation',
  title: 'Operations: get',
  description: 'How a proposed change stands, and its result',
  risk: 'read',
  untrusted: true,
  input: z.object({ requestId }),
  output: outcome,
  examples: [{ title: 'One change', input: { requestId: '01980000-0000-7000-8000-000000000000' } }],
  summarize: outcomeText,
  run: (input, { caller, correlationId, signal }, { approvals }) =>
    approvals.outcome({ requestId: input.requestId }, { caller, correlationId, signal }),
})
