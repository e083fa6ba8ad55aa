import { GatehouseError } from '@gatehouse/errors'
import { createSanitizer } from '@gatehouse/sanitizer'
import { createLogger, createMetrics } from '@gatehouse/telemetry'
import { createPipeline, defineTool } from '@gatehouse/tools'
import { z } from 'zod'
import { createService, listen, serveOnStdio, stopSignal } from '../../src/index.ts'

// A server whose only tool lets out what it is given in each way a tool has; KNOWN is a credential it holds.
const stdio = process.argv.includes('--stdio')
const sanitizer = createSanitizer({ key: 'k'.repeat(32), known: [process.env.KNOWN ?? ''] })
const log = createLogger({
  service: 'leaky',
  version: '1',
  level: 'debug',
  fd: stdio ? 2 : 1,
  sanitise: (text) => sanitizer.text(text),
})
const leak = defineTool({
  name: 'test.leak',
  title: 'Leak',
  description: 'Lets out what it is given',
  risk: 'read',
  input: z.object({
    how: z.enum(['answer', 'progress', 'error', 'quote', 'data', 'bug', 'output', 'crash']),
    text: z.string(),
  }),
  output: z.object({ text: z.string() }),
  examples: [],
  run: async ({ how, text }, { progress }) => {
    if (how === 'progress') progress(text, 1, 2)
    if (how === 'error') throw new GatehouseError('NOT_FOUND', text, { hint: text })
    if (how === 'quote') throw new GatehouseError('FORBIDDEN', text, { quotesCluster: true })
    if (how === 'data') throw new GatehouseError('CONFLICT', undefined, { data: { [text]: [text] } })
    if (how === 'bug') throw new Error(text, { cause: text })
    // Nobody waits for it, so nobody catches it.
    if (how === 'crash') setTimeout(() => Promise.reject(new Error(text, { cause: text })), 20)
    if (how === 'output') return { text: { [text]: text } as unknown as string }
    return { text }
  },
})
const metrics = createMetrics(() => sanitizer.counts())
const info = { name: 'leaky', title: 'Leaky', version: '1', instructions: '', description: '' }
const tools = [leak]
const service = createService({
  info,
  tools,
  invoke: createPipeline({ deps: {}, sanitizer, metrics, log, tools }),
  metrics,
  log,
  sanitizer,
  token: undefined,
  host: '127.0.0.1',
  toolsets: ['all'],
  names: undefined,
  documents: {
    '/document': () => ({ said: process.env.KNOWN }),
    '/refusal': () => {
      throw new GatehouseError('NOT_FOUND', `There is no ${process.env.KNOWN}`)
    },
  },
  health: async () => ({ state: 'healthy', reason: process.env.KNOWN }),
})
process.once('exit', () => log.flush())
const stopped = stopSignal(log)
if (stdio) {
  const connection = serveOnStdio(service.door, { ...service.views('/mcp'), names: 'safe' })
  await Promise.race([connection.closed, stopped])
} else {
  const { port } = await listen('127.0.0.1', 0, service.handle, log, sanitizer)
  log.info('listening', { port })
  await stopped
}
process.exit(0)
