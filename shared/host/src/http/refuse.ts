import type { ServerResponse } from 'node:http'
import type { GatehouseError } from '@gatehouse/errors'

/** A JSON-RPC error for what never became a call. */
export function rpcError(
  response: ServerResponse,
  status: number,
  code: number,
  message: string,
  data?: Record<string, unknown>,
): void {
  response.writeHead(status, { 'content-type': 'application/json' })
  response.end(JSON.stringify({ jsonrpc: '2.0', error: { code, message, ...(data && { data }) }, id: null }))
}

/** The same refusal for both doors: JSON-RPC under /mcp, problem+json elsewhere; a 401 says how to authenticate. */
export function refuse(
  response: ServerResponse,
  error: GatehouseError,
  correlationId: string,
  mcp: boolean,
): void {
  const { code, message, hint } = error
  const body = { code, message, hint, correlation_id: correlationId, ...error.data }
  if (error.http === 401) response.setHeader('www-authenticate', 'Bearer realm="gatehouse"')
  if (error.http === 413) response.setHeader('connection', 'close')
  if (mcp) {
    rpcError(response, error.http, -32_000, message, body)
    return
  }
  response.writeHead(error.http, { 'content-type': 'application/problem+json' })
  response.end(JSON.stringify({ type: 'about:blank', title: message, status: error.http, ...body }))
}
