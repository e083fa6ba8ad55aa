import { list } from '@gatehouse/kubernetes'
import { z } from 'zod'
import { listingPage, listingText, snapshotOf } from '../../listing.ts'
import * as input from '../../schemas/input.ts'
import { listing } from '../../schemas/output.ts'
import { defineTool } from '../../tool.ts'

export const listNodes = defineTool({
  name: 'infra.k8s.cluster.listNodes',
  title: 'Nodes: list',
  description: 'Nodes with status, roles and version; not ready first',
  risk: 'read',
  untrusted: true,
  budget: 2000,
  input: z.object({
    context: input.context,
    labelSelector: input.labelSelector,
    ...input.projection,
    limit: input.limit,
    continue: input.cursor,
    maxTokens: input.maxTokens,
  }),
  output: listing,
  examples: [{ title: 'Nodes by label', input: { labelSelector: 'topology.kubernetes.io/zone=a' } }],
  summarize: listingText,
  run: async (query, { signal }, { clusters }) => {
    const cluster = clusters.cluster(query.context)
    const read = { ...query, ...snapshotOf(query), kind: 'nodes', signal }
    return listingPage(await list(cluster, read), query)
  },
})
