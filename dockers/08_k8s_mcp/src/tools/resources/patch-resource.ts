import { z } from 'zod'
import * as input from '../../schemas/input.ts'
import { claimOf, defineProposal } from '../../tool.ts'

export const patchResource = defineProposal({
  name: 'infra.k8s.resources.patchResource',
  title: 'Resources: patch',
  description: 'Asks to change fields of one object',
  risk: 'write',
  essential: true,
  input: z.object({
    context: input.context,
    kind: input.kind,
    name: input.name,
    apiVersion: input.apiVersion,
    namespace: input.namespace,
    patch: z.union([z.record(z.string(), z.unknown()), z.array(z.record(z.string(), z.unknown())).max(100)]),
    patchType: z.enum(['merge', 'strategic', 'json']).optional().describe('default merge'),
    reason: input.reason,
  }),
  examples: [
    {
      title: 'Mend a selector',
      input: {
        kind: 'Service',
        name: 'web',
        namespace: 'shop',
        patch: { spec: { selector: { app: 'web' } } },
      },
    },
  ],
  propose: ({ reason, patch, patchType = 'merge', ...target }) => ({
    operations: [{ type: 'patch', target, patchType, patch }],
    ...claimOf(reason),
  }),
})
