import { services } from '@gatehouse/kubernetes'
import { z } from 'zod'
import { listingPage, listingText, snapshotOf } from '../../listing.ts'
import * as input from '../../schemas/input.ts'
import { listing } from '../../schemas/output.ts'
import { defineTool } from '../../tool.ts'

export const listServices = defineTool({
  name: 'infra.k8s.services.listServices',
  title: 'Services: list',
  description: 'Services with ready/total endpoints; broken first',
  risk: 'read',
  untrusted: true,
  budget: 2000,
  input: z.object(input.namespacedList),
  output: listing,
  examples: [{ title: 'Services of one namespace', input: { namespace: 'shop' } }],
  rest: {
    method: 'GET',
    path: '/cluster/services',
    defaults: { unless: 'namespace', input: { allNamespaces: true } },
  },
  summarize: listingText,
  run: async (query, { signal }, { clusters }) => {
    const cluster = clusters.cluster(query.context)
    return listingPage(await services(cluster, { ...query, ...snapshotOf(query), signal }), query)
  },
})
