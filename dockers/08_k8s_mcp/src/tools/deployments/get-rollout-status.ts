import { type Rollout, rolloutStatus } from '@gatehouse/kubernetes'
import { Page } from '@gatehouse/tools'
import { z } from 'zod'
import { changeText, fieldChange } from '../../field-changes.ts'
import * as input from '../../schemas/input.ts'
import { target } from '../../schemas/output.ts'
import { defineTool } from '../../tool.ts'

const condition = z.object({
  type: z.string(),
  status: z.string(),
  reason: z.string(),
  message: z.string(),
  age: z.string(),
})

const event = z.object({
  type: z.string(),
  reason: z.string(),
  count: z.int(),
  last: z.string(),
  message: z.string(),
  object: z.string().optional(),
})

const revision = z.object({
  revision: z.int(),
  current: z.boolean(),
  replicaSet: z.string(),
  replicas: z.string(),
  age: z.string(),
  images: z.array(z.string()),
  changeCause: z.string().optional(),
  differs: z.array(fieldChange),
  more: z.int().optional(),
})

const output = z.object({
  target,
  name: z.string(),
  state: z.enum(['complete', 'progressing', 'stuck', 'paused', 'degraded']),
  summary: z.string(),
  replicas: z.object({
    wanted: z.int(),
    created: z.int(),
    updated: z.int(),
    ready: z.int(),
    available: z.int(),
  }),
  conditions: z.array(condition),
  blocks: z.array(z.string()),
  events: z.array(event),
  total: z.int(),
  shown: z.int(),
  /** Newest first; `differs` goes from the revision to the current one. */
  revisions: z.array(revision),
  note: z.string().optional(),
})

export const getRolloutStatus = defineTool({
  name: 'infra.k8s.deployments.getRolloutStatus',
  title: 'Deployments: rollout status',
  description: 'Complete or what blocks it, and how its revisions differ',
  risk: 'read',
  essential: true,
  untrusted: true,
  input: z.object({
    context: input.context,
    namespace: input.namespace,
    name: input.name,
    maxTokens: input.maxTokens,
  }),
  output,
  examples: [{ title: 'Why a deployment is not ready', input: { name: 'frontend', namespace: 'shop' } }],
  summarize: rolloutText,
  run: async (query, { signal }, { clusters }) =>
    revisionsThatFit(await rolloutStatus(clusters.cluster(query.context), { ...query, signal })),
})

function revisionsThatFit({ revisions, ...rest }: Rollout): Page<z.input<typeof output>> {
  return new Page(revisions, ({ length }) => ({
    ...rest,
    total: revisions.length,
    shown: length,
    revisions: revisions.slice(0, length),
  }))
}

function rolloutText(reply: z.output<typeof output>): string {
  const { target, replicas, note } = reply
  const section = (title: string, lines: string[]) => (lines.length > 0 ? [`${title}:`, ...lines] : [])
  return [
    `context ${target.context}, namespace ${target.namespace}, as ${target.identity}`,
    `deployment ${reply.name}: ${reply.state}, ${reply.summary}`,
    `replicas: ${Object.entries(replicas)
      .map(([key, number]) => `${number} ${key}`)
      .join(', ')}`,
    ...section(
      'conditions',
      reply.conditions.map((one) => `${one.type}=${one.status} ${one.reason} (${one.age}): ${one.message}`),
    ),
    ...section('blocks', reply.blocks),
    ...section(
      'events',
      reply.events.map(
        (one) => `${one.count}x ${one.reason} ${one.object ?? ''} (last ${one.last} ago): ${one.message}`,
      ),
    ),
    ...section(
      `revisions (${reply.shown} of ${reply.total} shown, differences are that revision → current)`,
      reply.revisions.flatMap(revisionLines),
    ),
    ...(reply.total === 0 ? ['revisions: none found'] : []),
    ...(note ? [`note: ${note}`] : []),
  ].join('\n')
}

function revisionLines(one: z.output<typeof revision>): string[] {
  const cause = one.changeCause ? `, cause: ${one.changeCause}` : ''
  const head = `${one.revision}${one.current ? ' (current)' : ''} ${one.replicaSet} ${one.replicas} ready, ${one.age} old, ${one.images.join(', ')}${cause}`
  const same = !one.current && one.differs.length === 0 ? ['  same pod template as the current one'] : []
  const more = one.more ? [`  and ${one.more} more differences`] : []
  return [head, ...same, ...one.differs.map((change) => `  ${changeText(change)}`), ...more]
}
