import { GatehouseError } from '@gatehouse/errors'
import type { Step } from '../call.ts'

const DEFAULT_MS = 30_000

/** Ends the call when its time is over or its caller is gone, even where a tool forgot to listen to the signal. */
export function deadline(): Step {
  return async (call, next) => {
    const time = AbortSignal.timeout(
      Math.min(call.tool?.deadlineMs ?? DEFAULT_MS, call.deadlineMs ?? DEFAULT_MS * 10),
    )
    const caller = call.signal
    const signal = AbortSignal.any([caller, time])
    call.signal = signal
    const { promise: over, reject } = Promise.withResolvers<never>()
    const stop = () => reject(new GatehouseError(caller.aborted ? 'CANCELLED' : 'TIMEOUT'))
    if (signal.aborted) stop()
    signal.addEventListener('abort', stop, { once: true })
    try {
      return await Promise.race([next(), over])
    } finally {
      signal.removeEventListener('abort', stop)
    }
  }
}
