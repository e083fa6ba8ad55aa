import { type ManifestDiff, diffManifest as read } from '@gatehouse/kubernetes'
import { Page } from '@gatehouse/tools'
import { z } from 'zod'
import { changeText, fieldChange } from '../../field-changes.ts'
import * as input from '../../schemas/input.ts'
import { target } from '../../schemas/output.ts'
import { defineTool } from '../../tool.ts'

const document = z.object({
  document: z.int(),
  object: z.string(),
  action: z.enum(['create', 'change', 'unchanged', 'refused']),
  refused: z.string().optional(),
  conflicts: z.array(z.object({ manager: z.string(), field: z.string() })).optional(),
  unknownFields: z.array(z.string()).optional(),
  warnings: z.array(z.string()).optional(),
  changes: z.array(fieldChange),
})

const output = z.object({
  target,
  /** Field changes in all, and those in this reply. */
  total: z.int(),
  shown: z.int(),
  documents: z.array(document),
})

export const diffManifest = defineTool({
  name: 'infra.k8s.apply.diffManifest',
  title: 'Manifest: differences',
  description: 'What applying YAML would change; changes nothing',
  risk: 'read',
  untrusted: true,
  input: z.object({
    context: input.context,
    namespace: input.namespace,
    yamlContent: z.string().min(1).max(1_048_576),
    maxTokens: input.maxTokens,
  }),
  output,
  examples: [
    {
      title: 'What a new setting would change',
      input: {
        namespace: 'shop',
        yamlContent: 'apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: frontend\ndata:\n  theme: summer\n',
      },
    },
  ],
  summarize: diffText,
  run: async (query, { signal }, { clusters }) =>
    changesThatFit(await read(clusters.cluster(query.context), { ...query, signal })),
})

// Every document stays in the reply; the rows that the budget may drop are the fields.
function changesThatFit({ target, documents }: ManifestDiff): Page<z.input<typeof output>> {
  const all = documents.flatMap(({ document, changes }) => changes.map((change) => ({ document, change })))
  return new Page(all, ({ length }) => {
    const kept = all.slice(0, length)
    return {
      target,
      total: all.length,
      shown: length,
      documents: documents.map((one) => ({
        ...one,
        changes: kept.filter(({ document }) => document === one.document).map(({ change }) => change),
      })),
    }
  })
}

function diffText(reply: z.output<typeof output>): string {
  const { context, namespace, identity } = reply.target
  const head = `context ${context}, namespace ${namespace}, as ${identity}; dry run, nothing was changed`
  const count = reply.total > 0 ? [`${reply.shown} of ${reply.total} fields shown`] : []
  return [head, ...reply.documents.flatMap(documentLines), ...count].join('\n')
}

function documentLines(one: z.output<typeof document>): string[] {
  return [
    `${one.document}. ${one.object}: ${one.action}${one.refused ? `, ${one.refused}` : ''}`,
    ...(one.conflicts ?? []).map(
      (conflict) => `   conflict: ${conflict.field} belongs to ${conflict.manager}`,
    ),
    ...(one.warnings ?? []).map((warning) => `   warning: ${warning}`),
    ...one.changes.map((change) => `   ${changeText(change)}`),
  ]
}
