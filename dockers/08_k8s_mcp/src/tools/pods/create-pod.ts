import { z } from 'zod'
import * as input from '../../schemas/input.ts'
import { claimOf, defineProposal } from '../../tool.ts'

export const createPod = defineProposal({
  name: 'infra.k8s.pods.createPod',
  title: 'Pods: create',
  description: 'Asks to create one pod with one container',
  risk: 'write',
  input: z.object({
    context: input.context,
    namespace: input.namespace,
    name: input.name,
    image: z.string().min(1).max(500),
    command: z.array(z.string().max(4_000)).max(100).optional(),
    env: z.record(z.string().max(253), z.string().max(4_000)).optional(),
    labels: z.record(z.string().max(317), z.string().max(63)).optional(),
    ports: z.array(z.int().min(1).max(65_535)).max(50).optional(),
    reason: input.reason,
  }),
  examples: [
    {
      title: 'A shell to look around',
      input: { namespace: 'shop', name: 'debug', image: 'busybox:1.37', command: ['sleep', '3600'] },
    },
  ],
  rest: { method: 'POST', path: '/cluster/create/pod' },
  propose: ({ context, namespace, name, image, command, env, labels, ports, reason }) => ({
    operations: [
      {
        type: 'create',
        target: { context, apiVersion: 'v1', kind: 'Pod', namespace, name },
        object: {
          apiVersion: 'v1',
          kind: 'Pod',
          metadata: { name, ...(labels && { labels }) },
          spec: {
            containers: [
              {
                name,
                image,
                ...(command && { command }),
                ...(env && { env: Object.entries(env).map(([key, value]) => ({ name: key, value })) }),
                ...(ports && { ports: ports.map((containerPort) => ({ containerPort })) }),
              },
            ],
          },
        },
      },
    ],
    ...claimOf(reason),
  }),
})
