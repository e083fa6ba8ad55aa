import { list } from '@gatehouse/kubernetes'
import { z } from 'zod'
import { listingPage, listingText, snapshotOf } from '../../listing.ts'
import * as input from '../../schemas/input.ts'
import { listing } from '../../schemas/output.ts'
import { defineTool } from '../../tool.ts'

export const listNamespaces = defineTool({
  name: 'infra.k8s.cluster.listNamespaces',
  title: 'Namespaces: list',
  description: 'Namespaces with status',
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
  examples: [{ title: 'Namespaces by label', input: { labelSelector: 'team=storefront' } }],
  rest: { method: 'GET', path: '/cluster/namespaces' },
  summarize: listingText,
  run: async (query, { signal }, { clusters }) => {
    const cluster = clusters.cluster(query.context)
    const read = { ...query, ...snapshotOf(query), kind: 'namespaces', signal }
    return listingPage(await list(cluster, read), query)
  },
})
