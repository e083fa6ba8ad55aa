import { z } from 'zod'
import * as input from '../../schemas/input.ts'
import { claimOf, defineProposal } from '../../tool.ts'

export const execInPod = defineProposal({
  name: 'infra.k8s.pods.execInPod',
  title: 'Pods: exec',
  description: 'Asks to run one program in a container; an argument list, no shell',
  risk: 'destructive',
  input: z.object({
    context: input.context,
    namespace: input.namespace,
    name: input.name,
    container: z.string().min(1).max(253).optional(),
    command: z.array(z.string().max(4_000)).min(1).max(100),
    timeoutSeconds: z.int().min(1).max(60).optional(),
    reason: input.reason,
  }),
  examples: [
    {
      title: 'Who answers',
      input: { name: 'web-0', namespace: 'shop', command: ['cat', '/etc/resolv.conf'] },
    },
  ],
  rest: { method: 'POST', path: '/cluster/pod/{namespace}/{name}/exec' },
  propose: ({ context, namespace, name, container, command, timeoutSeconds, reason }) => ({
    operations: [
      {
        type: 'exec',
        target: { context, apiVersion: 'v1', kind: 'Pod', namespace, name },
        container,
        command,
        timeoutSeconds,
      },
    ],
    ...claimOf(reason),
  }),
})
