import { auditHead, type Checkpoint, type Checkpoints, longest } from '@gatehouse/audit'
import { GatehouseError } from '@gatehouse/errors'
import { assertActive } from './authenticate.ts'
import { engage, release, voidRequests } from './brakes.ts'
import { actorOf, type Principal, SYSTEM } from './principal.ts'
import { chainOf, type Store, type Tx } from './store/store.ts'

export type RollbackCheck =
  /** The chain passes through the newest checkpoint, or there is none yet. */
  | { rolledBack: false }
  /** The database is older than, or another one than, that which was signed. Everything open is void. */
  | { rolledBack: true; checkpoint: Checkpoint; found: number }

const REASON = 'The database is older than its newest checkpoint'

/**
 * Compares the chain with the newest checkpoint outside the database; call it before anything else after `openStore`.
 * A database that was restored forgets what was executed: everything open is voided, and nothing is approved or
 * executed until an administrator acknowledges it.
 */
export async function checkRollback(store: Store, checkpoints: Checkpoints): Promise<RollbackCheck> {
  const checkpoint = checkpoints.newest()
  if (!checkpoint) return { rolledBack: false }
  return store.write(async (tx) => {
    if (await passesThrough(tx, checkpoint)) return { rolledBack: false }
    const found = (await auditHead(chainOf(tx.db)))?.size ?? 0
    const result = { rolledBack: true, checkpoint, found } as const
    if (await isEngaged(tx)) return result
    await engage(tx, 'rollback', `${REASON}: ${found} rows, and ${checkpoint.size} were signed`, SYSTEM)
    await voidRequests(tx, ['pending', 'approved'], REASON, SYSTEM)
    await endExecutions(tx)
    return result
  })
}

/**
 * An administrator accepts that what lies between was lost; approvals count again from now on.
 * @throws GatehouseError NOT_PERMITTED, CONFLICT where nothing was rolled back
 */
export async function acknowledgeRollback(
  store: Store,
  checkpoints: Checkpoints,
  principal: Principal,
): Promise<void> {
  const { fork, lost } = await store.write(async (tx) => {
    await assertActive(tx, principal, 'admin')
    const found = await findFork(tx)
    const gone: Checkpoint[] = []
    for (const one of checkpoints.binding()) if (!(await passesThrough(tx, one))) gone.push(one)
    return { fork: found, lost: longest(gone) }
  })
  // First outside the database: killed in between, the acknowledgement is asked for again.
  if (lost) checkpoints.acceptLoss(lost, fork, principal.subject)
  const head = await store.write(async (tx) => {
    await assertActive(tx, principal, 'admin')
    await release(tx, 'rollback', actorOf(principal))
    return auditHead(chainOf(tx.db))
  })
  if (head) checkpoints.write(head)
}

/** The last row from before the rollback was noticed. */
async function findFork(tx: Tx): Promise<{ size: number; head: string }> {
  const rows = await tx.db
    .selectFrom('audit_chain')
    .select(['seq', 'type', 'prev'])
    .where('outcome', '=', 'rollback')
    .where('type', 'in', ['brake.engaged', 'brake.released'])
    .orderBy('seq')
    .execute()
  const noticed = rows.findLast(
    ({ type }, index) => type === 'brake.engaged' && rows[index - 1]?.type !== 'brake.engaged',
  )
  if (!noticed) throw new GatehouseError('CONFLICT', 'No rollback of the database was noticed')
  return { size: noticed.seq - 1, head: noticed.prev }
}

async function isEngaged(tx: Tx): Promise<boolean> {
  const row = await tx.db
    .selectFrom('brakes')
    .select('engaged')
    .where('name', '=', 'rollback')
    .executeTakeFirst()
  return row?.engaged === 1
}

async function passesThrough(tx: Tx, { size, head, chain }: Checkpoint): Promise<boolean> {
  const row = await tx.db
    .selectFrom('audit_chain')
    .select('hash')
    .where('seq', '=', size)
    .where('chain', '=', chain)
    .executeTakeFirst()
  return row?.hash === head
}

// What they did after the backup was made is forgotten, so nobody knows.
async function endExecutions(tx: Tx): Promise<void> {
  const rows = await tx.db
    .updateTable('requests')
    .set({ state: 'indeterminate', reason: REASON, finished_at: tx.now, lease_until: null })
    .where('state', '=', 'executing')
    .returning(['id', 'plan_digest'])
    .execute()
  for (const { id, plan_digest } of rows)
    await tx.audit({
      type: 'request.finished',
      actor: SYSTEM,
      request: id,
      plan: plan_digest,
      outcome: 'indeterminate',
      payload: { reason: REASON },
    })
}
