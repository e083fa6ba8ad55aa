import { SYSTEM } from './principal.ts'
import type { Store, Tx } from './store/store.ts'

const BATCH = 200

/**
 * Marks what nobody decided or claimed in time as expired; returns how many. For display only: whether something
 * has expired is decided by the clock wherever it matters.
 */
export async function sweep(store: Store): Promise<number> {
  let swept = 0
  for (;;) {
    if (!(await anythingOverdue(store))) return swept
    const count = await store.write(async (tx) => (await expirePending(tx)) + (await expireApproved(tx)))
    swept += count
    if (count === 0) return swept
  }
}

// Asked first and without the writer lock: mostly there is nothing.
async function anythingOverdue(store: Store): Promise<boolean> {
  const now = await store.now()
  const row = await store.read((db) =>
    db
      .selectFrom('requests')
      .select('id')
      .where((eb) =>
        eb.or([
          eb.and([eb('state', '=', 'pending'), eb('expires_at', '<=', now)]),
          eb.and([eb('state', '=', 'approved'), eb('claim_by', '<=', now)]),
        ]),
      )
      .limit(1)
      .executeTakeFirst(),
  )
  return row !== undefined
}

/** Expires pending requests whose time is over; only those of one content where that is given. */
export async function expirePending(tx: Tx, only: { content?: string } = {}): Promise<number> {
  let overdue = tx.db
    .selectFrom('requests')
    .select(['id', 'plan_digest'])
    .where('state', '=', 'pending')
    .where('expires_at', '<=', tx.clock())
    .limit(BATCH)
  if (only.content !== undefined) overdue = overdue.where('content_digest', '=', only.content)
  return expire(tx, await overdue.execute(), 'Nobody decided in time')
}

async function expireApproved(tx: Tx): Promise<number> {
  const overdue = tx.db
    .selectFrom('requests')
    .select(['id', 'plan_digest'])
    .where('state', '=', 'approved')
    .where('claim_by', '<=', tx.clock())
    .limit(BATCH)
  return expire(tx, await overdue.execute(), 'Approved, but not carried out in time')
}

async function expire(tx: Tx, rows: { id: string; plan_digest: string }[], reason: string): Promise<number> {
  for (const { id, plan_digest } of rows) {
    await tx.db
      .updateTable('requests')
      .set({ state: 'expired', reason, finished_at: tx.now })
      .where('id', '=', id)
      .execute()
    await tx.audit({
      type: 'request.expired',
      actor: SYSTEM,
      request: id,
      plan: plan_digest,
      payload: { reason },
    })
  }
  return rows.length
}
