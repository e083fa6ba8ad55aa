import { cutToFit, getObject, omittedNote } from '@gatehouse/kubernetes/single'
import { z } from 'zod'
import { refuseAboutBlocked } from '../about-blocked.ts'
import { gateAs, intentOf } from '../intent.ts'
import * as schema from '../schemas.ts'
import { defineTool } from '../tool.ts'

// The rest is for the target and what is said about omitted fields.
const SHARE = 0.85

export const k8sGet = defineTool({
  name: 'k8s_get',
  title: 'Get one object',
  description: 'One object: the fields its kind may show, sanitized',
  risk: 'read',
  untrusted: true,
  input: z.object({
    kind: schema.kind,
    apiVersion: schema.apiVersion,
    name: schema.name,
    namespace: schema.namespace,
  }),
  output: z.object({
    target: schema.target,
    object: z.record(z.string(), z.unknown()),
    /** Fields that are there and may not be shown. */
    hidden: z.array(z.string()).optional(),
    note: z.string().optional(),
  }),
  examples: [
    { title: 'A deployment', input: { kind: 'Deployment', name: 'web', namespace: 'shop' } },
    {
      title: 'A custom resource',
      input: { kind: 'Certificate', apiVersion: 'cert-manager.io/v1', name: 'web', namespace: 'shop' },
    },
  ],
  gate: gateAs('get'),
  run: async (input, { signal, maxTokens }, { locate, fields }) => {
    const { cluster, resource } = await locate(intentOf('get', input), signal)
    const object = await getObject(cluster, resource, input.namespace, input.name, signal)
    refuseAboutBlocked(resource, object)
    const { shown, hidden } = fields.apply(resource, object)
    const { kept, omitted } = cutToFit(shown, maxTokens * SHARE)
    return {
      target: cluster.target(input.namespace),
      object: kept,
      ...(hidden.length > 0 && { hidden }),
      ...(omitted.length > 0 && { note: omittedNote(omitted, 'no parameter shows more') }),
    }
  },
})
