import { asGatehouseError } from '@gatehouse/errors'
import type { PipelineOptions, Step } from '../call.ts'
import type { Reply } from '../tool.ts'

/** Turns whatever was thrown below into a reply of the catalogue's shape. The internal cause goes to the log only. */
export function answer({ log, sanitizer }: PipelineOptions): Step {
  return async (call, next): Promise<Reply> => {
    try {
      return await next()
    } catch (thrown) {
      const error = asGatehouseError(thrown)
      if (error.code === 'INTERNAL') {
        log.error('internal error', { err: describe(error.cause) })
      }
      const body = {
        code: error.code,
        message: error.message,
        hint: error.hint,
        correlation_id: call.correlation.correlationId,
        ...error.data,
      }
      const text = `${error.code}: ${error.message}\nHint: ${error.hint}\ncorrelation_id: ${body.correlation_id}`
      return {
        structured: sanitizer.value(body),
        text: sanitizer.text(text),
        isError: true,
        http: error.http,
        errorCode: error.code,
      }
    }
  }
}

function describe(cause: unknown): string {
  return cause instanceof Error ? (cause.stack ?? cause.message).slice(0, 2000) : 'not an error object'
}
