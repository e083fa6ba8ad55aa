import { sql } from 'kysely'
import { freeEpoch } from './brakes.ts'
import { type Claim, findInvalid } from './claim.ts'
import { finish } from './finish.ts'
import { heldBy } from './held.ts'
import { findTampering, recordTampering } from './integrity.ts'
import { SYSTEM } from './principal.ts'
import { loadRequest } from './read-request.ts'
import type { Store, Tx } from './store/store.ts'

// An operation that ends its executor each time must not do so for ever.
const MOST_FENCES = 20

/** Whether a claim is still its owner's and nothing is halted. */
export type LeaseState = 'held' | 'lost' | 'halted'

/** Extends the lease of a claim by `leaseMs` from now. */
export async function renewLease(store: Store, claim: Claim): Promise<LeaseState> {
  return store.write(async (tx) => {
    const until = sql<number>`${tx.clock()} + ${sql.lit(store.settings.leaseMs)}`
    const row = await heldBy(tx, claim)
      .set({ lease_until: until })
      .returning(sql<number>`case when brake_epoch = ${freeEpoch} then 1 else 0 end`.as('free'))
      .executeTakeFirst()
    return !row ? 'lost' : row.free === 1 ? 'held' : 'halted'
  })
}

/** Gives a claim back unfinished: the next process need not wait for the lease to run out. */
export async function dropLease(store: Store, claim: Claim): Promise<void> {
  await store.write(async (tx) => {
    const row = await heldBy(tx, claim).set({ lease_until: tx.now }).returning('id').executeTakeFirst()
    if (row)
      await tx.audit({
        type: 'claim.released',
        actor: { ...SYSTEM, credential: claim.owner },
        request: claim.request.requestId,
        plan: claim.request.planDigest,
        outcome: String(claim.fence),
      })
  })
}

/**
 * Takes over an execution whose lease has run out, with a higher fence: whoever had it can write nothing any more.
 * That its lease ran out says nothing about what it did. Undefined where there is nothing to take over; what was
 * halted meanwhile, was taken over too often, or could not be claimed as it stands, is ended instead.
 */
export async function takeOver(store: Store, requestId: string, owner: string): Promise<Claim | undefined> {
  return store.write(async (tx) => {
    const request = await loadRequest(tx.db, requestId)
    const row = await tx.db
      .updateTable('requests')
      .set((eb) => ({
        fence: eb('fence', '+', 1),
        lease_owner: owner,
        lease_until: sql<number>`${tx.clock()} + ${sql.lit(store.settings.leaseMs)}`,
      }))
      .where('id', '=', requestId)
      .where('state', '=', 'executing')
      .where('lease_until', '<=', tx.clock())
      .where(sql<boolean>`${freeEpoch} is not null`)
      .returning(['fence', sql<number>`case when brake_epoch = ${freeEpoch} then 1 else 0 end`.as('same')])
      .executeTakeFirst()
    if (!row) return undefined
    const taken: Claim = { request, owner, fence: row.fence, takenOver: true }
    await tx.audit({
      type: 'request.taken-over',
      actor: { ...SYSTEM, credential: owner },
      request: requestId,
      plan: request.planDigest,
      outcome: String(row.fence),
    })
    const tampering = await findTampering(tx, request)
    if (tampering) {
      await recordTampering(tx, request, tampering)
      return end(tx, taken, `Changed in the database: ${tampering}`)
    }
    const invalid = await findInvalid(tx, request, store.settings.singleUser)
    if (invalid) return abandon(tx, taken, `The approval no longer holds: ${invalid}`)
    if (row.same === 0) return abandon(tx, taken, 'Halted while it was carried out')
    if (row.fence > MOST_FENCES) return abandon(tx, taken, 'Its executors ended again and again')
    return taken
  })
}

/** Ends a claim that must not go on: what may have been sent is not known, what was not sent is blocked. */
export async function abandon(tx: Tx, claim: Claim, reason: string): Promise<undefined> {
  const { outcomes, plan } = claim.request
  const over = outcomes.some(({ state }) => state !== 'succeeded')
  // Everything had ended, and only the end of the request was missing.
  if (over || (outcomes.length > 0 && outcomes.length === plan.operations.length)) {
    await finish(tx, claim, outcomes)
    return
  }
  await end(tx, claim, reason)
}

async function end(tx: Tx, claim: Claim, reason: string): Promise<undefined> {
  const { requestId, outcomes } = claim.request
  const attempt = await tx.db
    .selectFrom('attempts')
    .select('op_index')
    .where('request_id', '=', requestId)
    .where('op_index', '>=', outcomes.length)
    .executeTakeFirst()
  const ended = { state: attempt ? 'indeterminate' : 'blocked', reason } as const
  await finish(tx, claim, [...outcomes, ended])
}
