import type { Sanitised, Sanitizer } from '@gatehouse/sanitizer'
import type { RequestState, StoredRequest } from '../request.ts'
import { type OutcomeOfRequest, outcomeOfRequest } from './outcome-view.ts'
import { type PlanView, planView, viewDigestOf } from './plan-view.ts'
import { type Shown, showing } from './shown-text.ts'

interface DecisionView {
  subject: Shown
  decision: 'approve' | 'reject'
  reason?: Shown
  at: string
  /** Decided under single-user mode. */
  singleUser?: boolean
}

/** Exactly what a page shows and REST returns of a request. Times in ISO 8601. */
export interface RequestView extends PlanView {
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
  const outcome = outcomeOfRequest(stored, sanitizer)
  const same = viewDigest === stored.viewDigest
  return sanitizer.value({
    requestId: show(stored.requestId),
    state: stored.state,
    ...(stored.reason !== null && { reason: show(stored.reason) }),
    createdAt: iso(stored.createdAt),
    expiresAt: iso(stored.expiresAt),
    ...(stored.decidedAt !== null && { decidedAt: iso(stored.decidedAt) }),
    ...(stored.finishedAt !== null && { finishedAt: iso(stored.finishedAt) }),
    seen: stored.seen,
    ...plan,
    ...(!same && {
      approvable: false,
      notApprovable: show('It is shown differently now than when it was recorded. Reject it and ask again.'),
    }),
    viewDigest: show(viewDigest),
    decisions: stored.decisions.map(({ subject, decision, reason, at, singleUser }) => ({
      subject: show(subject),
      decision,
      ...(reason !== null && { reason: show(reason) }),
      at: iso(at),
      ...(singleUser && { singleUser }),
    })),
    ...(outcome && { outcome }),
  })
}

/** The same for lists of what waits: without the differences. */
export function withoutDiff(view: Sanitised<RequestView>, sanitizer: Sanitizer): Sanitised<object> {
  const operations = view.operations.map(({ diff: _left, ...rest }) => rest)
  return sanitizer.value({ ...view, operations })
}

export function iso(at: number): string {
  return new Date(at).toISOString()
}
