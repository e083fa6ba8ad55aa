import { type BoundedLog, podLog } from '@gatehouse/kubernetes/single'
import { Page } from '@gatehouse/tools'
import { z } from 'zod'
import { gateAs, intentOf } from '../intent.ts'
import * as schema from '../schemas.ts'
import { defineTool } from '../tool.ts'

const DEFAULT_LINES = 100
const MOST_LINES = 500

const output = z.object({
  target: schema.target,
  pod: z.string(),
  container: z.string().optional(),
  shown: z.int(),
  /** There are older lines than the ones shown. */
  older: z.boolean(),
  note: z.string().optional(),
  lines: z.array(z.string()),
})

const PODS = { kind: 'Pod', apiVersion: 'v1' } as const

export const k8sPodLogs = defineTool({
  name: 'k8s_pod_logs',
  title: 'Pod logs',
  description: 'Newest log lines of one container, bounded and sanitized',
  risk: 'read',
  untrusted: true,
  budget: 8_000,
  input: z.object({
    name: schema.name,
    namespace: schema.namespace,
    container: schema.name.optional(),
    tailLines: z.int().min(1).max(MOST_LINES).optional().describe(`default ${DEFAULT_LINES}`),
    previous: z.boolean().optional().describe('the run before a restart'),
  }),
  output,
  examples: [
    { title: 'The last lines', input: { name: 'web-0', namespace: 'shop' } },
    {
      title: 'Why it crashed',
      input: { name: 'web-0', namespace: 'shop', container: 'app', previous: true, tailLines: 200 },
    },
  ],
  gate: (input) => gateAs('get')({ ...input, ...PODS }),
  summarize: logText,
  run: async (input, { signal }, { locate }) => {
    const { cluster, resource } = await locate(intentOf('get', { ...input, ...PODS }), signal)
    const { tailLines: tail = DEFAULT_LINES, ...query } = input
    return newestThatFit(await podLog(cluster, resource, { ...query, tail, signal }), input)
  },
})

// The budget keeps the first rows of a page, and of a log the last lines matter.
function newestThatFit(
  log: BoundedLog,
  { name, container }: { name: string; container?: string | undefined },
) {
  return new Page<z.input<typeof output>>(log.lines.toReversed(), (newest) => ({
    target: log.target,
    pod: name,
    ...(container && { container }),
    shown: newest.length,
    older: log.older || newest.length < log.lines.length,
    ...(log.note && { note: log.note }),
    lines: newest.map(String).toReversed(),
  }))
}

function logText({ target, pod, container, lines, shown, older, note }: z.output<typeof output>): string {
  const head = `${schema.targetLine(target)}; pod ${pod}${container ? `, container ${container}` : ''}`
  const end = note ? `\nnote: ${note}` : ''
  if (shown === 0) return `${head}\nnone found${end}`
  const rest = older ? ', there are older ones' : ', all there are'
  return `${head}\n${lines.join('\n')}\n${shown} lines shown, newest last${rest}${end}`
}
