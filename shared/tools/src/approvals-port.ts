import { z } from 'zod'
import type { SubmitPort } from './propose.ts'

/** How a proposed change stands or ended. */
export const outcome = z.object({
  requestId: z.string(),
  state: z.enum([
    'pending',
    'approved',
    'executing',
    'succeeded',
    'failed',
    'indeterminate',
    'rejected',
    'expired',
    'cancelled',
    'stale',
    'blocked',
  ]),
  target: z.object({ context: z.string(), namespace: z.string(), identity: z.string() }),
  summary: z.string().optional(),
  approvalUrl: z.string().optional(),
  operations: z.array(
    z.object({
      state: z.string(),
      title: z.string().optional(),
      result: z.record(z.string(), z.unknown()).optional(),
      error: z.string().optional(),
    }),
  ),
  verification: z.object({ ok: z.boolean(), text: z.string() }).optional(),
  /** Why it was rejected, blocked or has gone stale. */
  reason: z.string().optional(),
  correlation_id: z.string(),
})
export type Outcome = z.infer<typeof outcome>

export interface OutcomeQuery {
  requestId: string
  /** Wait this long for a final state. */
  seconds?: number | undefined
}

export interface ListOutcomes {
  state?: string | undefined
  limit?: number | undefined
  continue?: string | undefined
}

export interface PortContext {
  caller: string
  correlationId: string
  signal: AbortSignal
}

/** The way from tools to the process that owns approvals: over HTTP, or a direct call where it is this process. */
export interface ApprovalsPort extends SubmitPort {
  outcome(query: OutcomeQuery, context: PortContext): Promise<Outcome>
  list(query: ListOutcomes, context: PortContext): Promise<{ items: Outcome[]; continue?: string }>
  /** The default context a server was last switched to; undefined where it never was. */
  defaultContext(server: string, signal: AbortSignal): Promise<string | undefined>
}
