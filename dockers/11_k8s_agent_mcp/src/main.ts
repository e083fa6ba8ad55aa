import { writeSync } from 'node:fs'
import { enableCompileCache } from 'node:module'
import { parseArgs } from 'node:util'

// Before anything else is loaded: the compiled modules of the last start save a third of this one.
enableCompileCache()
const { help, readConfig } = await import('./config.ts')

const USAGE_ERROR = 2
const START_LINE =
  'mcp-k8s-agent started | Phase 3 enabled | sanitized outputs, bounded logs, approval-gated writes'

try {
  const { values } = parseArgs({ options: { help: { type: 'boolean', short: 'h' } } })
  if (values.help) process.stdout.write(help())
  else await run()
} catch (error) {
  const { name, code, message } = error as NodeJS.ErrnoException
  if (name !== 'SettingError' && !code?.startsWith('ERR_PARSE_ARGS')) throw error
  // A value is not repeated: it may be a token in the wrong place.
  const said = code?.startsWith('ERR_PARSE_ARGS') ? 'Unexpected argument' : message
  process.stderr.write(`${said}\nSee --help for the settings.\n`)
  process.exitCode = USAGE_ERROR
}

async function run(): Promise<void> {
  const { config, warnings } = readConfig(process.env)
  const { createServer } = await import('./server.ts')
  const { door, log, close } = createServer(config)
  const { tools } = await import('./tools/index.ts')
  const { serveOnStdio, stopSignal } = await import('@gatehouse/host')
  // However it ends, the lines that wait are written.
  process.once('exit', () => log.flush())
  // Written at once, so that it stands there before the first request is read.
  writeSync(2, `${START_LINE}\n`)
  for (const warning of warnings) log.warn(warning)
  const stopped = stopSignal(log)
  const connection = serveOnStdio(door, { tools, names: 'dotted' })
  const stopping = stopped.then(() => true)
  const asked = await Promise.race([connection.closed.then(() => process.stdin.readableEnded), stopping])
  if (!asked) log.warn('connection closed: a message was too large, or nobody reads the answers')
  await connection.close()
  await close()
  process.exit(0)
}
