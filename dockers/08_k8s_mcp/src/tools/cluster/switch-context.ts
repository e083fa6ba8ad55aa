import { z } from 'zod'
import * as input from '../../schemas/input.ts'
import { claimOf, defineProposal } from '../../tool.ts'

export const switchContext = defineProposal({
  name: 'infra.k8s.cluster.switchContext',
  title: 'Cluster: switch context',
  description: "Asks to change this server's default context; no file is touched",
  risk: 'write',
  input: z.object({ contextName: z.string().min(1).max(253), reason: input.reason }),
  examples: [{ title: 'Work in another cluster', input: { contextName: 'staging' } }],
  propose: ({ contextName, reason }, _context, { clusters, server }) => {
    // Unknown names end here, with the nearest ones.
    clusters.cluster(contextName)
    return {
      operations: [{ type: 'switchContext', server, context: contextName }],
      ...claimOf(reason),
    }
  },
})
