import { contexts } from '@gatehouse/kubernetes'
import { Page, toTable } from '@gatehouse/tools'
import { z } from 'zod'
import * as input from '../../schemas/input.ts'
import { defineTool } from '../../tool.ts'

const entry = z.object({
  name: z.string(),
  cluster: z.string(),
  namespace: z.string(),
  identity: z.string(),
  current: z.boolean(),
})

export const getContexts = defineTool({
  name: 'infra.k8s.cluster.getContexts',
  title: 'Contexts: list',
  description: 'Contexts of the kubeconfig, current one first',
  risk: 'read',
  input: z.object({ maxTokens: input.maxTokens }),
  output: z.object({ total: z.int(), shown: z.int(), contexts: z.array(entry) }),
  examples: [{ title: 'Which clusters there are', input: {} }],
  rest: { method: 'GET', path: '/cluster/contexts' },
  summarize: ({ contexts, shown, total }) =>
    `${toTable(contexts.map((one) => ({ ...one, current: one.current ? '*' : '' })))}\n${shown} of ${total} shown`,
  run: async (_query, _context, { clusters }) => {
    const all = contexts(clusters)
    return new Page(all, (shown) => ({
      total: all.length,
      shown: shown.length,
      contexts: all.slice(0, shown.length),
    }))
  },
})
