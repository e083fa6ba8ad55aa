import { apiResources } from '@gatehouse/kubernetes'
import { z } from 'zod'
import { listingPage, listingText } from '../../listing.ts'
import * as input from '../../schemas/input.ts'
import { listing } from '../../schemas/output.ts'
import { defineTool } from '../../tool.ts'

export const listApiResources = defineTool({
  name: 'infra.k8s.cluster.listApiResources',
  title: 'Cluster: kinds',
  description: 'Kinds this cluster has, custom ones included',
  risk: 'read',
  input: z.object({
    context: input.context,
    apiGroup: z.string().min(1).max(253).optional(),
    namespaced: z.boolean().optional(),
    limit: input.limit,
    continue: input.cursor,
    maxTokens: input.maxTokens,
  }),
  output: listing,
  examples: [
    { title: 'Kinds of one group', input: { apiGroup: 'apps' } },
    { title: 'Kinds without a namespace', input: { namespaced: false } },
  ],
  summarize: listingText,
  run: async (query, { signal }, { clusters }) =>
    listingPage(await apiResources(clusters.cluster(query.context), { ...query, signal }), query),
})
