import type { ServerResponse } from 'node:http'

const STALLED_MS = 20_000

/**
 * Waits until the client has taken the whole answer or is gone; undefined where there is nothing to wait for. A client
 * that takes nothing at all for 20 s is cut off: what it does not read stays in this process.
 */
export function taken(response: ServerResponse): Promise<void> | undefined {
  const { socket } = response.req
  if (!response.headersSent || response.writableLength === 0 || socket.destroyed) return undefined
  const { promise, resolve } = Promise.withResolvers<void>()
  response.setTimeout(STALLED_MS, () => response.destroy())
  // Before Node's own listener, which sets the time of an idle connection.
  response.prependOnceListener('finish', () => {
    response.setTimeout(0)
    resolve()
  })
  // Of the connection, for an answer that waits behind another one has no end of its own.
  socket.once('close', resolve)
  return promise.finally(() => socket.off('close', resolve))
}
