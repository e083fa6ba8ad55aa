import { createServer } from 'node:net'
import { Problem } from './problem.ts'

/** The port on this machine, from MCP_PORT. */
export function portOf(given: string | undefined): number {
  const port = Number(given || 8008)
  if (Number.isInteger(port) && port > 0 && port < 65_536) return port
  throw new Problem('MCP_PORT: expected a port from 1 to 65535')
}

/** Throws when somebody else listens there: Docker's own message names neither the setting nor a way out. */
export async function assertFree(port: number): Promise<void> {
  const { promise, resolve } = Promise.withResolvers<boolean>()
  const server = createServer()
  server.once('error', (error: NodeJS.ErrnoException) => resolve(error.code !== 'EADDRINUSE'))
  server.listen(port, '127.0.0.1', () => server.close(() => resolve(true)))
  if (await promise) return
  const other = port > 65_000 ? port - 1000 : port + 10
  throw new Problem(
    `MCP_PORT: 127.0.0.1:${port} is already in use. Stop what listens there, or: MCP_PORT=${other} npm run up`,
  )
}
