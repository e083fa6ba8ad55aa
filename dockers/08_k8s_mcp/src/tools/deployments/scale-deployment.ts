import { z } from 'zod'
import * as input from '../../schemas/input.ts'
import { claimOf, defineProposal } from '../../tool.ts'

export const scaleDeployment = defineProposal({
  name: 'infra.k8s.deployments.scaleDeployment',
  title: 'Deployments: scale',
  description: 'Asks for another number of replicas',
  risk: 'write',
  essential: true,
  input: z.object({
    context: input.context,
    namespace: input.namespace,
    name: input.name,
    replicas: z.int().min(0).max(10_000),
    reason: input.reason,
  }),
  examples: [{ title: 'Five of them', input: { name: 'web', namespace: 'shop', replicas: 5 } }],
  propose: ({ context, namespace, name, replicas, reason }) => ({
    operations: [
      {
        type: 'scale',
        target: { context, apiVersion: 'apps/v1', kind: 'Deployment', namespace, name },
        replicas,
      },
    ],
    ...claimOf(reason),
  }),
})
