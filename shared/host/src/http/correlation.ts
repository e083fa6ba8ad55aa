import type { IncomingHttpHeaders, IncomingMessage, ServerResponse } from 'node:http'
import { type AcceptableId, type Correlation, resolveCorrelation, traceparentOf } from '@gatehouse/telemetry'

/**
 * Settles the ids of a request once and writes them back into its headers, so that listener, door and response
 * agree. Called again with `_meta` when an MCP body is known; ids from headers still win.
 */
export function adoptCorrelation(
  request: IncomingMessage,
  response: ServerResponse,
  given: IncomingHttpHeaders,
  meta?: Record<string, unknown>,
  acceptable?: AcceptableId,
): Correlation {
  const correlation = resolveCorrelation(given, meta, acceptable)
  request.headers['x-correlation-id'] = correlation.correlationId
  request.headers.traceparent = traceparentOf(correlation)
  response.setHeader('x-correlation-id', correlation.correlationId)
  return correlation
}
