import type { Clusters } from '@gatehouse/kubernetes'
import type { MetricsSnapshot } from '@gatehouse/telemetry'
import { defineTool as define, type ToolDefinition } from '@gatehouse/tools'
import type { z } from 'zod'

/** All that the tools of this server may touch. */
export interface Deps {
  clusters: Clusters
  metrics: () => Promise<MetricsSnapshot>
}

/** `defineTool` bound to this server's dependencies, so that a wrong reply is a compile error in the tool's file. */
export function defineTool<Input extends z.ZodObject, Output extends z.ZodObject>(
  tool: ToolDefinition<Input, Output, Deps>,
): ToolDefinition<Input, Output, Deps> {
  return define(tool)
}
