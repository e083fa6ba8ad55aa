import type { Clusters } from '@gatehouse/kubernetes'
import type { Operation } from '@gatehouse/operations'
import type { MetricsSnapshot } from '@gatehouse/telemetry'
import {
  type ApprovalsPort,
  defineTool as define,
  defineProposal as propose,
  type ToolContext,
  type ToolDefinition,
} from '@gatehouse/tools'
import type { z } from 'zod'
import type { Search } from './search/search.ts'

/** All that the tools of this server may touch. */
export interface Deps {
  clusters: Clusters
  metrics: () => Promise<MetricsSnapshot>
  /** Where changes are proposed, and what became of them. */
  approvals: ApprovalsPort
  /** Name of this server in the store, for its default context. */
  server: string
  /** Over documentation, reference, templates and tools. */
  search: Search
}

/** `defineTool` bound to this server's dependencies, so that a wrong reply is a compile error in the tool's file. */
export function defineTool<Input extends z.ZodObject, Output extends z.ZodObject>(
  tool: ToolDefinition<Input, Output, Deps>,
): ToolDefinition<Input, Output, Deps> {
  return define(tool)
}

interface TypedProposal {
  operations: readonly Operation[]
  claim?: { reason?: string }
}

/** `defineProposal` with typed operations. */
export function defineProposal<Input extends z.ZodObject>(
  tool: Omit<Parameters<typeof propose<Input, Deps>>[0], 'propose'> & {
    propose(input: z.output<Input>, context: ToolContext, deps: Deps): Promise<TypedProposal> | TypedProposal
  },
) {
  return propose<Input, Deps>(tool)
}

/** The claim part of a proposal, where the agent gave a reason. */
export function claimOf(reason: string | undefined): { claim?: { reason: string } } {
  return reason ? { claim: { reason } } : {}
}
