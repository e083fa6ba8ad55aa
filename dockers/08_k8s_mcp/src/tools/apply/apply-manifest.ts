import { parseManifest } from '@gatehouse/kubernetes'
import { z } from 'zod'
import * as input from '../../schemas/input.ts'
import { claimOf, defineProposal } from '../../tool.ts'

export const applyManifest = defineProposal({
  name: 'infra.k8s.apply.applyManifest',
  title: 'Apply: manifest',
  description: 'Asks to apply YAML, all documents or none approved; diffManifest shows it first',
  risk: 'write',
  essential: true,
  input: z.object({
    context: input.context,
    yamlContent: z.string().min(1),
    namespace: input.namespace,
    reason: input.reason,
  }),
  examples: [
    {
      title: 'A ConfigMap',
      input: {
        namespace: 'shop',
        yamlContent: 'apiVersion: v1\nkind: ConfigMap\nmetadata: { name: flags }\ndata: { beta: "on" }\n',
      },
    },
  ],
  rest: { method: 'POST', path: '/cluster/apply', textBody: 'yamlContent' },
  propose: ({ context, yamlContent, namespace, reason }) => ({
    operations: parseManifest(yamlContent).map((document) => ({
      type: 'apply' as const,
      target: {
        context,
        apiVersion: document.apiVersion,
        kind: document.kind,
        namespace: document.namespace ?? namespace,
        name: document.name,
      },
      object: document.object,
    })),
    ...claimOf(reason),
  }),
})
