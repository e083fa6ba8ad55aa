import { parseArgs } from 'node:util'
import { type Listener, stopSignal } from '@gatehouse/host'
import { announce } from './start/announce.ts'
import { listenProblem } from './start/listen-error.ts'
import { helps, type Prepared, prepareAll } from './start/servers.ts'

const USAGE_ERROR = 2
const GRACE_MS = 10_000

/** `npm start`: every server of the suite in this process. */
const HELP = `npm start [-- --help]

Runs the hub and every server behind it in one process. On a terminal it prints where everything is and then only warnings
(LOG_LEVEL=info shows all); otherwise standard output is one JSON log line per event. Ctrl-C stops it.
Without a cluster it starts all the same, says what is missing and picks the cluster up when it appears.
`

try {
  const options = { help: { type: 'boolean', short: 'h' }, dev: { type: 'boolean' } } as const
  const { values } = parseArgs({ options })
  if (values.help) process.stdout.write([HELP, ...helps.map((help) => help())].join('\n'))
  else await run(values.dev === true)
} catch (error) {
  if (!(error instanceof Error)) throw error
  if (error.name !== 'SettingError' && !('code' in error)) throw error
  const hint = 'hint' in error ? `\n${error.hint}` : ''
  process.stderr.write(`${error.message}${hint}\nSee "npm start -- --help" for the settings.\n`)
  process.exitCode = USAGE_ERROR
}

async function run(dev: boolean): Promise<void> {
  const terminal = process.stdout.isTTY === true
  // JSON lines are for programs. A person at a terminal gets the table, and after it only what went wrong.
  const quiet = terminal && !process.env.LOG_LEVEL
  const environment = quiet ? { ...process.env, LOG_LEVEL: 'warn' } : process.env
  const servers = await prepareAll(environment)
  process.once('exit', () => {
    for (const server of servers) server.log.flush()
  })
  const [first] = servers
  if (!first) return
  const stopped = stopSignal(first.log)
  const started = await listenAll(servers)
  if (started) {
    // A cluster that does not answer takes seconds to say so; Ctrl-C need not wait for it.
    await Promise.race([announce(servers, started, { terminal, quiet }), stopped])
    await stopped
    if (terminal) process.stdout.write('\nGatehouse stops; Ctrl-C again ends it at once.\n')
    for (const server of servers) server.drain()
    // In development a reload must not wait for a client's open stream.
    await Promise.all(started.flat().map((listener) => listener.stop(dev ? 0 : GRACE_MS)))
  }
  await Promise.all(servers.map((server) => server.close()))
  process.exit(started ? 0 : USAGE_ERROR)
}

async function listenAll(servers: readonly Prepared[]): Promise<Listener[][] | undefined> {
  const started: Listener[][] = []
  for (const server of servers) {
    try {
      started.push(await server.listen())
    } catch (thrown) {
      const problem = listenProblem(thrown, server.ports)
      if (!problem) throw thrown
      process.stderr.write(`${problem}\n`)
      await Promise.all(started.flat().map((listener) => listener.stop(0)))
      return undefined
    }
  }
  return started
}
