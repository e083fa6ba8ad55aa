import { GatehouseError } from '@gatehouse/errors'
import type { Call, PipelineOptions } from '../call.ts'
import { Page } from '../page.ts'
import { renderText } from '../render.ts'
import { estimateTokens } from '../tokens.ts'
import type { AnyTool } from '../tool.ts'

// The estimate may be a tenth low, and the fence comes on top.
const MARGIN = 0.85

/**
 * Runs the tool and keeps of its rows what fits the budget, as text and as data alike. The rest stays reachable
 * through `continue`. Data that is no list is bounded by its tool.
 */
export function budget({ deps }: PipelineOptions): (call: Call) => Promise<Record<string, unknown>> {
  return async (call) => {
    const { tool } = call
    if (!tool) throw new GatehouseError('UNKNOWN_TOOL')
    const result: unknown = await tool.run(
      call.valid,
      {
        correlationId: call.correlation.correlationId,
        caller: call.caller,
        signal: call.signal,
        progress: call.progress,
        maxTokens: call.maxTokens,
      },
      deps,
    )
    return check(tool, result instanceof Page ? fit(result, tool, call.maxTokens) : result)
  }
}

function fit(page: Page<unknown>, tool: AnyTool, maxTokens: number): unknown {
  let low = 1
  let high = page.items.length
  let best = page.build(page.items.slice(0, 1))
  if (high === 0) return page.build([])
  const guess = Math.min(high, Math.max(1, Math.floor(maxTokens / 40)))
  for (let middle = guess; low <= high; middle = (low + high) >> 1) {
    const candidate = page.build(page.items.slice(0, middle))
    if (fits(candidate, tool, maxTokens)) {
      best = candidate
      low = middle + 1
    } else high = middle - 1
  }
  return best
}

// Text and data go out side by side, and which one a host shows its model is the host's choice.
function fits(data: unknown, tool: AnyTool, maxTokens: number): boolean {
  const json = JSON.stringify(data)
  if (json.length > maxTokens * 6) return false
  const most = maxTokens * MARGIN
  return estimateTokens(json) <= most && estimateTokens(renderText(tool, data)) <= most
}

function check(tool: AnyTool, data: unknown): Record<string, unknown> {
  const parsed = tool.output.safeParse(data)
  if (parsed.success) return parsed.data
  throw new Error(`${tool.name} broke its own output schema at ${parsed.error.issues[0]?.path.join('.')}`, {
    cause: parsed.error,
  })
}
