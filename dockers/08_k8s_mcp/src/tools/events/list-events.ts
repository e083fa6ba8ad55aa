import { events } from '@gatehouse/kubernetes'
import { z } from 'zod'
import { listingPage, listingText, snapshotOf } from '../../listing.ts'
import * as input from '../../schemas/input.ts'
import { listing } from '../../schemas/output.ts'
import { defineTool } from '../../tool.ts'

export const listEvents = defineTool({
  name: 'infra.k8s.events.listEvents',
  title: 'Events: list',
  description: 'Events, alike ones merged; warnings and newest first',
  risk: 'read',
  essential: true,
  untrusted: true,
  budget: 2000,
  input: z.object({
    context: input.context,
    namespace: input.namespace,
    allNamespaces: input.allNamespaces,
    involvedObject: z.string().min(1).max(300).describe('kind/name').optional(),
    types: z
      .array(z.enum(['Normal', 'Warning']))
      .max(2)
      .optional(),
    since: z.string().max(20).describe('30m').optional(),
    limit: input.limit,
    continue: input.cursor,
    maxTokens: input.maxTokens,
  }),
  output: listing,
  examples: [
    { title: 'Warnings of the last half hour', input: { types: ['Warning'], since: '30m' } },
    { title: 'Events of one pod', input: { namespace: 'shop', involvedObject: 'pod/web-1' } },
  ],
  summarize: listingText,
  run: async (query, { signal }, { clusters }) => {
    const cluster = clusters.cluster(query.context)
    return listingPage(await events(cluster, { ...query, ...snapshotOf(query), signal }), query)
  },
})
