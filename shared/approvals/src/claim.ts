import type { GatehouseError } from '@gatehouse/errors'
import { sql } from 'kysely'
import { activeTokens } from './authenticate.ts'
import { freeEpoch } from './brakes.ts'
import { blockTampered, findTampering } from './integrity.ts'
import { SYSTEM } from './principal.ts'
import { loadRequest } from './read-request.ts'
import type { StoredRequest } from './request.ts'
import { isRequester } from './separation.ts'
import type { Store, Tx } from './store/store.ts'

/** The right to carry out one request, until somebody with a higher fence takes over. */
export interface Claim {
  request: StoredRequest
  owner: string
  fence: number
  takenOver: boolean
}

/**
 * Claims an approved request: consumes its approval in the statement that checks it. Undefined where it cannot be
 * claimed (no longer approved, too late, halted), and where its approval no longer holds, which blocks it.
 */
export async function claim(store: Store, requestId: string, owner: string): Promise<Claim | undefined> {
  try {
    return await store.write(async (tx) => {
      const request = await loadRequest(tx.db, requestId)
      if (request.state !== 'approved') return undefined
      const tampering = await findTampering(tx, request)
      if (tampering) return blockTampered(tx, request, tampering)
      const invalid = await findInvalid(tx, request, store.settings.singleUser)
      if (invalid) return block(tx, request, invalid)
      return take(tx, store, request, owner)
    })
  } catch (thrown) {
    if (isTampered(thrown)) return undefined
    throw thrown
  }
}

async function take(tx: Tx, store: Store, request: StoredRequest, owner: string): Promise<Claim | undefined> {
  const lastVote = Math.max(...request.decisions.map(({ at }) => at))
  const row = await tx.db
    .updateTable('requests')
    .set((eb) => ({
      state: 'executing',
      fence: eb('fence', '+', 1),
      lease_owner: owner,
      lease_until: sql<number>`${tx.clock()} + ${sql.lit(store.settings.leaseMs)}`,
    }))
    .where('id', '=', request.requestId)
    .where('state', '=', 'approved')
    .where('claim_by', '>', tx.clock())
    // The column could have been moved; the last vote, which is compared with the record, cannot.
    .where(sql<boolean>`${sql.lit(lastVote + store.settings.claimTtlMs)} > ${tx.clock()}`)
    .where('brake_epoch', '=', freeEpoch)
    .returning('fence')
    .executeTakeFirst()
  if (!row) return undefined
  await tx.audit({
    type: 'request.claimed',
    actor: { ...SYSTEM, credential: owner },
    request: request.requestId,
    plan: request.planDigest,
    outcome: String(row.fence),
  })
  return { request: await loadRequest(tx.db, request.requestId), owner, fence: row.fence, takenOver: false }
}

/** Why an approval no longer holds: each vote is looked at again, with who may vote now. */
export async function findInvalid(
  tx: Tx,
  request: StoredRequest,
  singleUser: boolean,
): Promise<string | undefined> {
  const approvals = request.decisions.filter(({ decision }) => decision === 'approve')
  if (approvals.length < request.approvers)
    return `${approvals.length} of ${request.approvers} approvals are there`
  if (request.decisions.length > approvals.length) return 'somebody has rejected it'
  for (const { subject } of approvals) {
    const tokens = await sealedTokens(tx, subject, tx.now)
    if (!tokens.some(({ kind, scopes }) => kind === 'human' && scopes.split(' ').includes('approve')))
      return `${subject} may no longer approve`
    if (isRequester({ subject, behind: null }, request) && !singleUser)
      return `${subject} asked for it and single-user mode is off`
  }
  const { subject } = request.requester
  // Revoked counts, expired does not: nobody has taken anything from a token that only grew old.
  const asking = await sealedTokens(tx, subject, 0)
  return asking.length > 0 ? undefined : `${subject}, who asked for it, was disabled`
}

async function sealedTokens(tx: Tx, subject: string, now: number) {
  const tokens = await activeTokens(tx.db, now).where('tokens.subject', '=', subject).execute()
  return tokens.filter((token) => tx.seals.holds('tokens', token))
}

async function block(tx: Tx, request: StoredRequest, reason: string): Promise<undefined> {
  await tx.db
    .updateTable('requests')
    .set({ state: 'blocked', reason: `The approval no longer holds: ${reason}`, finished_at: tx.now })
    .where('id', '=', request.requestId)
    .execute()
  await tx.audit({
    type: 'request.blocked',
    actor: SYSTEM,
    request: request.requestId,
    plan: request.planDigest,
    payload: { reason },
  })
}

function isTampered(thrown: unknown): thrown is GatehouseError {
  return thrown instanceof Error && 'code' in thrown && thrown.code === 'TAMPERED'
}
