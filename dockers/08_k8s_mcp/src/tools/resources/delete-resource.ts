import { z } from 'zod'
import * as input from '../../schemas/input.ts'
import { claimOf, defineProposal } from '../../tool.ts'

export const deleteResource = defineProposal({
  name: 'infra.k8s.resources.deleteResource',
  title: 'Resources: delete',
  description: 'Asks to delete one object of any kind',
  risk: 'destructive',
  input: z.object({
    context: input.context,
    kind: input.kind,
    name: input.name,
    apiVersion: input.apiVersion,
    namespace: input.namespace,
    reason: input.reason,
  }),
  examples: [{ title: 'A job that is done', input: { kind: 'Job', name: 'import-42', namespace: 'shop' } }],
  propose: ({ reason, ...target }) => ({ operations: [{ type: 'delete', target }], ...claimOf(reason) }),
})
