import { catalogue, type ErrorCode, GatehouseError } from '@gatehouse/errors'
import { createService, type Listener, listen, type Service, type ServiceOptions } from '@gatehouse/host'
import { createSanitizer } from '@gatehouse/sanitizer'
import {
  createMetrics,
  currentCorrelation,
  type LogFields,
  type Logger,
  type Metrics,
} from '@gatehouse/telemetry'
import { type AnyTool, createPipeline, defineTool, type Invoke, Page } from '@gatehouse/tools'
import { z } from 'zod'
import type { LogLine } from './mcp-process.ts'

/** Lets a test hold a call open and see that it has begun and how it ended. */
export interface Gate {
  begun: Promise<void>
  release(): void
  aborted: Promise<void>
}

/** A service of the real host, doors and pipeline over tools that need no cluster. */
export interface FixtureService {
  service: Service
  tools: AnyTool[]
  invoke: Invoke
  metrics: Metrics
  logs: LogLine[]
  /** The call of test.wait.hold that names this gate. */
  gate(name: string): Gate
  listen(): Promise<Listener & { url: string }>
}

type Gates = Map<string, Gate & { begin(): void; abort(): void; released: Promise<void> }>

/** Everything as in a product server, with a log that is kept and a few knobs. */
export function createFixture(
  options: Partial<ServiceOptions> & { maxInFlight?: number; deadlineMs?: number } = {},
): FixtureService {
  const gates: Gates = new Map()
  const tools = toolsOf(gates, options.deadlineMs)
  const metrics = createMetrics()
  const logs: LogLine[] = []
  const log = keepingLogger(logs)
  const sanitizer = createSanitizer({ key: 'k'.repeat(32) })
  const { maxInFlight } = options
  const invoke = createPipeline({
    deps: {},
    sanitizer,
    metrics,
    log,
    tools,
    ...(maxInFlight && { maxInFlight }),
  })
  const text = 'A service for tests'
  const service = createService({
    info: { name: 'fixture', title: 'Fixture', version: '1.2.3', instructions: text, description: text },
    tools,
    invoke,
    metrics,
    log,
    token: undefined,
    host: '127.0.0.1',
    toolsets: ['all'],
    names: undefined,
    documents: { '/': () => ({ service: 'fixture' }) },
    health: async () => ({ state: 'healthy' }),
    ...options,
  })
  return {
    service,
    tools,
    invoke,
    metrics,
    logs,
    gate: (name) => gateOf(gates, name),
    listen: async () => {
      const listener = await listen('127.0.0.1', 0, service.handle, log)
      return { ...listener, url: `http://127.0.0.1:${listener.port}` }
    },
  }
}

const said = z.object({ text: z.string() })
const lines = z.object({ shown: z.int(), total: z.int(), items: z.array(z.string()) })

function toolsOf(gates: Gates, deadlineMs = 30_000): AnyTool[] {
  const say = defineTool({
    name: 'test.echo.say',
    title: 'Say',
    description: 'Says it again',
    risk: 'read',
    essential: true,
    input: z.object({
      text: z.string().max(100_000),
      number: z.int().optional(),
      flag: z.boolean().optional(),
      list: z.array(z.string()).optional(),
    }),
    output: said.extend({
      number: z.int().optional(),
      flag: z.boolean().optional(),
      list: z.array(z.string()).optional(),
    }),
    examples: [{ title: 'A word', input: { text: 'hello' } }],
    rest: { method: 'GET', path: '/echo/{text}', defaults: { unless: 'number', input: { flag: true } } },
    summarize: ({ text }) => text,
    run: async (input) => input,
  })
  const count = defineTool({
    name: 'test.echo.count',
    title: 'Count',
    description: 'Lines, as many as fit',
    risk: 'read',
    input: z.object({ total: z.int().max(10_000), maxTokens: z.int().optional() }),
    output: lines,
    examples: [{ title: 'Three', input: { total: 3 } }],
    run: async ({ total }) =>
      new Page(
        Array.from({ length: total }, (_, index) => `line ${index}`),
        (items) => ({ shown: items.length, total, items: items as string[] }),
      ),
  })
  return [say, count, ...failing(), hold(gates, deadlineMs), change]
}

function failing(): AnyTool[] {
  const codes = Object.keys(catalogue) as [ErrorCode, ...ErrorCode[]]
  const failure = (name: string, run: (code: ErrorCode) => never) =>
    defineTool({
      name: `test.fail.${name}`,
      title: name,
      description: 'Fails as it is told',
      risk: 'read',
      input: z.object({ code: z.enum(codes).optional() }),
      output: said,
      examples: [{ title: 'Fail', input: {} }],
      run: async ({ code = 'NOT_FOUND' }) => run(code),
    })
  return [
    failure('known', (code) => {
      throw new GatehouseError(code, 'It is not there', { data: { nearest: ['here'] } })
    }),
    failure('unexpected', () => {
      throw new Error('internal detail at 10.1.2.3')
    }),
    failure('badOutput', () => ({ text: 5 }) as never),
  ]
}

function hold(gates: Gates, deadlineMs: number): AnyTool {
  return defineTool({
    name: 'test.wait.hold',
    title: 'Hold',
    description: 'Answers when it is released',
    risk: 'read',
    deadlineMs,
    input: z.object({ gate: z.string() }),
    output: said,
    examples: [{ title: 'One', input: { gate: 'one' } }],
    run: async ({ gate }, { signal, progress }) => {
      const held = gateOf(gates, gate)
      signal.addEventListener('abort', () => held.abort())
      progress('holding', 1, 2)
      held.begin()
      await held.released
      return { text: `released ${gate}` }
    },
  })
}

const change = defineTool({
  name: 'test.write.change',
  title: 'Change',
  description: 'Would change something',
  risk: 'destructive',
  input: z.object({}),
  output: said,
  examples: [{ title: 'Change', input: {} }],
  run: () => {
    throw new Error('the gate must not let this run')
  },
})

function gateOf(gates: Gates, name: string) {
  const known = gates.get(name)
  if (known) return known
  const [begun, released, aborted] = [1, 2, 3].map(() => Promise.withResolvers<void>()) as [
    PromiseWithResolvers<void>,
    PromiseWithResolvers<void>,
    PromiseWithResolvers<void>,
  ]
  const made = {
    begun: begun.promise,
    released: released.promise,
    aborted: aborted.promise,
    begin: begun.resolve,
    release: released.resolve,
    abort: aborted.resolve,
  }
  gates.set(name, made)
  return made
}

function keepingLogger(logs: LogLine[]): Logger {
  const write =
    (level: string) =>
    (msg: string, fields: LogFields = {}) => {
      const current = currentCorrelation()
      const ids = current && { correlation_id: current.correlationId, trace_id: current.traceId }
      logs.push({ level, msg, ...ids, ...fields })
    }
  return {
    debug: write('debug'),
    info: write('info'),
    warn: write('warn'),
    error: write('error'),
    flush: () => {},
  }
}
