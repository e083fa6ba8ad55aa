import type { GatehouseError } from '@gatehouse/errors'
import type { Sanitised, Sanitizer } from '@gatehouse/sanitizer'
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
  progress?: ((message: Sanitised<string>, done?: number, total?: number) => void) | undefined
  requestBytes: number
  /** How long the caller still waits, where it says so; it shortens the tool's own deadline and never extends it. */
  deadlineMs?: number | undefined
}

/** One call on its way through the pipeline. Steps narrow and fill it. */
export interface Call extends Omit<Incoming, 'progress'> {
  /** What a tool says meanwhile is sanitised on its way to the door. */
  progress: ToolContext['progress']
  /** `input` once it is valid. */
  valid: Record<string, unknown>
  maxTokens: number
  /** Values redacted or withheld so far, per class; see `counting` of the sanitizer. */
  redactions: Record<string, number>
  /** Whether a cluster may have been asked. A step that asks one before the tool runs sets it too. */
  reached: boolean
  /** What ended the call, if not its tool's answer. */
  failure?: GatehouseError
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
  /** Names of tools that may run although they change a cluster: these carry a gate of their own. None by default. */
  changes?: readonly string[]
  /** Whether every reply says how sensitive it is. Off by default. */
  classify?: boolean
}
