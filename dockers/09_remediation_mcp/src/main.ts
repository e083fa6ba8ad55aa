import { enableCompileCache } from 'node:module'
import { parseArgs } from 'node:util'

// Before anything else is loaded: the compiled modules of the last start save a third of this one.
enableCompileCache()
const { help, readConfig } = await import('./config.ts')

const USAGE_ERROR = 2
const GRACE_MS = 10_000

try {
  const { values } = parseArgs({
    options: { stdio: { type: 'boolean' }, help: { type: 'boolean', short: 'h' } },
  })
  if (values.help) process.stdout.write(help())
  else await run(values.stdio === true)
} catch (error) {
  const { name, code, message, hint } = error as NodeJS.ErrnoException & { hint?: string }
  const known = name === 'SettingError' || name === 'GatehouseError'
  if (!known && !code?.startsWith('ERR_PARSE_ARGS')) throw error
  // A value is not repeated: it may be a token in the wrong place.
  const said = code === 'ERR_PARSE_ARGS_UNEXPECTED_POSITIONAL' ? 'Unexpected argument' : message
  const { createSanitizer } = await import('@gatehouse/sanitizer')
  const text = createSanitizer({ key: 'unused' })
    .blind()
    .text(`${said}${hint ? `\n${hint}` : ''}`)
  process.stderr.write(`${text}\nSee --help for the settings.\n`)
  process.exit(USAGE_ERROR)
}

async function run(stdio: boolean): Promise<void> {
  const { config, warnings } = readConfig(process.env)
  const { createServer } = await import('./server.ts')
  const server = await createServer(config, stdio ? 2 : 1)
  const { log, service } = server
  // However it ends, the lines that wait are written.
  process.once('exit', () => log.flush())
  for (const warning of warnings) log.warn(warning)
  const { serveOnStdio, stopSignal } = await import('@gatehouse/host')
  const stopped = stopSignal(log)
  const { listenOn } = await import('./listen.ts')
  const listeners = await listenOn(server, config, { mcp: !stdio })
  const { showApproverLink } = await import('./approver-link.ts')
  showApproverLink(server, config, stdio ? undefined : process.stdout)
  if (stdio) {
    const connection = serveOnStdio(service.door, { ...service.views('/mcp'), names: 'dotted' })
    await Promise.race([connection.closed, stopped])
    await connection.close()
  } else await stopped
  service.drain()
  await Promise.all(listeners.map((listener) => listener.stop(GRACE_MS)))
  await server.close()
  process.exit(0)
}
