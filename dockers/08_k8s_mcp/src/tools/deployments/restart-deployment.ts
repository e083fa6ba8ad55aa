import { z } from 'zod'
import * as input from '../../schemas/input.ts'
import { claimOf, defineProposal } from '../../tool.ts'

export const restartDeployment = defineProposal({
  name: 'infra.k8s.deployments.restartDeployment',
  title: 'Deployments: restart',
  description: 'Asks for a rolling restart',
  risk: 'write',

  input: z.object({
    context: input.context,
    namespace: input.namespace,
    name: input.name,

    reason: input.reason,
  }),
  examples: [{ title: 'Restart', input: { name: 'web', namespace: 'shop' } }],
  propose: ({ context, namespace, name, reason }) => ({
    operations: [
      { type: 'restart', target: { context, apiVersion: 'apps/v1', kind: 'Deployment', namespace, name } },
    ],
    ...claimOf(reason),
  }),
})
