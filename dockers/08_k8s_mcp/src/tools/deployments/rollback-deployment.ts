import { z } from 'zod'
import * as input from '../../schemas/input.ts'
import { claimOf, defineProposal } from '../../tool.ts'

export const rollbackDeployment = defineProposal({
  name: 'infra.k8s.deployments.rollbackDeployment',
  title: 'Deployments: rollback',
  description: 'Asks to go back to a revision, the one before by default',
  risk: 'write',
  essential: true,
  input: z.object({
    context: input.context,
    namespace: input.namespace,
    name: input.name,
    revision: z.int().min(1).optional(),
    reason: input.reason,
  }),
  examples: [{ title: 'Undo the last release', input: { name: 'web', namespace: 'shop' } }],
  propose: ({ context, namespace, name, revision, reason }) => ({
    operations: [
      {
        type: 'rollback',
        target: { context, apiVersion: 'apps/v1', kind: 'Deployment', namespace, name },
        revision,
      },
    ],
    ...claimOf(reason),
  }),
})
