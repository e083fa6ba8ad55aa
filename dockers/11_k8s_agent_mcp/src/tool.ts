import type { Cluster, Resource } from '@gatehouse/kubernetes/single'
import type { Deleter } from '@gatehouse/operations/delete-once'
import type { Intent } from '@gatehouse/policy'
import { defineTool as define, type SubmitPort, type ToolDefinition } from '@gatehouse/tools'
import type { z } from 'zod'
import type { FieldLists } from './fields/field-lists.ts'

/** What a gated call has in its hands: the cluster, and the kind that discovery says was meant. */
interface Located {
  cluster: Cluster
  resource: Resource
}

/** All that the five tools may touch. */
export interface Deps {
  /** The only way to a cluster: judges the words, asks discovery, judges what they mean. Throws what refuses it. */
  locate(intent: Intent, signal: AbortSignal): Promise<Located>
  fields: FieldLists
  deleter: Deleter
  /** Where a deletion is submitted if an operator must approve it; without it the agent's own word counts. */
  operator: SubmitPort | undefined
}

/** `defineTool` bound to this server's dependencies. Every tool here must carry its gate. */
export function defineTool<Input extends z.ZodObject, Output extends z.ZodObject>(
  tool: ToolDefinition<Input, Output, Deps> & { gate(input: z.output<Input>): void },
): ToolDefinition<Input, Output, Deps> {
  return define(tool)
}
