import { getPod as read } from '@gatehouse/kubernetes'
import { z } from 'zod'
import { podReply, podText } from '../../description.ts'
import * as input from '../../schemas/input.ts'
import { defineTool } from '../../tool.ts'

export const getPod = defineTool({
  name: 'infra.k8s.pods.getPod',
  title: 'Pods: get',
  description: 'One pod as YAML, or explained',
  risk: 'read',
  untrusted: true,
  input: z.object({
    context: input.context,
    name: input.name,
    namespace: input.namespace,
    format: z.enum(['yaml', 'describe']).optional(),
    maxTokens: input.maxTokens,
  }),
  output: podReply,
  examples: [
    { title: 'A pod as YAML', input: { name: 'web-0', namespace: 'shop' } },
    { title: 'What is wrong with a pod', input: { name: 'web-0', namespace: 'shop', format: 'describe' } },
  ],
  rest: { method: 'GET', path: '/cluster/pod/{namespace}/{name}' },
  summarize: podText,
  run: (query, { signal, maxTokens }, { clusters }) =>
    read(clusters.cluster(query.context), { ...query, signal, maxTokens }),
})
