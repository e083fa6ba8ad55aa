import { createService, listen } from '@gatehouse/host'
import { createSanitizer } from '@gatehouse/sanitizer'
import { createLogger, createMetrics } from '@gatehouse/telemetry'
import { createPipeline, defineTool } from '@gatehouse/tools'
import { z } from 'zod'

// A server of the suite whose only tool does nothing: what a call costs before any work, with every step of the
// pipeline, metrics and the log line on stdout. Prints its port first.
const nothing = defineTool({
  name: 'bench.nothing',
  title: 'Nothing',
  description: 'Does nothing',
  risk: 'read',
  input: z.object({ text: z.string().max(100).optional() }),
  output: z.object({ text: z.string() }),
  examples: [],
  summarize: ({ text }) => text,
  run: async ({ text }) => ({ text: text ?? 'nothing' }),
})

const sanitizer = createSanitizer({ key: 'a key that only the benchmark uses' })
const log = createLogger({
  service: 'nothing',
  version: '0.1.0',
  sanitise: (text) => sanitizer.text(text),
})
const metrics = createMetrics()
const tools = [nothing]
const service = createService({
  info: { name: 'nothing', title: 'Nothing', version: '0.1.0', instructions: '', description: '' },
  tools,
  invoke: createPipeline({ deps: {}, sanitizer, metrics, log, tools }),
  metrics,
  log,
  token: undefined,
  host: '127.0.0.1',
  toolsets: ['all'],
  names: undefined,
  documents: {},
  health: async () => ({ state: 'healthy' }),
})
const { port } = await listen('127.0.0.1', 0, service.handle, log)
log.info('listening', { port })
// Not killed by the signal, so that a run with --cpu-prof writes its profile.
process.once('SIGTERM', () => process.exit(0))
