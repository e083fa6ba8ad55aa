import { type Explanation, explain } from '@gatehouse/kubernetes'
import { Page } from '@gatehouse/tools'
import { z } from 'zod'
import * as input from '../../schemas/input.ts'
import { target } from '../../schemas/output.ts'
import { defineTool } from '../../tool.ts'

const field = z.object({
  name: z.string(),
  type: z.string(),
  required: z.boolean().optional(),
  description: z.string(),
})

const output = z.object({
  target,
  kind: z.string(),
  apiVersion: z.string(),
  field: z.string(),
  type: z.string(),
  required: z.boolean().optional(),
  description: z.string(),
  enum: z.array(z.string()).optional(),
  default: z.string().optional(),
  limits: z.string().optional(),
  total: z.int(),
  shown: z.int(),
  fields: z.array(field),
})

export const explainResource = defineTool({
  name: 'infra.k8s.cluster.explainResource',
  title: 'Cluster: explain a kind',
  description: "Field documentation from the cluster's own OpenAPI",
  risk: 'read',
  untrusted: true,
  input: z.object({
    context: input.context,
    kind: input.kind,
    field: z.string().max(500).optional().describe('spec.template.spec'),
    apiVersion: input.apiVersion,
    maxTokens: input.maxTokens,
  }),
  output,
  examples: [
    {
      title: 'Resources of a container',
      input: { kind: 'Deployment', field: 'spec.template.spec.containers.resources' },
    },
  ],
  summarize: explanationText,
  run: async (query, { signal }, { clusters }) =>
    fieldsThatFit(await explain(clusters.cluster(query.context), { ...query, signal })),
})

function fieldsThatFit({ fields, ...rest }: Explanation): Page<z.input<typeof output>> {
  return new Page(fields, ({ length }) => ({
    ...rest,
    total: fields.length,
    shown: length,
    fields: fields.slice(0, length),
  }))
}

function explanationText(reply: z.output<typeof output>): string {
  const path = [reply.kind, ...(reply.field ? [reply.field] : [])].join('.')
  const facts = [
    reply.required ? 'required' : '',
    reply.enum ? `one of ${reply.enum.join(', ')}` : '',
    reply.default ? `default ${reply.default}` : '',
    reply.limits ?? '',
  ].filter(Boolean)
  const head = `context ${reply.target.context}; ${path} (${reply.apiVersion}): ${[reply.type, ...facts].join('; ')}`
  const rows = reply.fields.map(
    (one) =>
      `${one.name} <${one.type}>${one.required ? ' required' : ''}${one.description ? `: ${one.description}` : ''}`,
  )
  const count = reply.total > 0 ? `\n${reply.shown} of ${reply.total} fields shown` : '\nno fields below'
  return [head, reply.description, ...rows].join('\n') + count
}
