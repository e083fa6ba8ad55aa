import { topNodes as read } from '@gatehouse/kubernetes'
import { z } from 'zod'
import { listingPage, listingText } from '../../listing.ts'
import * as input from '../../schemas/input.ts'
import { listing } from '../../schemas/output.ts'
import { defineTool } from '../../tool.ts'

export const topNodes = defineTool({
  name: 'infra.k8s.metrics.topNodes',
  title: 'Metrics: nodes',
  description: 'CPU and memory in use, percent of allocatable',
  risk: 'read',
  budget: 2000,
  input: z.object({
    context: input.context,
    labelSelector: input.labelSelector,
    limit: input.limit,
    continue: input.cursor,
    maxTokens: input.maxTokens,
  }),
  output: listing,
  examples: [{ title: 'All nodes, busiest first', input: {} }],
  summarize: listingText,
  run: async (query, { signal }, { clusters }) =>
    listingPage(await read(clusters.cluster(query.context), { ...query, signal }), query),
})
