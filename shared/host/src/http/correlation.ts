import type { IncomingHttpHeaders, IncomingMessage, ServerResponse } from 'node:http'
import type { Sanitizer } from '@gatehouse/sanitizer'
import { type Correlation, resolveCorrelation, traceparentOf } from '@gatehouse/telemetry'

/**
 * Settles the ids of a request once and writes them back into its headers, so that listener, door and response
 * agree. Called again with `_meta` when an MCP body is known; ids from headers still win. An id that looks like a
 * secret is dropped: somebody will put a token into the wrong header. Judged blind: an answer that told the beginning of a
 * credential from anything else would give it away, piece by piece.
 */
export function adoptCorrelation(
  request: IncomingMessage,
  response: ServerResponse,
  given: IncomingHttpHeaders,
  sanitizer: Sanitizer,
  meta?: Record<string, unknown>,
): Correlation {
  const { text } = sanitizer.blind()
  const correlation = resolveCorrelation(given, meta, (id) => text(id) === id)
  request.headers['x-correlation-id'] = correlation.correlationId
  request.headers.traceparent = traceparentOf(correlation)
  response.setHeader('x-correlation-id', correlation.correlationId)
  return correlation
}
