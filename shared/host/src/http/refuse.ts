import type { ServerResponse } from 'node:http'
import type { GatehouseError } from '@gatehouse/errors'
import type { Sanitizer } from '@gatehouse/sanitizer'
import { writeJson } from './write.ts'

/** A JSON-RPC error for what never became a call. Sanitised without digests: it is about what the caller sent. */
export function rpcError(
  response: ServerResponse,
  sanitizer: Sanitizer,
  status: number,
  code: number,
  message: string,
  data?: Record<string, unknown>,
): void {
  const error = { code, message, ...(data && { data }) }
  writeJson(response, status, sanitizer.blind().value({ jsonrpc: '2.0', error, id: null }))
}

/** The same refusal for both doors: JSON-RPC under /mcp, problem+json elsewhere; a 401 says how to authenticate. */
export function refuse(
  response: ServerResponse,
  sanitizer: Sanitizer,
  error: GatehouseError,
  correlationId: string,
  mcp: boolean,
): void {
  const { code, message, hint } = error
  const body = { code, message, hint, correlation_id: correlationId, ...error.data }
  if (error.http === 401) response.setHeader('www-authenticate', 'Bearer realm="gatehouse"')
  const { retryAfterSeconds } = error.data
  if (typeof retryAfterSeconds === 'number') response.setHeader('retry-after', retryAfterSeconds)
  if (error.http === 413) response.setHeader('connection', 'close')
  if (mcp) {
    rpcError(response, sanitizer, error.http, -32_000, message, body)
    return
  }
  const problem = { type: 'about:blank', title: message, status: error.http, ...body }
  writeJson(response, error.http, sanitizer.blind().value(problem), {
    'content-type': 'application/problem+json',
  })
}
