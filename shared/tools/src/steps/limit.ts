import { GatehouseError } from '@gatehouse/errors'
import type { PipelineOptions, Step } from '../call.ts'

/** Refuses calls beyond what one process can hold, so that a flood costs its sender and nobody else. */
export function limit({ maxInFlight = 500 }: PipelineOptions): Step {
  let running = 0
  return async (_call, next) => {
    if (running >= maxInFlight) throw new GatehouseError('RATE_LIMITED')
    running++
    try {
      return await next()
    } finally {
      running--
    }
  }
}
