import { AsyncLocalStorage } from 'node:async_hooks'
import { randomUUID } from 'node:crypto'

/** What identifies one call in every log, error and outgoing request it causes. */
export interface Correlation {
  correlationId: string
  traceId: string
  spanId: string
  sampled: boolean
}

/** The `_meta` key that carries the id where there are no headers (stdio). */
export const CORRELATION_META_KEY = 'dev.gatehouse/correlationId'

const ID = /^[A-Za-z0-9._-]{1,128}$/
const TRACEPARENT = /^00-([0-9a-f]{32})-([0-9a-f]{16})-([0-9a-f]{2})$/

/** Says no to ids that must not be repeated, such as a token sent in the wrong header. */
export type AcceptableId = (id: string) => boolean

type Headers = Record<string, string | string[] | undefined>

/**
 * Resolves the ids of a call: the trace from `_meta.traceparent`, else the `traceparent` header, else new; the
 * correlation id from `X-Correlation-ID`, else `X-Request-ID`, else `_meta`, else the trace id.
 * Values that do not match their pattern are never trusted.
 */
export function resolveCorrelation(
  headers: Headers,
  meta: Record<string, unknown> = {},
  acceptable: AcceptableId = () => true,
): Correlation {
  const parent = parseTraceparent(meta.traceparent) ?? parseTraceparent(headers.traceparent)
  const traceId = parent?.traceId ?? randomHex()
  const correlationId =
    [headers['x-correlation-id'], headers['x-request-id'], meta[CORRELATION_META_KEY]].find(
      (id): id is string => typeof id === 'string' && ID.test(id) && acceptable(id),
    ) ?? traceId
  return { correlationId, traceId, spanId: randomHex().slice(16), sampled: parent?.sampled ?? false }
}

// From Node's pool of randomness: asking the system for each id costs as much as the rest of a small call.
function randomHex(): string {
  return randomUUID().replaceAll('-', '')
}

/** The W3C `traceparent` to send onwards: this call's span is the parent of what comes next. */
export function traceparentOf(correlation: Correlation): string {
  return `00-${correlation.traceId}-${correlation.spanId}-${correlation.sampled ? '01' : '00'}`
}

const storage = new AsyncLocalStorage<Correlation>()

/** Runs `body` so that everything it awaits sees `correlation` through `currentCorrelation()`. */
export function withCorrelation<T>(correlation: Correlation, body: () => T): T {
  return storage.run(correlation, body)
}

export function currentCorrelation(): Correlation | undefined {
  return storage.getStore()
}

function parseTraceparent(value: unknown): { traceId: string; sampled: boolean } | undefined {
  const match = typeof value === 'string' ? TRACEPARENT.exec(value) : null
  if (!match?.[1] || !match[3] || /^0+$/.test(match[1]) || /^0+$/.test(match[2] ?? '')) return undefined
  return { traceId: match[1], sampled: (Number.parseInt(match[3], 16) & 1) === 1 }
}
