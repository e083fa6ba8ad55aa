import {
  isJSONRPCNotification,
  isJSONRPCRequest,
  isJSONRPCResponse,
  type JSONRPCMessage,
  type JSONRPCRequest,
  StreamableHTTPClientTransport,
} from '@modelcontextprotocol/client'
import { StdioServerTransport } from '@modelcontextprotocol/server/stdio'
import { failureOf } from './failure.ts'

interface PipeOptions {
  hub: URL
  token: string | undefined
  /** For people: never on stdout, which is the client's. */
  tell: (line: string) => void
}

/**
 * Passes messages on as they are, both ways and in both protocol eras, until the client closes its end. Every request is
 * one HTTP request, so a hub that went away and came back is nothing the client has to know of.
 */
export async function pipe({ hub, token, tell }: PipeOptions): Promise<void> {
  const stdio = new StdioServerTransport()
  const http = new StreamableHTTPClientTransport(hub, {
    requestInit: { headers: token ? { authorization: `Bearer ${token}` } : {} },
  })
  const open = new Map<JSONRPCRequest['id'], AbortController>()
  const closed = Promise.withResolvers<void>()
  let away = false

  const answer = async (message: JSONRPCMessage): Promise<void> => {
    // One that was cancelled or answered already gets nothing more.
    if (isJSONRPCResponse(message) && !(message.id !== undefined && open.delete(message.id))) return
    if (isJSONRPCResponse(message) && 'result' in message) adoptVersion(http, message.result)
    await stdio.send(message)
  }
  const failed = async (request: JSONRPCRequest, thrown: unknown): Promise<void> => {
    if (!open.has(request.id)) return
    const { error, reached } = failureOf(thrown, hub)
    if (!reached && !away) tell(error.message)
    away = !reached
    await answer({ jsonrpc: '2.0', id: request.id, error })
  }
  const request = async (message: JSONRPCRequest): Promise<void> => {
    const stopping = new AbortController()
    open.set(message.id, stopping)
    try {
      await http.send(message, {
        requestSignal: stopping.signal,
        // Before its answer it means that the hub or the network went away.
        onRequestStreamEnd: () => void failed(message, new Error('the stream ended')),
      })
      if (away) tell('The hub answers again')
      away = false
    } catch (thrown) {
      if (!stopping.signal.aborted) await failed(message, thrown)
    }
  }

  http.onmessage = (message) => void answer(message)
  stdio.onmessage = (message) => {
    if (isJSONRPCRequest(message)) void request(message)
    else if (isJSONRPCNotification(message) && message.method === 'notifications/cancelled') {
      // Over HTTP the end of the connection is what tells the hub, and through it the server.
      const id = message.params?.requestId as JSONRPCRequest['id']
      open.get(id)?.abort()
      open.delete(id)
    } else http.send(message).catch(() => {})
  }
  stdio.onerror = (error) => tell(`A line that is no message was left out: ${error.message}`)
  stdio.onclose = () => closed.resolve()
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => closed.resolve())
  await http.start()
  await stdio.start()
  await closed.promise
  for (const one of open.values()) one.abort()
  await Promise.all([http.close(), stdio.close()])
}

/** From the answer to `initialize` on, a client of the earlier era names the version with each request. */
function adoptVersion(http: StreamableHTTPClientTransport, result: Record<string, unknown>): void {
  const { protocolVersion, serverInfo } = result
  if (typeof protocolVersion === 'string' && serverInfo) http.setProtocolVersion(protocolVersion)
}
