import type { OperationOutcome, Plan, Requester } from '@gatehouse/operations'
import type { Outcome } from '@gatehouse/tools'
import type { Selectable } from 'kysely'
import { planDigestOfText } from './plan-digest.ts'
import type { RequestTable, Tables } from './store/schema.ts'

export const requestStates = [
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
] as const satisfies readonly Outcome['state'][]
export type RequestState = (typeof requestStates)[number]

/** States that never change again. */
export const isFinal = (state: RequestState) => !['pending', 'approved', 'executing'].includes(state)

/** One person's vote. `at` in milliseconds since 1970. */
export interface StoredDecision {
  subject: string
  decision: 'approve' | 'reject'
  reason: string | null
  /** The token or session it came with. */
  credential: string
  planDigest: string
  viewDigest: string
  singleUser: boolean
  at: number
}

/** A request with all that belongs to it. Its plan is unredacted: pages and replies show `changes`, not `request`. */
export interface StoredRequest {
  requestId: string
  state: RequestState
  plan: Plan
  planDigest: string
  viewDigest: string
  requester: Requester
  correlationId: string | null
  /** How often the same change was asked for while this waited. */
  seen: number
  createdAt: number
  /** To be decided before. */
  expiresAt: number
  decidedAt: number | null
  /** To be claimed before. */
  claimBy: number | null
  finishedAt: number | null
  /** Why it is in its state, where that needs words. */
  reason: string | null
  decisions: StoredDecision[]
  /** How many people must approve. */
  approvers: number
  /** In the order of the plan's operations; shorter until all have ended. */
  outcomes: OperationOutcome[]
}

/** A request without its plan, which may be large: all that a list reads of it each time. */
export type RequestHead = Omit<StoredRequest, 'plan' | 'requester' | 'approvers'>

type Row = Selectable<RequestTable>
type Children = { decisions: Selectable<Tables['decisions']>[]; outcomes: string[] }

export function toRequest(row: Row, children: Children): StoredRequest {
  const plan = readPlan(row)
  return { ...toHead(row, children), plan, requester: plan.requester, approvers: plan.policy.approvers }
}

export function toHead(row: Omit<Row, 'plan'>, { decisions, outcomes }: Children): RequestHead {
  return {
    requestId: row.id,
    state: row.state as RequestState,
    planDigest: row.plan_digest,
    viewDigest: row.view_digest,
    correlationId: row.correlation_id,
    seen: row.seen,
    createdAt: row.created_at,
    expiresAt: row.expires_at,
    decidedAt: row.decided_at,
    claimBy: row.claim_by,
    finishedAt: row.finished_at,
    reason: row.reason,
    decisions: decisions.map(toDecision),
    outcomes: outcomes.map((text) => JSON.parse(text) as OperationOutcome),
  }
}

// A plan that was changed in the database must not bring down whoever lists requests. An empty one stands for it, which
// is found out before anything is done with it.
export function readPlan(row: Pick<Row, 'plan' | 'plan_digest' | 'requester_subject' | 'created_at'>): Plan {
  const plan = planDigestOfText(row.plan) === row.plan_digest ? parse(row.plan) : undefined
  if (isPlan(plan)) return plan
  return {
    schema: 1,
    operations: [],
    identity: '',
    requester: { subject: row.requester_subject, kind: 'agent', credential: '' },
    tool: '',
    policy: { level: 0, approvers: Number.MAX_SAFE_INTEGER, rules: [], digest: '' },
    createdAt: row.created_at,
    expiresAt: row.created_at,
  }
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

function isPlan(value: unknown): value is Plan {
  const { requester, policy, operations } = (value ?? {}) as Partial<Plan>
  return (
    typeof requester?.subject === 'string' &&
    typeof policy?.approvers === 'number' &&
    Array.isArray(operations) &&
    operations.every((operation) => typeof operation?.target?.name === 'string')
  )
}

function toDecision(row: Selectable<Tables['decisions']>): StoredDecision {
  return {
    subject: row.subject,
    decision: row.decision as StoredDecision['decision'],
    reason: row.reason,
    credential: row.credential,
    planDigest: row.plan_digest,
    viewDigest: row.view_digest,
    singleUser: row.single_user === 1,
    at: row.at,
  }
}
