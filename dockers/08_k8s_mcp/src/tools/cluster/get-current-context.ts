import { currentContext } from '@gatehouse/kubernetes'
import { z } from 'zod'
import * as input from '../../schemas/input.ts'
import { target } from '../../schemas/output.ts'
import { defineTool } from '../../tool.ts'

export const getCurrentContext = defineTool({
  name: 'infra.k8s.cluster.getCurrentContext',
  title: 'Context: current',
  description: 'Where calls go, and as whom',
  risk: 'read',
  input: z.object({ context: input.context }),
  output: z.object({
    target,
    name: z.string(),
    cluster: z.string(),
    server: z.string(),
    namespace: z.string(),
    identity: z.string(),
    username: z.string().optional(),
    groups: z.array(z.string()).optional(),
    note: z.string().optional(),
  }),
  examples: [{ title: 'Who am I, and where', input: {} }],
  run: async (query, { signal }, { clusters }) => currentContext(clusters, { ...query, signal }),
})
