import { logs, type PodLog } from '@gatehouse/kubernetes'
import { Page } from '@gatehouse/tools'
import { z } from 'zod'
import * as input from '../../schemas/input.ts'
import { target } from '../../schemas/output.ts'
import { defineTool } from '../../tool.ts'

const output = z.object({
  target,
  pod: z.string(),
  container: z.string().optional(),
  shown: z.int(),
  total: z.union([z.int(), z.object({ atLeast: z.int() })]),
  note: z.string().optional(),
  lines: z.array(z.string()),
})

export const getPodLogs = defineTool({
  name: 'infra.k8s.pods.getPodLogs',
  title: 'Pods: logs',
  description: 'Newest log lines of a container',
  risk: 'read',
  essential: ['follow'],
  untrusted: true,
  deadlineMs: 40_000,
  input: z.object({
    context: input.context,
    namespace: input.namespace,
    name: input.name,
    container: z.string().min(1).max(253).optional(),
    tail: z.int().min(-1).max(20_000).optional().describe('default 100, -1 all'),
    since: z.string().max(40).optional().describe('15m or RFC 3339'),
    previous: z.boolean().optional().describe('the run before a restart'),
    grep: z.string().min(1).max(200).optional().describe('text, or /RE2/i'),
    follow: z.boolean().optional().describe('20 s'),
    maxTokens: input.maxTokens,
  }),
  output,
  examples: [
    { title: 'The last 20 lines', input: { name: 'web-0', namespace: 'shop', tail: 20 } },
    {
      title: 'Why it crashed',
      input: { name: 'web-0', namespace: 'shop', previous: true, grep: '/error|panic/i' },
    },
  ],
  rest: { method: 'GET', path: '/cluster/pod/{namespace}/{name}/logs' },
  summarize: logText,
  run: async (query, { signal, progress }, { clusters }) =>
    newestThatFit(await logs(clusters.cluster(query.context), { ...query, signal, onLines: progress })),
})

// The budget keeps the first rows of a page, and of a log the last lines matter.
function newestThatFit(log: PodLog): Page<z.input<typeof output>> {
  const { target, pod, container, total, note } = log
  return new Page(log.lines.toReversed(), (newest) => ({
    target,
    pod,
    ...(container && { container }),
    shown: newest.length,
    total,
    ...(note && { note }),
    lines: newest.map(String).toReversed(),
  }))
}

function logText(log: z.output<typeof output>): string {
  const { context, namespace, identity } = log.target
  const head = `context ${context}, namespace ${namespace}, as ${identity}; pod ${log.pod}${log.container ? `, container ${log.container}` : ''}`
  const note = log.note ? `\nnote: ${log.note}` : ''
  if (log.shown === 0) return `${head}\nnone found${note}`
  const number = typeof log.total === 'number' ? String(log.total) : `at least ${log.total.atLeast}`
  return `${head}\n${log.lines.join('\n')}\n${log.shown} of ${number} lines shown, newest last${note}`
}
