import type { PipelineOptions, Step } from '../call.ts'

/** One line per finished call and its metrics. Never an argument's value: those belong to the caller. */
export function log({ log, metrics }: PipelineOptions): Step {
  return async (call, next) => {
    const started = performance.now()
    metrics.callsInFlight(1)
    const reply = await next().finally(() => metrics.callsInFlight(-1))
    const ms = performance.now() - started
    const outcome = outcomeOf(reply.errorCode)
    const tool = call.tool?.name ?? 'unknown'
    metrics.callFinished(tool, outcome, reply.errorCode, ms / 1000)
    const target = (reply.structured as { target?: { context?: string } }).target
    log.info('call finished', {
      tool,
      door: call.door,
      caller: call.caller,
      context: target?.context,
      duration_ms: Math.round(ms * 100) / 100,
      outcome,
      error_code: reply.errorCode ?? null,
      ...redactionFields(call.redactions),
      req_bytes: call.requestBytes,
      res_bytes: Buffer.byteLength(reply.text),
    })
    return reply
  }
}

// `password:2` would read as a password to the sanitizer of the log.
function redactionFields(redactions: Record<string, number>): { redactions: number; redacted?: string } {
  const classes = Object.entries(redactions).sort(([a], [b]) => (a < b ? -1 : 1))
  if (classes.length === 0) return { redactions: 0 }
  return {
    redactions: classes.reduce((sum, [, count]) => sum + count, 0),
    redacted: classes.map(([kind, count]) => `${count} ${kind}`).join(', '),
  }
}

function outcomeOf(code: string | undefined): string {
  if (code === undefined) return 'ok'
  if (code === 'CANCELLED') return 'cancelled'
  if (code === 'TIMEOUT') return 'timeout'
  if (code === 'BLOCKED_BY_POLICY' || code === 'FORBIDDEN') return 'denied'
  if (code.startsWith('CLUSTER_') || code === 'NO_CLUSTER' || code === 'KUBECONFIG_INVALID')
    return 'upstream_error'
  if (code === 'UNKNOWN_TOOL') return 'protocol_error'
  return 'tool_error'
}
