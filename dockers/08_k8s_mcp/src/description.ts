import type { Target } from '@gatehouse/kubernetes'
import { toTable, toYaml } from '@gatehouse/tools'
import { z } from 'zod'
import { target } from './schemas/output.ts'

const related = z.object({ kind: z.string(), name: z.string(), state: z.string().optional() })

/** One object explained, findings first. */
export const description = z.object({
  target,
  apiVersion: z.string(),
  kind: z.string(),
  name: z.string(),
  age: z.string(),
  findings: z.array(z.string()),
  facts: z.record(z.string(), z.unknown()),
  conditions: z.array(
    z.object({
      type: z.string(),
      status: z.string(),
      since: z.string().optional(),
      reason: z.string().optional(),
      message: z.string().optional(),
    }),
  ),
  owners: z.array(related),
  dependents: z.array(related),
  events: z.array(
    z.object({
      type: z.string(),
      reason: z.string(),
      count: z.int(),
      last: z.string(),
      message: z.string(),
      object: z.string().optional(),
    }),
  ),
  note: z.string().optional(),
})
export type DescriptionReply = z.infer<typeof description>

/** One object as it is, shortened. */
export const wholeObject = z.object({
  target,
  object: z.record(z.string(), z.unknown()),
  note: z.string().optional(),
})
export type ObjectReply = z.infer<typeof wholeObject>

/** Either of the two: `format` decides. */
export const podReply = description.partial().extend({ target, object: wholeObject.shape.object.optional() })
export type PodReply = z.infer<typeof podReply>

export function podText(reply: PodReply): string {
  const whole = wholeObject.safeParse(reply)
  return whole.success ? objectText(whole.data) : descriptionText(description.parse(reply))
}

/** Findings before everything else: whoever reads only the first lines has the answer. */
export function descriptionText(reply: DescriptionReply): string {
  const { kind, name, apiVersion, findings, facts, conditions, owners, dependents, events } = reply
  const of = owners.length > 0 ? `, of ${owners.map((one) => relatedText(one)).join(' of ')}` : ''
  return [
    targetLine(reply.target),
    `${kind} ${name} (${apiVersion}), ${reply.age} old${of}`,
    findings.length > 0
      ? `findings:\n${findings.map((one) => `- ${one}`).join('\n')}`
      : 'findings: none, nothing wrong was seen',
    ...(Object.keys(facts).length > 0 ? [toYaml(facts).trimEnd()] : []),
    ...(conditions.length > 0 ? [`conditions:\n${conditions.map(conditionText).join('\n')}`] : []),
    ...(dependents.length > 0
      ? [`dependents:\n${dependents.map((one) => `- ${relatedText(one)}`).join('\n')}`]
      : []),
    events.length > 0 ? `events:\n${toTable(events, EVENT_COLUMNS)}` : 'events: none found',
    ...(reply.note ? [`note: ${reply.note}`] : []),
  ].join('\n')
}

/** The object as YAML below the line that says where it is. */
export function objectText(reply: ObjectReply): string {
  const note = reply.note ? `\nnote: ${reply.note}` : ''
  return `${targetLine(reply.target)}; without managedFields and server defaults\n${toYaml(reply.object).trimEnd()}${note}`
}

export function targetLine({ context, namespace, identity }: Target): string {
  return `context ${context}${namespace ? `, namespace ${namespace}` : ''}, as ${identity}`
}

const EVENT_COLUMNS = ['type', 'count', 'last', 'reason', 'object', 'message']

function relatedText({
  kind,
  name,
  state,
}: {
  kind: string
  name: string
  state?: string | undefined
}): string {
  return `${kind} ${name}${state ? `: ${state}` : ''}`
}

function conditionText({
  type,
  status,
  since,
  reason,
  message,
}: DescriptionReply['conditions'][number]): string {
  const why = [reason, message].filter(Boolean).join(': ')
  return `- ${type} ${status}${since ? ` since ${since}` : ''}${why ? `, ${why}` : ''}`
}
