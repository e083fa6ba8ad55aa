import { enableCompileCache } from 'node:module'
import { parseArgs } from 'node:util'

// Before anything else is loaded: the compiled modules of the last start save a third of this one.
enableCompileCache()
const { help, readConfig } = await import('./config.ts')

const USAGE_ERROR = 2
const GRACE_MS = 10_000

try {
  const { values } = parseArgs({ options: { help: { type: 'boolean', short: 'h' } } })
  if (values.help) process.stdout.write(help())
  else await run()
} catch (error) {
  const { name, code, message } = error as NodeJS.ErrnoException
  const known = name === 'SettingError' || name === 'RegistryError'
  if (!known && !code?.startsWith('ERR_PARSE_ARGS')) throw error
  // A value is not repeated: it may be a token in the wrong place.
  const said = code === 'ERR_PARSE_ARGS_UNEXPECTED_POSITIONAL' ? 'Unexpected argument' : message
  const { createSanitizer } = await import('@gatehouse/sanitizer')
  const text = createSanitizer({ key: 'unused' }).blind().text(said)
  process.stderr.write(`${text}\nSee --help for the settings.\n`)
  process.exit(USAGE_ERROR)
}

async function run(): Promise<void> {
  const { config, warnings } = readConfig(process.env)
  const { createServer } = await import('./server.ts')
  const server = await createServer(config, 1)
  const { log } = server
  // However it ends, the lines that wait are written.
  process.once('exit', () => log.flush())
  for (const warning of warnings) log.warn(warning)
  const { stopSignal } = await import('@gatehouse/host')
  const stopped = stopSignal(log)
  const { listenOn } = await import('./listen.ts')
  const listeners = await listenOn(server, config)
  await stopped
  server.service.drain()
  await Promise.all(listeners.map((listener) => listener.stop(GRACE_MS)))
  await server.close()
  process.exit(0)
}
