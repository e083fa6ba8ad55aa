import { list } from '@gatehouse/kubernetes'
import { z } from 'zod'
import { listingPage, listingText, snapshotOf } from '../../listing.ts'
import * as input from '../../schemas/input.ts'
import { listing } from '../../schemas/output.ts'
import { defineTool } from '../../tool.ts'

const COLUMNS = ['name', 'ready', 'status', 'restarts', 'age', 'node']

export const listPods = defineTool({
  name: 'infra.k8s.pods.listPods',
  title: 'Pods: list',
  description: 'Pods with status, restarts and node; counts first, unhealthy first',
  risk: 'read',
  essential: ['columns', 'where', 'groupBy', 'sort', 'top', 'fieldSelector'],
  untrusted: true,
  budget: 2000,
  input: z.object({
    context: input.context,
    namespace: input.namespace,
    allNamespaces: input.allNamespaces,
    labelSelector: input.labelSelector,
    fieldSelector: input.fieldSelector,
    ...input.projection,
    limit: input.limit,
    continue: input.cursor,
    maxTokens: input.maxTokens,
  }),
  output: listing,
  examples: [
    { title: 'Pods of one namespace', input: { namespace: 'shop' } },
    {
      title: 'Pods everywhere that do not run',
      input: { allNamespaces: true, fieldSelector: 'status.phase!=Running' },
    },
  ],
  rest: {
    method: 'GET',
    path: '/cluster/pods',
    defaults: { unless: 'namespace', input: { allNamespaces: true } },
  },
  summarize: listingText,
  run: async (query, { signal }, { clusters }) => {
    const cluster = clusters.cluster(query.context)
    const read = { ...query, ...snapshotOf(query), kind: 'pods', usually: COLUMNS, signal }
    return listingPage(await list(cluster, read), query)
  },
})
