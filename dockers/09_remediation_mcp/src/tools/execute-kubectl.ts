import { answerRead, parseKubectl, prepareWrites } from '@gatehouse/operations'
import { pending, pendingText } from '@gatehouse/tools'
import { z } from 'zod'
import { defineTool } from '../tool.ts'

// A read answers with its output, a change with the shape of everything that waits for a person.
const output = z.object({ output: z.string().optional(), ...pending.partial().shape })

export const executeKubectl = defineTool({
  name: 'execute_kubectl',
  title: 'Run a kubectl command',
  description: 'Answers a kubectl read at once; asks a person to approve a change',
  risk: 'destructive',
  proposes: true,
  untrusted: true,
  input: z.object({
    command: z.string().min(1).max(4_000),
    namespace: z.string().max(63).optional(),
    stdin: z.string().max(524_288).optional().describe('manifest for apply -f -'),
  }),
  output,
  examples: [
    { title: 'What runs', input: { command: 'kubectl get pods', namespace: 'shop' } },
    { title: 'A change', input: { command: 'kubectl scale deployment web --replicas=5 -n shop' } },
  ],
  summarize: (reply) =>
    reply.state === 'pending' ? pendingText(pending.parse(reply)) : (reply.output ?? ''),
  run: async ({ command, namespace, stdin }, context, { clusters, approvals }) => {
    const { caller, correlationId, signal, maxTokens } = context
    const parsed = parseKubectl(command, { namespace, stdin })
    if ('read' in parsed) return { output: await answerRead(parsed.read, clusters, { signal, maxTokens }) }
    const tool = 'execute_kubectl'
    const operations = await prepareWrites(parsed, clusters, signal)
    return approvals.submit({ operations }, { tool, caller, correlationId, signal })
  },
})
