import { list } from '@gatehouse/kubernetes'
import { z } from 'zod'
import { listingPage, listingText, snapshotOf } from '../../listing.ts'
import * as input from '../../schemas/input.ts'
import { listing } from '../../schemas/output.ts'
import { defineTool } from '../../tool.ts'

export const listDeployments = defineTool({
  name: 'infra.k8s.deployments.listDeployments',
  title: 'Deployments: list',
  description: 'Deployments with ready replicas; unhealthy first',
  risk: 'read',
  untrusted: true,
  budget: 2000,
  input: z.object(input.namespacedList),
  output: listing,
  examples: [{ title: 'Deployments of one namespace', input: { namespace: 'shop' } }],
  rest: {
    method: 'GET',
    path: '/cluster/deployments',
    defaults: { unless: 'namespace', input: { allNamespaces: true } },
  },
  summarize: listingText,
  run: async (query, { signal }, { clusters }) => {
    const cluster = clusters.cluster(query.context)
    const read = { ...query, ...snapshotOf(query), kind: 'deployments', signal }
    return listingPage(await list(cluster, read), query)
  },
})
