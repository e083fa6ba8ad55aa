import { createServer } from 'node:net'
import { Problem } from './problem.ts'

/** A port on this machine, from a setting. */
export function portOf(given: string | undefined, setting = 'MCP_PORT', fallback = 8008): number {
  const port = Number(given || fallback)
  if (Number.isInteger(port) && port > 0 && port < 65_536) return port
  throw new Problem(`${setting}: expected a port from 1 to 65535`)
}

/** Throws when somebody else listens there: Docker's own message names neither the setting nor a way out. */
export async function assertFree(port: number, setting = 'MCP_PORT'): Promise<void> {
  const { promise, resolve } = Promise.withResolvers<boolean>()
  const server = createServer()
  server.once('error', (error: NodeJS.ErrnoException) => resolve(error.code !== 'EADDRINUSE'))
  server.listen(port, '127.0.0.1', () => server.close(() => resolve(true)))
  if (await promise) return
  const other = port > 65_000 ? port - 1000 : port + 10
  throw new Problem(
    `${setting}: 127.0.0.1:${port} is already in use. Stop what listens there, or: ${setting}=${other} npm run up`,
  )
}
