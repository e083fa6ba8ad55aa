import { topPods as read } from '@gatehouse/kubernetes'
import { z } from 'zod'
import { listingPage, listingText } from '../../listing.ts'
import * as input from '../../schemas/input.ts'
import { listing } from '../../schemas/output.ts'
import { defineTool } from '../../tool.ts'

export const topPods = defineTool({
  name: 'infra.k8s.metrics.topPods',
  title: 'Metrics: pods',
  description: 'CPU and memory in use, most CPU first',
  risk: 'read',
  budget: 2000,
  input: z.object({
    context: input.context,
    namespace: input.namespace,
    allNamespaces: input.allNamespaces,
    labelSelector: input.labelSelector,
    limit: input.limit,
    continue: input.cursor,
    maxTokens: input.maxTokens,
  }),
  output: listing,
  examples: [{ title: 'The five busiest pods', input: { allNamespaces: true, limit: 5 } }],
  summarize: listingText,
  run: async (query, { signal }, { clusters }) =>
    listingPage(await read(clusters.cluster(query.context), { ...query, signal }), query),
})
