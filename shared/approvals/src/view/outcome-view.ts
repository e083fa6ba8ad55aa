import type { OperationOutcome } from '@gatehouse/operations'
import type { Sanitised, Sanitizer } from '@gatehouse/sanitizer'
import { isFinal, type RequestHead, type RequestState } from '../request.ts'
import type { Headline } from './plan-view.ts'
import { type Show, type Shown, showing } from './shown-text.ts'

/** What an operation gave back: plain members; what is nested stands as JSON text. */
export type Result = Record<string, Shown | number | boolean | null>

export interface OperationOutcomeView {
  state: OperationOutcome['state']
  title?: Shown
  result?: Result
  error?: Shown
  verification?: { ok: boolean; text: Shown }
}

/** How a request ended, as part of its view. */
export interface OutcomeOfRequest {
  operations: OperationOutcomeView[]
  verification?: { ok: boolean; text: Shown }
}

/** What `waitForOperation` and `GET /api/operations/{id}` answer. */
export interface OutcomeView extends OutcomeOfRequest {
  requestId: Shown
  state: RequestState
  summary: Shown
  approvalUrl: Shown
  target: { context: Shown; namespace: Shown; identity: Shown }
  reason?: Shown
  correlation_id: Shown
}

/** Undefined while nothing has been done and nothing said. */
export function outcomeOfRequest(
  { outcomes, state }: Pick<RequestHead, 'outcomes' | 'state'>,
  titles: readonly Shown[],
  show: Show,
): OutcomeOfRequest | undefined {
  if (outcomes.length === 0 && !isFinal(state)) return undefined
  const operations = outcomes.map((outcome, index) => outcomeView(outcome, titles[index], show))
  const verified = operations.flatMap(({ verification }) => verification ?? [])
  if (verified.length === 0) return { operations }
  const verification = {
    ok: verified.every(({ ok }) => ok),
    text: show(verified.map(({ text }) => text).join('; ')),
  }
  return { operations, verification }
}

function outcomeView(
  { state, reason, result, verification }: OperationOutcome,
  title: Shown | undefined,
  show: Show,
): OperationOutcomeView {
  return {
    state,
    ...(title !== undefined && { title }),
    ...(result && { result: resultOf(result, show) }),
    ...(reason !== undefined && { error: show(reason) }),
    ...(verification && { verification: { ok: verification.ok, text: show(verification.text) } }),
  }
}

function resultOf(result: Record<string, unknown>, show: Show): Result {
  const members = Object.entries(result).flatMap(([name, value]): [string, Result[string]][] => {
    if (value === undefined) return []
    if (value === null || typeof value === 'number' || typeof value === 'boolean') return [[name, value]]
    return [[name, show(typeof value === 'string' ? value : JSON.stringify(value))]]
  })
  return Object.fromEntries(members)
}

/** A request's outcome on its own, for whoever asked for the change. */
export function standaloneOutcome(
  stored: RequestHead,
  { title, target, titles }: Headline,
  approvalUrl: string,
  correlationId: string,
  sanitizer: Sanitizer,
): Sanitised<OutcomeView> {
  const show = showing(sanitizer)
  return sanitizer.value({
    requestId: show(stored.requestId),
    state: stored.state,
    summary: title,
    approvalUrl: show(approvalUrl),
    target,
    ...(stored.reason !== null && { reason: show(stored.reason) }),
    operations: [],
    ...outcomeOfRequest(stored, titles, show),
    correlation_id: show(correlationId),
  })
}
