import type { IncomingHttpHeaders, IncomingMessage, ServerResponse } from 'node:http'
import { adoptCorrelation, metaOf, readBody } from '@gatehouse/host'
import type { Sanitizer } from '@gatehouse/sanitizer'
import { CORRELATION_META_KEY, type Correlation } from '@gatehouse/telemetry'
import type { Catalogue } from '../catalogue/catalogue.ts'
import type { View } from '../catalogue/view.ts'
import { type Routed, routedMessage, routeOf } from './routed.ts'
import { stampedBody } from './stamp.ts'

export interface Asked {
  request: IncomingMessage
  response: ServerResponse
  given: IncomingHttpHeaders
  correlation: Correlation
  catalogue: Catalogue
  view: View
  sanitizer: Sanitizer
  /** Told of the body's bytes as they arrive. */
  hold: (bytes: number) => void
}

export type Received = { correlation: Correlation; bytes: number } & (
  | { kind: 'call'; routed: Routed; body: string }
  | { kind: 'own'; parsedBody: unknown }
  | { kind: 'garbage' }
)

/** Reads a POST. Of a call only the text for its server is kept: its parsed form can be thirty times as large. */
export async function receive(asked: Asked): Promise<Received> {
  const body = await readBody(asked.request, { hold: asked.hold })
  return sorted(body, asked)
}

function sorted(body: Buffer, asked: Asked): Received {
  const { request, response, given, catalogue, view, sanitizer } = asked
  const bytes = body.length
  let { correlation } = asked
  let parsedBody: unknown
  try {
    parsedBody = JSON.parse(body.toString())
  } catch {
    return { kind: 'garbage', correlation, bytes }
  }
  const meta = metaOf(parsedBody)
  if (meta && (meta.traceparent || meta[CORRELATION_META_KEY])) {
    correlation = adoptCorrelation(request, response, given, sanitizer, meta)
  }
  const found = routedMessage(parsedBody, request.headers)
  const routed = found && routeOf(found, catalogue, view)
  if (!found || !routed) return { kind: 'own', parsedBody, correlation, bytes }
  return { kind: 'call', routed, body: stampedBody(found.message, routed, correlation), correlation, bytes }
}
