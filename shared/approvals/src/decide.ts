import { GatehouseError } from '@gatehouse/errors'
import { assertActive } from './authenticate.ts'
import { brakeEpoch } from './brakes.ts'
import { blockTampered, findTampering } from './integrity.ts'
import { actorOf, type Principal } from './principal.ts'
import { loadRequest } from './read-request.ts'
import { isFinal, type StoredRequest } from './request.ts'
import { assertMayDecide, isRequester } from './separation.ts'
import type { Store, Tx } from './store/store.ts'
import { Refused } from './store/store-errors.ts'

export interface DecisionInput {
  requestId: string
  decision: 'approve' | 'reject'
  /** Of the plan that was shown. Needed to approve. */
  planDigest?: string | undefined
  /** Of the view that was shown. Needed to approve. */
  viewDigest?: string | undefined
  reason?: string | undefined
}

export interface Decided {
  request: StoredRequest
  /** This decision had been made before; nothing changed. */
  repeated: boolean
}

/**
 * Approves or rejects one request. Repeating a decision returns what is stored.
 * @throws GatehouseError INVALID_INPUT, NOT_FOUND, NOT_PERMITTED, SELF_APPROVAL, DIGEST_MISMATCH, CONFLICT,
 * APPROVAL_EXPIRED, HALTED, TAMPERED
 */
export async function decide(store: Store, principal: Principal, input: DecisionInput): Promise<Decided> {
  if (input.reason !== undefined && (input.reason.length > 2_000 || !input.reason.isWellFormed()))
    throw new GatehouseError('INVALID_INPUT', 'reason: at most 2000 characters')
  return store.write(async (tx) => {
    const request = await loadRequest(tx.db, input.requestId)
    const tampering = isFinal(request.state) ? undefined : await findTampering(tx, request)
    if (tampering) return blockTampered(tx, request, tampering)
    try {
      await assertActive(tx, principal, 'approve')
      assertMayDecide(principal, request, store.settings.singleUser)
      const earlier = request.decisions.find(({ subject }) => subject === principal.subject)
      if (earlier) return repeat(request, earlier.decision, input)
      assertDigests(request, input)
      assertPending(request)
    } catch (thrown) {
      return onRecord(tx, principal, request, thrown)
    }
    return vote(tx, store, principal, request, input)
  })
}

async function vote(
  tx: Tx,
  store: Store,
  principal: Principal,
  request: StoredRequest,
  input: DecisionInput,
): Promise<Decided | Refused> {
  const approving = input.decision === 'approve'
  const epoch = await brakeEpoch(tx.db)
  if (approving && epoch === undefined) return new Refused(new GatehouseError('HALTED'))
  const before = request.decisions.filter(({ decision }) => decision === 'approve').length
  const enough = approving && before + 1 >= request.approvers
  const state = enough ? 'approved' : approving ? 'pending' : 'rejected'
  const approval = {
    decided_at: tx.now,
    claim_by: tx.now + store.settings.claimTtlMs,
    brake_epoch: epoch ?? null,
  }
  const rejection = { decided_at: tx.now, finished_at: tx.now, reason: input.reason ?? null }
  const changed = await tx.db
    .updateTable('requests')
    .set({ state, ...(enough && approval), ...(!approving && rejection) })
    .where('id', '=', request.requestId)
    .where('state', '=', 'pending')
    .where('expires_at', '>', tx.clock())
    .returning('id')
    .executeTakeFirst()
  if (!changed) return expired(tx, request)
  const singleUser = isRequester(principal, request)
  await insertDecision(tx, principal, request, input, singleUser)
  await tx.audit({
    type: `decision.${input.decision}`,
    actor: actorOf(principal),
    request: request.requestId,
    plan: request.planDigest,
    outcome: state,
    payload: { viewDigest: request.viewDigest, reason: input.reason, ownRequest: singleUser },
  })
  return { request: await loadRequest(tx.db, request.requestId), repeated: false }
}

async function insertDecision(
  tx: Tx,
  principal: Principal,
  { requestId, planDigest, viewDigest }: StoredRequest,
  { decision, reason }: DecisionInput,
  singleUser: boolean,
): Promise<void> {
  const row = {
    request_id: requestId,
    subject: principal.subject,
    decision,
    reason: reason ?? null,
    credential: actorOf(principal).credential,
    plan_digest: planDigest,
    view_digest: viewDigest,
    single_user: singleUser ? 1 : 0,
    at: tx.now,
  }
  await tx.db
    .insertInto('decisions')
    .values({ ...row, seal: tx.seals.of('decisions', row) })
    .execute()
}

function repeat(request: StoredRequest, earlier: string, input: DecisionInput): Decided {
  if (earlier !== input.decision)
    throw new GatehouseError('CONFLICT', `You have decided this request already: ${earlier}`)
  for (const field of ['planDigest', 'viewDigest'] as const)
    if (input[field] !== undefined && input[field] !== request[field])
      throw new GatehouseError('CONFLICT', `You have decided this request already, with another ${field}`)
  return { request, repeated: true }
}

function assertDigests(request: StoredRequest, { decision, ...given }: DecisionInput): void {
  const { planDigest, viewDigest } = request
  for (const field of ['planDigest', 'viewDigest'] as const) {
    if (given[field] === undefined && decision === 'approve')
      throw new GatehouseError('INVALID_INPUT', `${field}: needed to approve`, {
        hint: 'Send back planDigest and viewDigest of the request as you saw it',
        data: { planDigest, viewDigest },
      })
    if (given[field] !== undefined && given[field] !== request[field])
      throw new GatehouseError('DIGEST_MISMATCH', `${field}: not the one of this request`)
  }
}

function assertPending({ state }: StoredRequest): void {
  if (state === 'pending') return
  if (state === 'expired') throw new GatehouseError('APPROVAL_EXPIRED')
  throw new GatehouseError('CONFLICT', `This request is no longer pending: ${state}`)
}

async function expired(tx: Tx, request: StoredRequest): Promise<Refused> {
  await tx.db
    .updateTable('requests')
    .set({ state: 'expired', reason: 'Nobody decided in time', finished_at: tx.now })
    .where('id', '=', request.requestId)
    .where('state', '=', 'pending')
    .execute()
  await tx.audit({
    type: 'request.expired',
    actor: { subject: 'gatehouse', kind: 'system', credential: 'none' },
    request: request.requestId,
    plan: request.planDigest,
  })
  return new Refused(new GatehouseError('APPROVAL_EXPIRED'))
}

// Who tried what and was refused belongs on the record too; mistakes in the input do not.
async function onRecord(
  tx: Tx,
  principal: Principal,
  request: StoredRequest,
  thrown: unknown,
): Promise<Refused> {
  if (!(thrown instanceof GatehouseError)) throw thrown
  if (['NOT_PERMITTED', 'SELF_APPROVAL', 'DIGEST_MISMATCH', 'UNAUTHENTICATED'].includes(thrown.code))
    await tx.audit({
      type: 'decision.refused',
      actor: actorOf(principal),
      request: request.requestId,
      plan: request.planDigest,
      outcome: thrown.code,
    })
  return new Refused(thrown)
}
