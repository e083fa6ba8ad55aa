import { counting } from '@gatehouse/sanitizer'
import { withCorrelation } from '@gatehouse/telemetry'
import type { Step } from '../call.ts'

/** Makes the ids of the call visible to every log line and outgoing request below, and counts its redactions. */
export function correlate(): Step {
  return (call, next) => withCorrelation(call.correlation, () => counting(call.redactions, next))
}
