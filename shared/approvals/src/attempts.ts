import { canonicalJson } from '@gatehouse/audit'
import type { Attempt, AttemptStore } from '@gatehouse/operations'
import { sql } from 'kysely'
import { freeEpoch } from './brakes.ts'
import type { Claim } from './claim.ts'
import { heldBy } from './held.ts'
import { SYSTEM } from './principal.ts'
import type { Store, Tx } from './store/store.ts'

/**
 * The attempts of one claim. `persist` answers true only while the claim is held and nothing is halted, and only for
 * an attempt that is new, has a higher number than those before, or is the stored one again: what it says may be sent
 * never changes. The fence is checked in the transaction that writes.
 */
export function attemptsOf(store: Store, claim: Claim): AttemptStore {
  const { requestId } = claim.request
  return {
    load: (index) => store.read((db) => newest(db, requestId, index)),
    persist: (attempt) => store.write((tx) => persist(tx, claim, attempt)),
  }
}

async function persist(tx: Tx, claim: Claim, attempt: Attempt): Promise<boolean> {
  const { requestId, planDigest } = claim.request
  const held = await heldBy(tx, claim)
    .set({ lease_owner: claim.owner })
    .where('brake_epoch', '=', freeEpoch)
    .where(sql<boolean>`not exists (select 1 from operation_outcomes
      where request_id = ${requestId} and op_index = ${attempt.index})`)
    .returning('id')
    .executeTakeFirst()
  if (!held) return false
  const known = await newest(tx.db, requestId, attempt.index)
  if (known && known.number >= attempt.number) return sendsTheSame(known, attempt)
  const values = {
    request_id: requestId,
    op_index: attempt.index,
    number: attempt.number,
    fence: claim.fence,
  }
  await tx.db
    .insertInto('attempts')
    .values({ ...values, attempt: canonicalJson(attempt) })
    .execute()
  const { index, number, uid, resourceVersion, bodyDigest, auditId } = attempt
  await tx.audit({
    type: 'operation.attempt',
    actor: { ...SYSTEM, credential: claim.owner },
    request: requestId,
    plan: planDigest,
    outcome: auditId,
    payload: { index, number, uid, resourceVersion, bodyDigest, fence: claim.fence },
  })
  return true
}

async function newest(db: Tx['db'] | Store['db'], requestId: string, index: number) {
  const row = await db
    .selectFrom('attempts')
    .select('attempt')
    .where('request_id', '=', requestId)
    .where('op_index', '=', index)
    .orderBy('number', 'desc')
    .limit(1)
    .executeTakeFirst()
  return row && (JSON.parse(row.attempt) as Attempt)
}

function sendsTheSame(known: Attempt, attempt: Attempt): boolean {
  const sent = ({ number, uid, resourceVersion, bodyDigest, auditId }: Attempt) =>
    canonicalJson({ number, uid, resourceVersion, bodyDigest, auditId })
  return sent(known) === sent(attempt)
}
