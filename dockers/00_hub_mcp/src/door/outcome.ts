import type { GatehouseError } from '@gatehouse/errors'

export interface Outcome {
  outcome: 'ok' | 'tool_error' | 'protocol_error' | 'upstream_error' | 'timeout' | 'denied' | 'cancelled'
  errorCode: string | undefined
}

const CODE = /^[A-Z][A-Z0-9_]{0,63}$/

/** How a server answered. Its code goes to logs and metrics, so only what looks like one is taken over. */
export function outcomeOfMessage({ error, result }: Record<string, unknown>): Outcome {
  if (error) {
    const { code } = error as { code?: unknown }
    const known = typeof code === 'number' && Number.isInteger(code) && Math.abs(code) < 100_000
    return { outcome: 'protocol_error', errorCode: known ? String(code) : 'PROTOCOL_ERROR' }
  }
  const { isError, structuredContent } = result as {
    isError?: boolean
    structuredContent?: { code?: unknown }
  }
  if (!isError) return { outcome: 'ok', errorCode: undefined }
  const code = structuredContent?.code
  return {
    outcome: 'tool_error',
    errorCode: typeof code === 'string' && CODE.test(code) ? code : 'TOOL_ERROR',
  }
}

/** How the hub answered in a server's place. */
export function outcomeOfError({ code }: GatehouseError): Outcome['outcome'] {
  if (code === 'CANCELLED') return 'cancelled'
  if (code === 'TIMEOUT') return 'timeout'
  if (code === 'INVALID_INPUT') return 'protocol_error'
  return code === 'NOT_PERMITTED' || code === 'RATE_LIMITED' ? 'denied' : 'upstream_error'
}
