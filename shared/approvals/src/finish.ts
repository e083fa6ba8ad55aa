import { canonicalJson } from '@gatehouse/audit'
import type { OperationOutcome } from '@gatehouse/operations'
import type { Claim } from './claim.ts'
import { heldBy } from './held.ts'
import { SYSTEM } from './principal.ts'
import { isFinal, type RequestState } from './request.ts'
import type { Store, Tx } from './store/store.ts'

const SKIPPED: OperationOutcome = { state: 'skipped' }

/** Stores how one operation ended, once and for all. False where the claim is somebody else's now. */
export function recordOutcome(
  store: Store,
  claim: Claim,
  index: number,
  outcome: OperationOutcome,
): Promise<boolean> {
  return store.write(async (tx) => {
    const held = await heldBy(tx, claim).set({ lease_owner: claim.owner }).returning('id').executeTakeFirst()
    if (!held) return false
    await insertOutcome(tx, claim, index, outcome)
    return true
  })
}

/** Ends a request with the outcomes of all its operations. False where the claim is somebody else's now. */
export async function finish(tx: Tx, claim: Claim, outcomes: OperationOutcome[]): Promise<boolean> {
  const { requestId, plan, planDigest } = claim.request
  const length = Math.max(plan.operations.length, outcomes.length)
  const all = Array.from({ length }, (_, index) => outcomes[index] ?? SKIPPED)
  const state = stateOf(all)
  const reason = all.find((outcome) => outcome.state !== 'succeeded')?.reason ?? null
  const row = await heldBy(tx, claim)
    .set({ state, reason, finished_at: tx.now, lease_until: null })
    .returning('id')
    .executeTakeFirst()
  if (!row) return false
  const stored = await tx.db
    .selectFrom('operation_outcomes')
    .select('op_index')
    .where('request_id', '=', requestId)
    .execute()
  for (const [index, outcome] of all.entries())
    if (!stored.some(({ op_index }) => op_index === index)) await insertOutcome(tx, claim, index, outcome)
  await tx.audit({
    type: 'request.finished',
    actor: { ...SYSTEM, credential: claim.owner },
    request: requestId,
    plan: planDigest,
    outcome: state,
    payload: { operations: all.map((outcome) => outcome.state), reason },
  })
  return true
}

// Stale and blocked say that nothing was sent, which is not true of a plan that was carried out in part.
function stateOf(outcomes: OperationOutcome[]): RequestState {
  const first = outcomes.findIndex(({ state }) => state !== 'succeeded')
  if (first === -1) return outcomes.length > 0 ? 'succeeded' : 'failed'
  const state = outcomes[first]?.state
  if (state === 'indeterminate') return 'indeterminate'
  if (state === undefined || state === 'skipped' || first > 0) return 'failed'
  return isFinal(state) ? state : 'failed'
}

async function insertOutcome(tx: Tx, claim: Claim, index: number, outcome: OperationOutcome): Promise<void> {
  const { requestId, planDigest } = claim.request
  await tx.db
    .insertInto('operation_outcomes')
    .values({
      request_id: requestId,
      op_index: index,
      fence: claim.fence,
      state: outcome.state,
      outcome: canonicalJson(outcome),
      at: tx.now,
    })
    .execute()
  if (outcome.state === 'skipped') return
  await tx.audit({
    type: `operation.${outcome.state}`,
    actor: { ...SYSTEM, credential: claim.owner },
    request: requestId,
    plan: planDigest,
    outcome: String(index),
    payload: { reason: outcome.reason, verification: outcome.verification },
  })
}
