import type { Actor } from '@gatehouse/audit'
import { GatehouseError } from '@gatehouse/errors'
import { type Kysely, sql } from 'kysely'
import { assertActive } from './authenticate.ts'
import { actorOf, type Principal } from './principal.ts'
import type { Tables } from './store/schema.ts'
import type { Store, Tx } from './store/store.ts'

export type BrakeName = 'kill-switch' | 'rollback'

export interface Brake {
  name: BrakeName
  engaged: boolean
  reason: string | null
  by: string
  at: number
}

/** What halts approvals and executions: the kill switch, and a database that was rolled back. */
export async function brakes(store: Store): Promise<Brake[]> {
  const rows = await store.read((db) => db.selectFrom('brakes').selectAll().orderBy('name').execute())
  return rows.map(({ name, engaged, reason, by, at }) => ({
    name: name as BrakeName,
    engaged: engaged === 1,
    reason,
    by,
    at,
  }))
}

/** Halts everything and voids what is approved. Requests that wait stay. @throws GatehouseError NOT_PERMITTED */
export async function engageKillSwitch(store: Store, principal: Principal, reason: string): Promise<void> {
  await store.write(async (tx) => {
    await assertActive(tx, principal, 'admin')
    await engage(tx, 'kill-switch', reason, actorOf(principal))
    await voidRequests(tx, ['approved'], `Halted: ${reason}`, actorOf(principal))
  })
}

/** Lets approvals and executions go on; what was voided stays void. @throws GatehouseError NOT_PERMITTED, CONFLICT */
export async function releaseKillSwitch(store: Store, principal: Principal): Promise<void> {
  await store.write(async (tx) => {
    await assertActive(tx, principal, 'admin')
    await release(tx, 'kill-switch', actorOf(principal))
  })
}

/** Inside a transaction: engages a brake; from now on no approval from before counts. */
export async function engage(tx: Tx, name: BrakeName, reason: string, by: Actor): Promise<void> {
  await tx.db
    .updateTable('brakes')
    .set((eb) => ({ engaged: 1, epoch: eb('epoch', '+', 1), reason, by: by.subject, at: tx.now }))
    .where('name', '=', name)
    .execute()
  await tx.audit({ type: 'brake.engaged', actor: by, outcome: name, payload: { reason } })
}

export async function release(tx: Tx, name: BrakeName, by: Actor): Promise<void> {
  const row = await tx.db
    .updateTable('brakes')
    .set((eb) => ({ engaged: 0, epoch: eb('epoch', '+', 1), reason: null, by: by.subject, at: tx.now }))
    .where('name', '=', name)
    .where('engaged', '=', 1)
    .returning('name')
    .executeTakeFirst()
  if (!row) throw new GatehouseError('CONFLICT', `${name} is not engaged`)
  await tx.audit({ type: 'brake.released', actor: by, outcome: name })
}

/** Blocks every request in one of the states. */
export async function voidRequests(
  tx: Tx,
  states: ('pending' | 'approved')[],
  reason: string,
  by: Actor,
): Promise<void> {
  const rows = await tx.db
    .updateTable('requests')
    .set({ state: 'blocked', reason, finished_at: tx.now })
    .where('state', 'in', states)
    .returning(['id', 'plan_digest'])
    .execute()
  for (const { id, plan_digest } of rows)
    await tx.audit({
      type: 'request.blocked',
      actor: by,
      request: id,
      plan: plan_digest,
      payload: { reason },
    })
}

/**
 * What the brakes count now, or undefined while one is engaged or missing. An approval counts only as long as the
 * brakes count what they did then.
 */
export async function brakeEpoch(db: Kysely<Tables>): Promise<number | undefined> {
  const { rows } = await sql<{ epoch: number | null }>`select ${freeEpoch} as epoch`.execute(db)
  return rows[0]?.epoch ?? undefined
}

/** The same inside a statement: null, which equals nothing, while a brake is engaged or missing. */
export const freeEpoch = sql<number>`(select case when count(*) = 2 and sum(engaged) = 0
  then cast(sum(epoch) as bigint) end from brakes where name in ('kill-switch', 'rollback'))`
