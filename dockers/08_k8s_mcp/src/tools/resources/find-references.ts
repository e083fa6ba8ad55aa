import { references } from '@gatehouse/kubernetes'
import { z } from 'zod'
import { referenceList, referencesPage, referencesText } from '../../references.ts'
import * as input from '../../schemas/input.ts'
import { defineTool } from '../../tool.ts'

export const findReferences = defineTool({
  name: 'infra.k8s.resources.findReferences',
  title: 'Resources: find references',
  description:
    'Who uses an object: workloads (and which containers), Services, Ingresses, owners, autoscalers',
  risk: 'read',
  untrusted: true,
  essential: true,
  budget: 2000,
  input: z.object(input.oneObject),
  output: referenceList,
  examples: [
    { title: 'Who uses a ConfigMap', input: { kind: 'ConfigMap', name: 'frontend', namespace: 'shop' } },
    { title: 'What runs on a node', input: { kind: 'Node', name: 'node-1' } },
  ],
  summarize: referencesText,
  run: async (query, { signal }, { clusters }) =>
    referencesPage(await references(clusters.cluster(query.context), { ...query, signal })),
})
