import type { Sanitised, Sanitizer } from '@gatehouse/sanitizer'
import type { StoredRequest } from '../request.ts'
import { headlineOf } from './plan-view.ts'
import { iso } from './request-view.ts'
import { type Shown, showing } from './shown-text.ts'

/** The answer to every change that was asked for: it waits for a person. Never an error. */
export interface PendingView {
  state: 'pending'
  requestId: Shown
  approvalUrl: Shown
  expiresAt: string
  planDigest: Shown
  summary: Shown
  target: { context: Shown; namespace: Shown; identity: Shown }
  correlation_id: Shown
}

/** @param publicUrl what links shown to people begin with, without a slash at the end */
export function pendingView(
  stored: StoredRequest,
  publicUrl: string,
  correlationId: string,
  sanitizer: Sanitizer,
): Sanitised<PendingView> {
  const show = showing(sanitizer)
  const { title, target } = headlineOf(stored.plan, sanitizer)
  return sanitizer.value({
    state: 'pending' as const,
    requestId: show(stored.requestId),
    approvalUrl: show(requestUrl(publicUrl, stored.requestId)),
    expiresAt: iso(stored.expiresAt),
    planDigest: show(stored.planDigest),
    summary: title,
    target,
    correlation_id: show(correlationId),
  })
}

/** Where a person decides. Knowing it authorises nobody. */
export function requestUrl(publicUrl: string, requestId: string): string {
  return `${publicUrl}/requests/${requestId}`
}
