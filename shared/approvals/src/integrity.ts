import { canonicalJson, isIntact } from '@gatehouse/audit'
import { GatehouseError } from '@gatehouse/errors'
import { planDigestOfText } from './plan-digest.ts'
import { SYSTEM } from './principal.ts'
import type { StoredRequest } from './request.ts'
import type { RequestTable } from './store/schema.ts'
import type { Seals } from './store/seal.ts'
import type { Tx } from './store/store.ts'
import { Refused } from './store/store-errors.ts'

/** What the audit row of a new request holds of its plan; compared again whenever it matters. */
export const REQUESTED = 'request.created'
const APPROVED = 'decision.approve'
const CLAIMED = 'request.claimed'
const TAKEN_OVER = 'request.taken-over'

/** What ends a request: where one of these is on the record, a request that is open again was reopened. */
const ENDED = [
  'decision.reject',
  'request.finished',
  'request.expired',
  'request.cancelled',
  'request.blocked',
  'request.tampered',
]

/**
 * What in the database is not what Gatehouse wrote there, in words; undefined where all is well. The plan is compared
 * with its digest, the columns with the plan, all of them with the audit chain, and the votes with their seals.
 */
export async function findTampering({ db, seals }: Tx, request: StoredRequest): Promise<string | undefined> {
  const row = await db
    .selectFrom('requests')
    .selectAll()
    .where('id', '=', request.requestId)
    .executeTakeFirstOrThrow()
  return (
    comparePlan(row, request) ??
    (await compareSeals(db, seals, request)) ??
    (await compareRecord(db, row, request))
  )
}

function comparePlan(row: RequestTable, { plan }: StoredRequest): string | undefined {
  if (canonicalJson(plan) !== row.plan) return 'the plan is not in the form in which it was stored'
  if (planDigestOfText(row.plan) !== row.plan_digest) return 'the plan does not have its digest'
  if (row.expires_at !== plan.expiresAt) return 'the expiry is not the one of the plan'
  if (row.requester_subject !== plan.requester.subject) return 'the requester is not the one of the plan'
  return undefined
}

async function compareSeals(
  db: Tx['db'],
  seals: Seals,
  { requestId }: StoredRequest,
): Promise<string | undefined> {
  const votes = await db.selectFrom('decisions').selectAll().where('request_id', '=', requestId).execute()
  const forged = votes.find((vote) => !seals.holds('decisions', vote))
  return forged && `the decision of ${forged.subject} was not made here`
}

// Whoever rewrites a plan can rewrite its digest beside it, but not a row of the chain without all that hang on it.
async function compareRecord(
  db: Tx['db'],
  row: RequestTable,
  { requestId, decisions, approvers }: StoredRequest,
): Promise<string | undefined> {
  const record = await db
    .selectFrom('audit_chain as row')
    .leftJoin('audit_chain as next', (join) => join.on('next.seq', '=', (eb) => eb('row.seq', '+', 1)))
    .selectAll('row')
    .select('next.prev as next_prev')
    .where('row.request_id', '=', requestId)
    .where('row.type', 'in', [REQUESTED, APPROVED, CLAIMED, TAKEN_OVER, ...ENDED])
    .orderBy('row.seq')
    .execute()
  if (record.some((entry) => !isIntact(entry) || (entry.next_prev ?? entry.hash) !== entry.hash))
    return 'its record was changed'
  const created = record.filter(({ type }) => type === REQUESTED)
  const [first] = created
  if (created.length !== 1 || first?.plan_digest !== row.plan_digest || first.outcome !== row.view_digest)
    return 'plan and view are not those on the record'
  if (record.some(({ type }) => ENDED.includes(type) || (type === CLAIMED && row.state !== 'executing')))
    return 'it was carried out or ended before'
  if (row.state === 'executing' && !isClaimed(record, row.fence)) return 'it is under way and was not claimed'
  for (const { decision, subject, credential, planDigest, viewDigest, at } of decisions) {
    if (planDigest !== row.plan_digest || viewDigest !== row.view_digest)
      return `the decision of ${subject} is of something else`
    const recorded = record.some(
      (entry) =>
        entry.type === APPROVED &&
        entry.actor_subject === subject &&
        entry.actor_credential === credential &&
        entry.time === at,
    )
    if (decision === 'approve' && !recorded) return `the approval by ${subject} is not on the record`
  }
  const approvals = decisions.filter(({ decision }) => decision === 'approve').length
  if (row.state === 'executing' && approvals < approvers)
    return `it is under way with ${approvals} of ${approvers} approvals`
  return undefined
}

/** Whether every fence up to this one is on the record: the first by a claim, each later one by a takeover. */
function isClaimed(record: { type: string; outcome: string | null }[], fence: number): boolean {
  const fences = record.filter(({ type }) => type === CLAIMED || type === TAKEN_OVER)
  const first = fence - fences.length + 1
  return (
    fences.length > 0 &&
    fences.every(
      ({ type, outcome }, index) =>
        type === (index === 0 ? CLAIMED : TAKEN_OVER) && outcome === String(first + index),
    )
  )
}

/** Takes a request out of the game for good and says so on the record. */
export async function blockTampered(tx: Tx, request: StoredRequest, what: string): Promise<Refused> {
  await tx.db
    .updateTable('requests')
    .set({ state: 'blocked', reason: 'Changed in the database', finished_at: tx.now, lease_until: null })
    .where('id', '=', request.requestId)
    .where('state', 'in', ['pending', 'approved', 'executing'])
    .execute()
  await recordTampering(tx, request, what)
  return new Refused(new GatehouseError('TAMPERED', `This request was changed in the database: ${what}`))
}

/** The alarm on the record. */
export async function recordTampering(tx: Tx, request: StoredRequest, what: string): Promise<void> {
  await tx.audit({
    type: 'request.tampered',
    actor: SYSTEM,
    request: request.requestId,
    plan: request.planDigest,
    outcome: 'blocked',
    payload: { what },
  })
}
