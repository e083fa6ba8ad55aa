import { GatehouseError } from '@gatehouse/errors'
import { pending, pendingText } from '@gatehouse/tools'
import { z } from 'zod'
import { gateAs, intentOf } from '../intent.ts'
import * as schema from '../schemas.ts'
import { defineTool } from '../tool.ts'

// Where an operator approves, the answer has besides what every change that waits for a person answers.
const output = z.object({
  ...pending.partial().shape,
  target: schema.target,
  state: z.enum(['deleted', 'deleting', 'pending']),
  kind: z.string(),
  apiVersion: z.string(),
  name: z.string(),
  uid: z.string().optional(),
  approval: z.enum(['argument', 'operator']),
})

export const k8sDelete = defineTool({
  name: 'k8s_delete',
  title: 'Delete one object',
  description: 'Deletes exactly one namespaced object; refused unless approved is true',
  risk: 'destructive',
  // Later than the deleter's patience: a deadline says "try again", and after a deletion that is bad advice.
  deadlineMs: 90_000,
  input: z.object({
    kind: schema.kind,
    apiVersion: schema.apiVersion,
    name: schema.name,
    namespace: schema.namespace,
    approved: z.boolean().optional().describe('true only after a person agreed'),
  }),
  output,
  examples: [{ title: 'One pod', input: { kind: 'Pod', name: 'web-0', namespace: 'shop', approved: true } }],
  gate: (input) => {
    if (input.approved !== true) {
      throw new GatehouseError('BLOCKED_BY_POLICY', 'approved: a deletion needs approved: true', {
        hint: 'Ask the person first, then repeat the call with approved: true; nothing was sent',
      })
    }
    gateAs('delete')(input)
  },
  summarize: (reply) => {
    const { target, state, kind, name, uid } = reply
    if (state === 'pending') return pendingText(pending.parse(reply))
    const ended = `${kind} ${name} ${state}${uid ? `, uid ${uid}` : ''}; approved by argument`
    return `${schema.targetLine(target)}\n${ended}`
  },
  run: async (input, { signal, caller, correlationId }, { locate, deleter, operator }) => {
    const { cluster, resource } = await locate(intentOf('delete', input), signal)
    const { namespace, name } = input
    const { kind, apiVersion } = resource
    if (operator) {
      const target = { context: cluster.context, apiVersion, kind, namespace, name }
      const context = { tool: 'k8s_delete', caller, correlationId, signal }
      const asked = await operator.submit({ operations: [{ type: 'delete', target }] }, context)
      return { ...asked, kind, apiVersion, name, approval: 'operator' as const }
    }
    const { state, uid } = await deleter.deleteOnce({ cluster, resource, namespace, name }, signal)
    return {
      target: cluster.target(namespace),
      state,
      kind,
      apiVersion,
      name,
      ...(uid && { uid }),
      approval: 'argument' as const,
    }
  },
})
