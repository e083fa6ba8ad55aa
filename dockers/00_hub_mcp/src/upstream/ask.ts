import { GatehouseError } from '@gatehouse/errors'
import type { Correlation } from '@gatehouse/telemetry'
import type { Pool } from 'undici'
import { type Answer, exchange } from './exchange.ts'
import { checkAnswer, messageOf } from './failure.ts'
import { type Credentials, outgoingHeaders } from './headers.ts'

/** What the hub speaks to its servers by itself. */
export const REVISION = '2026-07-28'
export const META = {
  'io.modelcontextprotocol/protocolVersion': REVISION,
  'io.modelcontextprotocol/clientCapabilities': {},
  'io.modelcontextprotocol/clientInfo': { name: 'gatehouse-hub', version: '0.1.0' },
}

export interface Asker {
  id: string
  pool: Pool
  path: string
  credentials: Credentials
  maxReplyBytes: number
}

/** One question of the hub's own to a server, in revision 2026-07-28; its result and size, or a GatehouseError. */
export async function ask(
  server: Asker,
  method: string,
  params: Record<string, unknown>,
  options: { timeoutMs: number; correlation: Correlation },
): Promise<{ result: Record<string, unknown>; bytes: number }> {
  const given = {
    accept: 'application/json, text/event-stream',
    'mcp-protocol-version': REVISION,
    'mcp-method': method,
  }
  const body = JSON.stringify({ jsonrpc: '2.0', id: 1, method, params: { ...params, _meta: META } })
  const { correlation, timeoutMs } = options
  const call = { caller: 'hub', correlation, deadlineMs: timeoutMs, server: server.id, body }
  const chunks: Buffer[] = []
  const { done } = exchange(
    server.pool,
    {
      path: server.path,
      headers: outgoingHeaders(given, server.credentials, call),
      body,
      timeoutMs: options.timeoutMs,
      maxReplyBytes: server.maxReplyBytes,
    },
    () => ({ write: (chunk) => chunks.push(chunk) > 0 }),
  )
  const answer = await done
  const message = messageIn(answer, chunks, server.id)
  if (message.error) {
    // A number, whatever else the server may call a code: this is shown and logged.
    const code = Number((message.error as { code?: unknown }).code)
    throw new GatehouseError('SERVER_MISBEHAVED', `The server ${server.id} refused ${method} (${code})`)
  }
  return { result: message.result as Record<string, unknown>, bytes: answer.bytes }
}

function messageIn(answer: Answer, chunks: readonly Buffer[], id: string): Record<string, unknown> {
  checkAnswer(answer, id)
  if (!answer.streamed) return messageOf(answer, id)
  const last =
    [
      ...Buffer.concat(chunks)
        .toString()
        .matchAll(/^data: ?(.+)$/gm),
    ].at(-1)?.[1] ?? ''
  return messageOf({ ...answer, body: Buffer.from(last) }, id)
}
