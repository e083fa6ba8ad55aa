import { GatehouseError } from '@gatehouse/errors'
import type { PipelineOptions, Step } from '../call.ts'

/**
 * Deny by default: only reads run from here, and tools that merely ask for a change and so end in the approval path.
 * The strict agent names the one tool that changes something itself and carries its own gate.
 */
export function gate({ changes = [] }: PipelineOptions): Step {
  return (call, next) => {
    const { tool } = call
    const permitted =
      tool && (tool.risk === 'read' || tool.proposes || (changes.includes(tool.name) && tool.gate))
    if (!permitted)
      throw new GatehouseError('BLOCKED_BY_POLICY', `${tool?.name ?? 'This tool'} changes a cluster`)
    tool.gate?.(call.valid)
    return next()
  }
}
