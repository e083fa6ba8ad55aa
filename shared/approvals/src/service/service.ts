import { setTimeout as pause } from 'node:timers/promises'
import { GatehouseError } from '@gatehouse/errors'
import { type Clusters, isName } from '@gatehouse/kubernetes'
import { type Plan, planOperations } from '@gatehouse/operations'
import { allowsClusterWide, type Policy } from '@gatehouse/policy/gate'
import type { Sanitised, Sanitizer } from '@gatehouse/sanitizer'
import { defaultContext } from '../default-context.ts'
import type { EventFeed } from '../events.ts'
import { planDigest } from '../plan-digest.ts'
import { actorOf, type Principal } from '../principal.ts'
import { propose } from '../propose.ts'
import { getRequest, listHeads } from '../read-request.ts'
import { recordEvent } from '../record.ts'
import { isFinal, type RequestState, type StoredRequest } from '../request.ts'
import type { Store } from '../store/store.ts'
import { fairTurn } from '../view/fair-turn.ts'
import { createListing } from '../view/listing.ts'
import { type OutcomeView, standaloneOutcome } from '../view/outcome-view.ts'
import { type PendingView, pendingView, requestUrl } from '../view/pending-view.ts'
import { headlineOf, planView, viewDigestOf } from '../view/plan-view.ts'
import { judgePlan } from './judge.ts'
import { countChanges } from './spending.ts'
import type { Submission } from './submission.ts'

export interface ServiceOptions {
  store: Store
  feed: EventFeed
  /** With the identity that may write: it plans by dry runs. */
  clusters: Clusters
  policy: () => Policy
  /** Requests are shown blind: what a caller says in them must not answer guesses at secrets. */
  sanitizer: Sanitizer
  /** What links shown to people begin with. */
  publicUrl: string
  /** How long a request waits for a decision. */
  waitMs: number
}

export interface CallContext {
  correlationId: string
  signal: AbortSignal
}

interface OutcomePage {
  items: Sanitised<OutcomeView>[]
  continue?: string
}

/** From what somebody asks for to a request that waits for a person, and how it ended. */
export interface ApprovalService {
  /** @throws GatehouseError BLOCKED_BY_POLICY, CANNOT_PLAN, NO_CHANGE, RATE_LIMITED, … Nothing is stored then but the record. */
  submit(principal: Principal, submission: Submission, context: CallContext): Promise<StoredRequest>
  /** What whoever asked is told of a request that waits. */
  pending(request: StoredRequest, context: CallContext): Sanitised<PendingView>
  /** How a request stands; waits up to `seconds` for its end. */
  outcome(requestId: string, seconds: number, context: CallContext): Promise<Sanitised<OutcomeView>>
  /** Newest first. */
  list(
    filter: { state?: string | undefined; limit?: number | undefined; cursor?: string | undefined },
    context: CallContext,
  ): Promise<OutcomePage>
  /** A new request that takes a succeeded one back. */
  undo(principal: Principal, requestId: string, context: CallContext): Promise<StoredRequest>
  defaultContext(server: string): Promise<string | undefined>
}

const LOOK_EVERY_MS = 500

export function createApprovalService(options: ServiceOptions): ApprovalService {
  const { store, publicUrl } = options
  const sanitizer = options.sanitizer.blind()
  const outcomeOf = (request: StoredRequest, { correlationId }: CallContext) =>
    standaloneOutcome(
      request,
      headlineOf(request.plan, sanitizer),
      requestUrl(publicUrl, request.requestId),
      correlationId,
      sanitizer,
    )
  const listing = createListing(store, sanitizer)
  const submit: ApprovalService['submit'] = async (principal, submission, context) => {
    const plan = await planFor(options, principal, submission, context)
    await fairTurn(principal.subject)
    const view = planView(plan, planDigest(plan), sanitizer)
    const { correlationId } = context
    return (await propose(store, principal, { plan, viewDigest: viewDigestOf(view), correlationId })).request
  }
  return {
    submit,
    pending: (request, { correlationId }) => pendingView(request, publicUrl, correlationId, sanitizer),
    outcome: async (requestId, seconds, context) =>
      outcomeOf(await ended(options, requestId, seconds, context), context),
    list: async ({ state, limit, cursor }, { correlationId }) => {
      const states = state === undefined ? undefined : [state as RequestState]
      const page = await listHeads(store, {
        ...(states && { states }),
        ...(limit !== undefined && { limit }),
        ...(cursor !== undefined && { cursor }),
      })
      return {
        items: await Promise.all(
          page.heads.map((head) =>
            listing.outcome(head, 'tools', requestUrl(publicUrl, head.requestId), correlationId),
          ),
        ),
        ...(page.cursor !== undefined && { continue: page.cursor }),
      }
    },
    undo: async (principal, requestId, context) =>
      submit(principal, undoSubmission(await getRequest(store, requestId)), context),
    defaultContext: (server) => defaultContext(store, server),
  }
}

async function planFor(
  options: ServiceOptions,
  principal: Principal,
  { operations, claim, tool }: Submission,
  { signal, correlationId }: CallContext,
): Promise<Plan> {
  const { clusters, store, policy: currentPolicy, waitMs } = options
  const policy = currentPolicy()
  const planned = await planOperations(
    operations,
    { clusters, defaultContext: (server) => defaultContext(store, server) },
    { signal, clusterScoped: (resource) => allowsClusterWide(policy, resource) },
  )
  const { subject, kind, behind } = principal
  const requester = { subject, kind, changesLastHour: await countChanges(store, subject) }
  try {
    const { level, approvers, rules } = judgePlan(planned, policy, requester)
    const createdAt = await store.now()
    const context = planned[0]?.target.context
    return {
      schema: 1,
      operations: planned,
      identity: clusters.cluster(context).identity,
      requester: {
        subject,
        kind,
        credential: actorOf(principal).credential,
        ...(behind !== null && { behind }),
      },
      ...(claim && { claim }),
      tool,
      policy: { level, approvers, rules, digest: policy.digest },
      createdAt,
      expiresAt: createdAt + waitMs,
    }
  } catch (thrown) {
    if (thrown instanceof GatehouseError && thrown.code === 'BLOCKED_BY_POLICY') {
      const targets = planned.map(({ type, target }) => ({ type, ...target }))
      const payload = { reasons: thrown.data.reasons, targets, tool, correlationId, policy: policy.digest }
      await recordEvent(store, { type: 'policy.denied', actor: actorOf(principal), payload })
    }
    throw thrown
  }
}

async function ended(
  { store, feed }: ServiceOptions,
  requestId: string,
  seconds: number,
  { signal }: CallContext,
): Promise<StoredRequest> {
  if (!isName(requestId))
    throw new GatehouseError('NOT_FOUND', 'No such request', { hint: 'Check the request id' })
  const until = Date.now() + seconds * 1_000
  const closing = new AbortController()
  const all = AbortSignal.any([signal, closing.signal])
  // Subscribed before the first look: what happens in between must not be missed.
  const events = feed.subscribe({ requestId, signal: all })
  try {
    for (;;) {
      const request = await getRequest(store, requestId)
      const left = until - Date.now()
      if (isFinal(request.state) || left <= 0) return request
      await Promise.race([events.next(), pause(Math.min(left, LOOK_EVERY_MS), undefined, { signal: all })])
    }
  } finally {
    closing.abort()
  }
}

function undoSubmission({ requestId, plan, outcomes, state }: StoredRequest): Submission {
  const done = plan.operations.filter((_one, index) => outcomes[index]?.state === 'succeeded')
  if (done.length === 0 || !isFinal(state)) {
    throw new GatehouseError('CONFLICT', 'There is nothing to undo: no operation of this request succeeded')
  }
  // The last change is taken back first.
  const operations = done.toReversed().flatMap(({ undo, title }) => {
    if ('operations' in undo) return undo.operations
    throw new GatehouseError('CANNOT_PLAN', `"${title}" cannot be undone: ${undo.refused}`)
  })
  return { operations, claim: { reason: `Undo of request ${requestId}` }, tool: 'undo' }
}
