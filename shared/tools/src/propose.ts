import { z } from 'zod'
import { defineTool, type ToolContext, type ToolDefinition } from './tool.ts'

/** What a tool asks for instead of doing it. `operations` are values of shared/operations. */
export interface Proposal {
  operations: readonly object[]
  /** The agent's own words: shown as a claim, never used to decide. */
  claim?: { reason?: string; severity?: string; service?: string; explanations?: string[] }
}

/** Where proposals go: the process that owns approvals, or this one. */
export interface SubmitPort {
  submit(proposal: Proposal, context: ProposalContext): Promise<Pending>
}

export interface ProposalContext {
  /** Canonical name of the tool that asks. */
  tool: string
  /** Who calls, as the door knows it. */
  caller: string
  correlationId: string
  signal: AbortSignal
}

/** The answer to every change: it waits for a person. Never an error, and never the change itself. */
export const pending = z.object({
  state: z.literal('pending'),
  requestId: z.string(),
  approvalUrl: z.string(),
  expiresAt: z.string(),
  planDigest: z.string(),
  summary: z.string(),
  target: z.object({ context: z.string(), namespace: z.string(), identity: z.string() }),
  correlation_id: z.string(),
})
export type Pending = z.infer<typeof pending>

type Proposing<Input extends z.ZodObject, Deps> = Omit<
  ToolDefinition<Input, typeof pending, Deps>,
  'run' | 'output' | 'proposes' | 'summarize' | 'risk'
> & {
  risk: 'write' | 'destructive'
  propose(input: z.output<Input>, context: ToolContext, deps: Deps): Promise<Proposal> | Proposal
}

/** A tool that changes something: it can only ask. What it returns is planned, shown to a person and then executed. */
export function defineProposal<Input extends z.ZodObject, Deps extends { approvals: SubmitPort }>(
  tool: Proposing<Input, Deps>,
): ToolDefinition<Input, typeof pending, Deps> {
  const { propose, ...rest } = tool
  return defineTool({
    ...rest,
    output: pending,
    proposes: true,
    summarize: pendingText,
    run: async (input, context, deps) => {
      const { correlationId, caller, signal } = context
      const proposal = await propose(input, context, deps)
      return deps.approvals.submit(proposal, { tool: tool.name, caller, correlationId, signal })
    },
  })
}

/** The same in words, with the fingerprint a person compares. */
export function pendingText({
  summary,
  approvalUrl,
  requestId,
  planDigest,
  expiresAt,
  target,
}: Pending): string {
  const { context, namespace, identity } = target
  return [
    `pending approval: ${summary}`,
    `context ${context}${namespace ? `, namespace ${namespace}` : ''}, as ${identity}`,
    `A person decides at ${approvalUrl} until ${expiresAt}; fingerprint ${planDigest.slice(0, 4)} ${planDigest.slice(4, 8)}`,
    `requestId ${requestId}: waitForOperation tells the outcome. Nothing has changed yet.`,
  ].join('\n')
}
