import type { Sanitised, Sanitizer } from '@gatehouse/sanitizer'
import type { RequestHead, RequestState, StoredRequest } from '../request.ts'
import { type OutcomeOfRequest, outcomeOfRequest } from './outcome-view.ts'
import { type PlanView, planView, viewDigestOf } from './plan-view.ts'
import { type Show, type Shown, showing } from './shown-text.ts'

export interface DecisionView {
  subject: Shown
  decision: 'approve' | 'reject'
  reason?: Shown
  at: string
  /** Decided under single-user mode. */
  singleUser?: boolean
}

/** What is shown of a request beside its plan. Times in ISO 8601. */
export interface HeadView {
  requestId: Shown
  state: RequestState
  /** Why it is in its state, where that needs words. */
  reason?: Shown
  createdAt: string
  expiresAt: string
  decidedAt?: string
  finishedAt?: string
  /** How often the same was asked for while this waited. */
  seen: number
}

/** Exactly what a page shows and REST returns of a request. */
export interface RequestView extends HeadView, PlanView {
  viewDigest: Shown
  decisions: DecisionView[]
  outcome?: OutcomeOfRequest
}

/**
 * The view of a stored request. One whose recorded view digest is no longer that of what is shown cannot be approved:
 * what the record says was shown would not be what was.
 */
export function requestView(stored: StoredRequest, sanitizer: Sanitizer): Sanitised<RequestView> {
  const show = showing(sanitizer)
  const plan = planView(stored.plan, stored.planDigest, sanitizer)
  const viewDigest = viewDigestOf(plan)
  const titles = plan.operations.map(({ title }) => title as Shown)
  const outcome = outcomeOfRequest(stored, titles, show)
  const same = viewDigest === stored.viewDigest
  return sanitizer.value({
    ...headView(stored, show),
    ...plan,
    ...(!same && {
      approvable: false,
      notApprovable: show('It is shown differently now than when it was recorded. Reject it and ask again.'),
    }),
    viewDigest: show(viewDigest),
    decisions: decisionsOf(stored, show),
    ...(outcome && { outcome }),
  })
}

export function headView(head: RequestHead, show: Show): HeadView {
  return {
    requestId: show(head.requestId),
    state: head.state,
    ...(head.reason !== null && { reason: show(head.reason) }),
    createdAt: iso(head.createdAt),
    expiresAt: iso(head.expiresAt),
    ...(head.decidedAt !== null && { decidedAt: iso(head.decidedAt) }),
    ...(head.finishedAt !== null && { finishedAt: iso(head.finishedAt) }),
    seen: head.seen,
  }
}

export function decisionsOf({ decisions }: RequestHead, show: Show): DecisionView[] {
  return decisions.map(({ subject, decision, reason, at, singleUser }) => ({
    subject: show(subject),
    decision,
    ...(reason !== null && { reason: show(reason) }),
    at: iso(at),
    ...(singleUser && { singleUser }),
  }))
}

export function iso(at: number): string {
  return new Date(at).toISOString()
}
