import type { Sanitizer } from '@gatehouse/sanitizer'
import type { Correlation, Logger, Metrics } from '@gatehouse/telemetry'
import type { AnyTool, Reply, ToolContext } from './tool.ts'

/** What a door knows when a call arrives. */
export interface Incoming {
  /** As the caller wrote it; may be no tool at all. */
  name: string
  tool: AnyTool | undefined
  input: unknown
  door: 'mcp' | 'rest'
  /** Who calls, as far as the door knows: never a token. */
  caller: string
  correlation: Correlation
  signal: AbortSignal
  progress?: ToolContext['progress'] | undefined
  requestBytes: number
}

/** One call on its way through the pipeline. Steps narrow and fill it. */
export interface Call extends Incoming {
  /** `input` once it is valid. */
  valid: Record<string, unknown>
  maxTokens: number
}

/** A step does its part and calls `next`; whatever it throws becomes an error reply in `answer`. */
export type Step = (call: Call, next: () => Promise<Reply>) => Promise<Reply>

export interface PipelineOptions {
  deps: unknown
  sanitizer: Sanitizer
  metrics: Metrics
  log: Logger
  /** All tools, for "did you mean". */
  tools: readonly AnyTool[]
  /** Calls running at once before others are refused. */
  maxInFlight?: number
}
