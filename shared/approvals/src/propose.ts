import { canonicalJson } from '@gatehouse/audit'
import { GatehouseError } from '@gatehouse/errors'
import type { Plan } from '@gatehouse/operations'
import { sql } from 'kysely'
import { assertActive } from './authenticate.ts'
import { REQUESTED } from './integrity.ts'
import { contentDigest, planDigestOfText } from './plan-digest.ts'
import { actorOf, type Principal, sameSubject } from './principal.ts'
import { loadRequest } from './read-request.ts'
import type { StoredRequest } from './request.ts'
import { newId } from './request-id.ts'
import type { StoreSettings } from './store/settings.ts'
import type { Store, Tx } from './store/store.ts'
import { expirePending } from './sweep.ts'

export interface Proposal {
  plan: Plan
  /** Digest of exactly what the approver will be shown. */
  viewDigest: string
  correlationId?: string
}

export interface Proposed {
  request: StoredRequest
  /** The same change was asked for already and waits: this is that request. */
  repeated: boolean
}

const CLOCK_TOLERANCE_MS = 5 * 60_000

/**
 * Stores a plan for a decision. The same change asked for again while it waits is the same request, seen once more.
 * @throws GatehouseError INVALID_INPUT, NOT_PERMITTED, RATE_LIMITED, APPROVAL_EXPIRED
 */
export async function propose(store: Store, principal: Principal, proposal: Proposal): Promise<Proposed> {
  const { plan, viewDigest } = proposal
  assertPlan(plan, principal)
  if (!/^[0-9a-f]{64}$/.test(viewDigest))
    throw new GatehouseError('INVALID_INPUT', 'viewDigest: not a digest')
  const text = canonicalJson(plan)
  const content = contentDigest(plan)
  return store.write(async (tx) => {
    await assertActive(tx, principal, 'propose')
    assertTimes(plan, tx.now, store.settings)
    const known = await seeAgain(tx, plan.requester.subject, content)
    if (known) return { request: await loadRequest(tx.db, known), repeated: true }
    // One that has expired and was not swept yet still holds the place of this content.
    await expirePending(tx, { content })
    await assertQuota(tx, plan.requester.subject, Buffer.byteLength(text), store.settings)
    const id = newId(tx.now)
    await insert(tx, { ...proposal, id, text, content })
    await tx.audit({
      type: REQUESTED,
      actor: actorOf(principal),
      request: id,
      plan: planDigestOfText(text),
      outcome: viewDigest,
      payload: {
        ...summaryOf(plan),
        ...(proposal.correlationId !== undefined && { correlationId: proposal.correlationId }),
      },
    })
    return { request: await loadRequest(tx.db, id), repeated: false }
  })
}

function assertPlan(plan: Plan, principal: Principal): void {
  const { requester, operations, policy, createdAt, expiresAt } = plan
  if (!sameSubject(requester.subject, principal.subject) || requester.kind !== principal.kind)
    throw new GatehouseError('INVALID_INPUT', 'plan.requester: not the one who is asking')
  if ((requester.behind ?? null) !== principal.behind)
    throw new GatehouseError('INVALID_INPUT', 'plan.requester.behind: not the person this token acts for')
  if (operations.length === 0) throw new GatehouseError('INVALID_INPUT', 'plan.operations: empty')
  if (!Number.isSafeInteger(policy.approvers) || policy.approvers < 1 || policy.approvers > 20)
    throw new GatehouseError('INVALID_INPUT', 'plan.policy.approvers: not a number from 1 to 20')
  if (!Number.isSafeInteger(createdAt) || !Number.isSafeInteger(expiresAt))
    throw new GatehouseError('INVALID_INPUT', 'plan.createdAt, plan.expiresAt: not milliseconds since 1970')
}

function assertTimes({ createdAt, expiresAt }: Plan, now: number, { longestWaitMs }: StoreSettings): void {
  if (Math.abs(createdAt - now) > CLOCK_TOLERANCE_MS)
    throw new GatehouseError('INVALID_INPUT', 'plan.createdAt: not by the clock of the store')
  if (expiresAt <= now) throw new GatehouseError('APPROVAL_EXPIRED')
  if (expiresAt > now + longestWaitMs)
    throw new GatehouseError(
      'INVALID_INPUT',
      `plan.expiresAt: more than ${longestWaitMs / 60_000} minutes ahead`,
    )
}

async function seeAgain(tx: Tx, subject: string, content: string): Promise<string | undefined> {
  const row = await tx.db
    .updateTable('requests')
    .set((eb) => ({ seen: eb('seen', '+', 1) }))
    .where('requester_subject', '=', subject)
    .where('content_digest', '=', content)
    .where('state', '=', 'pending')
    .where('expires_at', '>', tx.clock())
    .returning('id')
    .executeTakeFirst()
  return row?.id
}

async function assertQuota(tx: Tx, subject: string, size: number, settings: StoreSettings): Promise<void> {
  const waiting = () =>
    tx.db
      .selectFrom('requests')
      .select((eb) => eb.fn.countAll<number>().as('count'))
      .where('state', '=', 'pending')
      .where('expires_at', '>', tx.clock())
  const own = await waiting()
    .select(sql<number>`coalesce(sum(octet_length(plan)), 0)`.as('bytes'))
    .where('requester_subject', '=', subject)
    .executeTakeFirstOrThrow()
  if (own.count >= settings.pendingPerRequester)
    throw new GatehouseError(
      'RATE_LIMITED',
      `${own.count} requests of ${subject} wait for a decision already`,
      {
        hint: 'Wait until some are decided, or cancel those that are no longer needed',
      },
    )
  const bytes = Number(own.bytes)
  // What waits is kept whole, and whoever decides reads it: few large requests weigh as much as many small ones.
  if (own.count > 0 && bytes + size > settings.pendingBytesPerRequester)
    throw new GatehouseError(
      'RATE_LIMITED',
      `The requests of ${subject} that wait for a decision have ${megabytes(bytes)} MB, and this one ${megabytes(size)} MB; at most ${megabytes(settings.pendingBytesPerRequester)} MB may wait`,
      {
        hint: 'Wait until some are decided, cancel those that are no longer needed, or change less at once',
      },
    )
  const all = await waiting().executeTakeFirstOrThrow()
  if (all.count >= settings.pendingInAll)
    throw new GatehouseError('RATE_LIMITED', `${all.count} requests wait for a decision already`, {
      hint: 'Somebody has to decide or cancel some before new ones are taken',
    })
}

const megabytes = (bytes: number) => (bytes / 1024 / 1024).toFixed(1)

type Row = Proposal & { id: string; text: string; content: string }

async function insert(tx: Tx, { id, plan, text, content, viewDigest, correlationId }: Row): Promise<void> {
  await tx.db
    .insertInto('requests')
    .values({
      id,
      state: 'pending',
      plan: text,
      plan_digest: planDigestOfText(text),
      view_digest: viewDigest,
      content_digest: content,
      requester_subject: plan.requester.subject,
      correlation_id: correlationId ?? null,
      seen: 1,
      created_at: tx.now,
      expires_at: plan.expiresAt,
      fence: 0,
    })
    .execute()
}

// Never bodies: the chain is kept for good and leaves by export.
function summaryOf({ operations, tool, policy, claim, requester }: Plan) {
  const operation = operations.map(({ type, target, title }) => ({ type, target, title }))
  return { operations: operation, tool, policy, claim, behind: requester.behind }
}
