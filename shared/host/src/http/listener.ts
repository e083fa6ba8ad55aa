import { randomBytes } from 'node:crypto'
import type { IncomingHttpHeaders, IncomingMessage, Server, ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { asGatehouseError } from '@gatehouse/errors'
import { createSanitizer, type Sanitizer } from '@gatehouse/sanitizer'
import { type Logger, withCorrelation } from '@gatehouse/telemetry'
import { SettingError } from '../settings/settings.ts'
import { adoptCorrelation } from './correlation.ts'
import { refuse } from './refuse.ts'

/** `given` are the headers as the client sent them; those of the request carry the ids settled on since. */
export type Handle = (
  request: IncomingMessage,
  response: ServerResponse,
  given: IncomingHttpHeaders,
) => Promise<void>

export interface Listener {
  port: number
  /** Stops accepting, lets running requests finish for `graceMs`, then cuts them off. */
  stop(graceMs: number): Promise<void>
}

/** One HTTP listener. Every response carries X-Correlation-ID; whatever is thrown becomes an error of the catalogue. */
export async function listen(
  host: string,
  port: number,
  handle: Handle,
  log: Logger,
  sanitizer: Sanitizer = createSanitizer({ key: randomBytes(32) }),
): Promise<Listener> {
  // Loaded here: it brings Node's own undici, which a start on stdio need not pay for.
  const { createServer } = await import('node:http')
  const server = createServer((request, response) => {
    const given = { ...request.headers }
    const correlation = adoptCorrelation(request, response, given, sanitizer)
    response.setHeader('x-content-type-options', 'nosniff')
    const failed = (thrown: unknown) => {
      const error = asGatehouseError(thrown)
      if (error.code === 'INTERNAL')
        log.error('request failed', { err: String((error.cause as Error)?.stack ?? '') })
      if (response.headersSent) response.destroy()
      else {
        const mcp = /^\/mcp([/?]|$)/.test(request.url ?? '')
        refuse(response, sanitizer, error, correlation.correlationId, mcp)
      }
    }
    // The log line of a failure carries the ids as well, so it is written inside.
    void withCorrelation(correlation, () => handle(request, response, given).catch(failed))
  })
  server.requestTimeout = 60_000
  server.headersTimeout = 15_000
  await started(server, host, port)
  const address = server.address() as AddressInfo
  return { port: address.port, stop: (graceMs) => stopServer(server, graceMs) }
}

function started(server: Server, host: string, port: number): Promise<void> {
  const { promise, resolve, reject } = Promise.withResolvers<void>()
  server.once('error', (cause: NodeJS.ErrnoException) => {
    reject(new SettingError(`HOST or port: cannot listen on port ${port} (${cause.code})`, { cause }))
  })
  server.listen(port, host, () => {
    server.removeAllListeners('error')
    resolve()
  })
  return promise
}

async function stopServer(server: Server, graceMs: number): Promise<void> {
  const { promise, resolve } = Promise.withResolvers<void>()
  const timer = setTimeout(() => server.closeAllConnections(), graceMs)
  server.close(() => resolve())
  // A connection that was busy until now stays open for its client's next request unless it is closed too.
  const sweep = setInterval(() => server.closeIdleConnections(), 50)
  await promise
  clearTimeout(timer)
  clearInterval(sweep)
}
