import { z } from 'zod'
import * as input from '../../schemas/input.ts'
import { claimOf, defineProposal } from '../../tool.ts'

export const deletePod = defineProposal({
  name: 'infra.k8s.pods.deletePod',
  title: 'Pods: delete',
  description: 'Asks to delete one pod',
  risk: 'destructive',
  essential: ['gracePeriodSeconds'],
  input: z.object({
    context: input.context,
    namespace: input.namespace,
    name: input.name,
    gracePeriodSeconds: z.int().min(0).max(3_600).optional(),
    reason: input.reason,
  }),
  examples: [{ title: 'Let it start afresh', input: { name: 'web-0', namespace: 'shop' } }],
  rest: { method: 'DELETE', path: '/cluster/pod/{namespace}/{name}' },
  propose: ({ context, namespace, name, gracePeriodSeconds, reason }) => ({
    operations: [
      {
        type: 'delete',
        target: { context, apiVersion: 'v1', kind: 'Pod', namespace, name },
        gracePeriodSeconds,
      },
    ],
    ...claimOf(reason),
  }),
})
