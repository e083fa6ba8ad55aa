import { asGatehouseError, type GatehouseError } from '@gatehouse/errors'
import type { Call, PipelineOptions, Step } from '../call.ts'
import { looksLikeInstructions, NOTICE } from '../instructions.ts'
import type { Reply } from '../tool.ts'

/** Turns whatever was thrown below into a reply of the catalogue's shape. The internal cause goes to the log only. */
export function answer(options: PipelineOptions): Step {
  return async (call, next): Promise<Reply> => {
    try {
      return await next()
    } catch (thrown) {
      const error = asGatehouseError(thrown)
      call.failure = error
      if (error.code === 'INTERNAL') options.log.error('internal error', { err: describe(error.cause) })
      return errorReply(error, call, options)
    }
  }
}

function errorReply(error: GatehouseError, call: Call, options: PipelineOptions): Reply {
  // Messages repeat what the caller sent: a digest there would let guesses be compared with real secrets.
  const sanitizer = options.sanitizer.blind()
  // One line, so that quoted text cannot add a hint of its own.
  const message = error.message.replace(/\s+/g, ' ').trim()
  const body = {
    code: error.code,
    message,
    hint: error.hint,
    correlation_id: call.correlation.correlationId,
    ...error.data,
    ...(error.quotesCluster && looksLikeInstructions(message) && { notice: NOTICE }),
  }
  const said = error.quotesCluster
    ? `\n${sanitizer.fence(message, call.tool?.name ?? 'cluster')}`
    : ` ${message}`
  const text = `${error.code}:${said}\nHint: ${error.hint}\ncorrelation_id: ${body.correlation_id}`
  return {
    structured: sanitizer.value(body),
    text: sanitizer.text(text),
    isError: true,
    http: error.http,
    errorCode: error.code,
  }
}

function describe(cause: unknown): string {
  return cause instanceof Error ? (cause.stack ?? cause.message).slice(0, 2000) : 'not an error object'
}
