import { get } from '@gatehouse/kubernetes'
import { z } from 'zod'
import { objectText, wholeObject } from '../../description.ts'
import * as input from '../../schemas/input.ts'
import { defineTool } from '../../tool.ts'

export const getResource = defineTool({
  name: 'infra.k8s.resources.getResource',
  title: 'Resources: get',
  description: 'One object of any kind as YAML; secrets as digests',
  risk: 'read',
  essential: true,
  untrusted: true,
  input: z.object(input.oneObject),
  output: wholeObject,
  examples: [
    { title: 'A Deployment', input: { kind: 'Deployment', name: 'frontend', namespace: 'shop' } },
    {
      title: 'Keys, sizes and digests of a Secret',
      input: { kind: 'secret', name: 'payment-api', namespace: 'shop' },
    },
  ],
  summarize: objectText,
  run: (query, { signal, maxTokens }, { clusters }) =>
    get(clusters.cluster(query.context), { ...query, signal, maxTokens }),
})
