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
  const { name, code, message } = error as NodeJS.ErrnoException
  if (name !== 'SettingError' && !code?.startsWith('ERR_PARSE_ARGS')) throw error
  // A value is not repeated: it may be a token in the wrong place.
  const said = code === 'ERR_PARSE_ARGS_UNEXPECTED_POSITIONAL' ? 'Unexpected argument' : message
  process.stderr.write(`${said}\nSee --help for the settings.\n`)
  process.exitCode = USAGE_ERROR
}

async function run(stdio: boolean): Promise<void> {
  const { config, warnings } = readConfig(process.env)
  const { createServer } = await import('./server.ts')
  const server = createServer(config, stdio ? 2 : 1)
  const { log } = server
  // However it ends, the lines that wait are written.
  process.once('exit', () => log.flush())
  for (const warning of warnings) log.warn(warning)
  const { stopSignal } = await import('@gatehouse/host')
  const stopped = stopSignal(log)
  const { trimWhenIdle } = await import('./trim-when-idle.ts')
  trimWhenIdle()
  if (stdio) {
    const { serveOnStdio } = await import('@gatehouse/host')
    const names = config.TOOL_NAMES === 'dotted' ? 'dotted' : 'safe'
    const connection = serveOnStdio(server.service.door, { ...server.service.views('/mcp'), names })
    await Promise.race([connection.closed, stopped])
    await connection.close()
  } else {
    const { listenOn } = await import('./listen.ts')
    const listeners = await listenOn(server, config)
    await stopped
    server.service.drain()
    await Promise.all(listeners.map((listener) => listener.stop(GRACE_MS)))
  }
  await server.close()
  process.exit(0)
}
