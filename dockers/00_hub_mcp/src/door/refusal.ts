import type { GatehouseError } from '@gatehouse/errors'
import type { Sanitised, Sanitizer } from '@gatehouse/sanitizer'
import { CORRELATION_META_KEY } from '@gatehouse/telemetry'

type Id = string | number

/**
 * The hub's own answer where a server gave none. For a tool a result with `isError`, which a model can read and act on;
 * for everything else a JSON-RPC error. Without digests: it is about what the caller sent.
 */
export function refusal(
  sanitizer: Sanitizer,
  call: { id: Id; method: string; modern: boolean; correlationId: string },
  error: GatehouseError,
): Sanitised<Record<string, unknown>> {
  const blind = sanitizer.blind()
  const { code, message, hint, data } = error
  const body = { code, message, hint, correlation_id: call.correlationId, ...data }
  if (call.method !== 'tools/call') {
    return blind.value({ jsonrpc: '2.0', id: call.id, error: { code: -32_603, message, data: body } })
  }
  const text = `${code}: ${message}\nHint: ${hint}\ncorrelation_id: ${call.correlationId}`
  const result = {
    ...(call.modern && { resultType: 'complete' }),
    content: [{ type: 'text', text }],
    structuredContent: body,
    isError: true,
    _meta: { [CORRELATION_META_KEY]: call.correlationId },
  }
  return blind.value({ jsonrpc: '2.0', id: call.id, result })
}
