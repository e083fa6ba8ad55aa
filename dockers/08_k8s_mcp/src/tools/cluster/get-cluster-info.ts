import { clusterInfo } from '@gatehouse/kubernetes'
import { z } from 'zod'
import * as input from '../../schemas/input.ts'
import { target } from '../../schemas/output.ts'
import { defineTool } from '../../tool.ts'

export const getClusterInfo = defineTool({
  name: 'infra.k8s.cluster.getClusterInfo',
  title: 'Cluster: overview',
  description: 'Version, health, node and pod counts, API groups',
  risk: 'read',
  input: z.object({ context: input.context }),
  output: z.object({
    target,
    server: z.string(),
    version: z.string().optional(),
    platform: z.string().optional(),
    nodes: z.object({ total: z.int(), notReady: z.array(z.string()) }).optional(),
    pods: z.int().optional(),
    livez: z.string(),
    readyz: z.string(),
    apiGroups: z.array(z.string()).optional(),
    note: z.string().optional(),
  }),
  examples: [{ title: 'Is the cluster well', input: {} }],
  rest: { method: 'GET', path: '/cluster' },
  run: async (query, { signal }, { clusters }) => clusterInfo(clusters.cluster(query.context), { signal }),
})
