import { GatehouseError } from '@gatehouse/errors'
import { CORRELATION_META_KEY, type Correlation, traceparentOf } from '@gatehouse/telemetry'
import type { JSONRPCRequest } from '@modelcontextprotocol/server'
import type { Routed } from './routed.ts'

/**
 * The request as its server is to get it: under its own name there, with our ids in `_meta` as well, because `_meta`
 * outlives a hop that has no headers. Everything else, answers to a server's questions too, stays as it came.
 */
export function stampedBody(
  message: JSONRPCRequest,
  { own, method }: Routed,
  correlation: Correlation,
): string {
  const params = (message.params ?? {}) as Record<string, unknown>
  const reference = params.ref as Record<string, unknown> | undefined
  const renamed =
    own === undefined
      ? {}
      : method === 'completion/complete'
        ? { ref: { ...reference, name: own } }
        : { name: own }
  const _meta = {
    ...(params._meta as Record<string, unknown> | undefined),
    traceparent: traceparentOf(correlation),
    [CORRELATION_META_KEY]: correlation.correlationId,
  }
  try {
    return JSON.stringify({ ...message, params: { ...params, ...renamed, _meta } })
  } catch (cause) {
    // What is nested thousands deep can be read but not written.
    throw new GatehouseError('INVALID_INPUT', 'The arguments are nested too deeply', { cause })
  }
}
