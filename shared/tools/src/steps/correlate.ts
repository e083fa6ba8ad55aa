import { withCorrelation } from '@gatehouse/telemetry'
import type { Step } from '../call.ts'

/** Makes the ids of the call visible to every log line and outgoing request below. */
export function correlate(): Step {
  return (call, next) => withCorrelation(call.correlation, next)
}
