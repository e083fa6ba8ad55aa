import { list } from '@gatehouse/kubernetes'
import { z } from 'zod'
import { listingPage, listingText, snapshotOf } from '../../listing.ts'
import * as input from '../../schemas/input.ts'
import { listing } from '../../schemas/output.ts'
import { defineTool } from '../../tool.ts'

const { columns, where, groupBy, sort, top } = input.projection

export const listResources = defineTool({
  name: 'infra.k8s.resources.listResources',
  title: 'Resources: list, project, count',
  description: 'Any kind, CRDs too: rows, chosen fields, or counts',
  risk: 'read',
  essential: ['fieldSelector'],
  untrusted: true,
  budget: 2000,
  input: z.object({
    context: input.context,
    kind: input.kind,
    apiVersion: input.apiVersion,
    namespace: input.namespace,
    allNamespaces: input.allNamespaces,
    labelSelector: input.labelSelector,
    fieldSelector: input.fieldSelector,
    columns: columns.describe('printed columns, images, owner, labels, or paths: spec.nodeName'),
    where: where.describe("CEL: restarts > 5 && status != 'Running'"),
    groupBy: groupBy.describe('count by columns'),
    sort: sort.describe('-restarts,name'),
    top,
    limit: input.limit,
    continue: input.cursor,
    maxTokens: input.maxTokens,
  }),
  output: listing,
  examples: [
    { title: 'Images in a namespace and how many pods each', input: { kind: 'pods', groupBy: ['images'] } },
    {
      title: 'Which node runs the most pods',
      input: { kind: 'pods', allNamespaces: true, groupBy: ['node'], top: 1 },
    },
    {
      title: 'Pods that restart, worst first',
      input: {
        kind: 'pods',
        where: 'restarts > 5',
        columns: ['name', 'restarts', 'images'],
        sort: '-restarts',
      },
    },
    {
      title: 'Deployments without a memory limit',
      input: {
        kind: 'deploy',
        where:
          '!spec.template.spec.containers.all(c, has(c.resources.limits) && "memory" in c.resources.limits)',
      },
    },
  ],
  summarize: listingText,
  run: async (query, { signal }, { clusters }) => {
    const cluster = clusters.cluster(query.context)
    return listingPage(await list(cluster, { ...query, ...snapshotOf(query), signal }), query)
  },
})
