import type { Clusters } from '@gatehouse/kubernetes'
import { type ApprovalsPort, defineTool as define, type ToolDefinition } from '@gatehouse/tools'
import type { z } from 'zod'

/** All that the three tools may touch. */
export interface Deps {
  /** For reads, with the identity of this process. */
  clusters: Clusters
  approvals: ApprovalsPort
}

/** `defineTool` bound to this server's dependencies. */
export function defineTool<Input extends z.ZodObject, Output extends z.ZodObject>(
  tool: ToolDefinition<Input, Output, Deps>,
): ToolDefinition<Input, Output, Deps> {
  return define(tool)
}
