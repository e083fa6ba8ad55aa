import { describe } from '@gatehouse/kubernetes'
import { z } from 'zod'
import { description, descriptionText } from '../../description.ts'
import * as input from '../../schemas/input.ts'
import { defineTool } from '../../tool.ts'

export const describeResource = defineTool({
  name: 'infra.k8s.resources.describeResource',
  title: 'Resources: describe',
  description: 'Explains one object: what is wrong and why, state, events, owners, dependents; start here',
  risk: 'read',
  essential: true,
  untrusted: true,
  input: z.object(input.oneObject),
  output: description,
  examples: [
    {
      title: 'Why a Service refuses connections',
      input: { kind: 'Service', name: 'catalog', namespace: 'shop' },
    },
    {
      title: 'Why replicas are missing',
      input: { kind: 'Deployment', name: 'importer', namespace: 'imports' },
    },
  ],
  rest: { method: 'GET', path: '/cluster/describe/{kind}/{name}' },
  summarize: descriptionText,
  run: (query, { signal, maxTokens }, { clusters }) =>
    describe(clusters.cluster(query.context), { ...query, signal, maxTokens }),
})
