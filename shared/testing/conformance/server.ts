import { randomBytes } from 'node:crypto'
import { createService, listen } from '@gatehouse/host'
import { createSanitizer } from '@gatehouse/sanitizer'
import { createMetrics, silentLogger } from '@gatehouse/telemetry'
import { createPipeline } from '@gatehouse/tools'
import { extension } from './extension.ts'
import { tools } from './tools.ts'

/** The server the official suites run against: our host, guards, door and pipeline with the suites' fixtures. */
const log = silentLogger
const metrics = createMetrics()
const sanitizer = createSanitizer({ key: randomBytes(32) })
const service = createService({
  info: {
    name: 'gatehouse-conformance',
    title: 'Gatehouse conformance fixtures',
    version: '0.1.0',
    instructions: 'Fixtures for the official conformance suites',
    description: 'Fixtures for the official conformance suites',
  },
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
  extension,
})
const { port } = await listen('127.0.0.1', Number(process.argv[2] ?? 0), service.handle, log)
console.log(`http://127.0.0.1:${port}/mcp`)
