import { GatehouseError } from '@gatehouse/errors'
import type { Step } from '../call.ts'

/** Deny by default: only reads run from here. Changes go to the approval path, which no tool of this step reaches. */
export function gate(): Step {
  return (call, next) => {
    if (call.tool?.risk === 'read') return next()
    throw new GatehouseError('BLOCKED_BY_POLICY', `${call.tool?.name ?? 'This tool'} changes a cluster`)
  }
}
