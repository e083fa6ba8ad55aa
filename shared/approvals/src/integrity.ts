import { canonicalJson, isIntact } from '@gatehouse/audit'
import { GatehouseError } from '@gatehouse/errors'
import type { Kysely } from 'kysely'
import { planDigestOfText } from './plan-digest.ts'
import { SYSTEM } from './principal.ts'
import type { StoredRequest } from './request.ts'
import type { RequestTable, Tables } from './store/schema.ts'
import type { Tx } from './store/store.ts'
import { Refused } from './store/store-errors.ts'

/** What the audit row of a new request holds of its plan; compared again whenever it matters. */
export const REQUESTED = 'request.created'
const APPROVED = 'decision.approve'
const CLAIMED = 'request.claimed'

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
 * with its digest, the columns with the plan, and all of them with the audit chain.
 */
export async function findTampering(db: Kysely<Tables>, request: StoredRequest): Promise<string | undefined> {
  const row = await db
    .selectFrom('requests')
    .selectAll()
    .where('id', '=', request.requestId)
    .executeTakeFirstOrThrow()
  return comparePlan(row, request) ?? (await compareRecord(db, row, request))
}

function comparePlan(row: RequestTable, { plan }: StoredRequest): string | undefined {
  if (canonicalJson(plan) !== row.plan) return 'the plan is not in the form in which it was stored'
  if (planDigestOfText(row.plan) !== row.plan_digest) return 'the plan does not have its digest'
  if (row.expires_at !== plan.expiresAt) return 'the expiry is not the one of the plan'
  if (row.requester_subject !== plan.requester.subject) return 'the requester is not the one of the plan'
  return undefined
}

// Whoever rewrites a plan can rewrite its digest beside it, but not a row of the chain without all that hang on it.
async function compareRecord(
  db: Kysely<Tables>,
  row: RequestTable,
  { requestId, decisions }: StoredRequest,
): Promise<string | undefined> {
  const record = await db
    .selectFrom('audit_chain as row')
    .leftJoin('audit_chain as next', (join) => join.on('next.seq', '=', (eb) => eb('row.seq', '+', 1)))
    .selectAll('row')
    .select('next.prev as next_prev')
    .where('row.request_id', '=', requestId)
    .where('row.type', 'in', [REQUESTED, APPROVED, CLAIMED, ...ENDED])
    .execute()
  if (record.some((entry) => !isIntact(entry) || (entry.next_prev ?? entry.hash) !== entry.hash))
    return 'its record was changed'
  const created = record.filter(({ type }) => type === REQUESTED)
  const [first] = created
  if (created.length !== 1 || first?.plan_digest !== row.plan_digest || first.outcome !== row.view_digest)
    return 'plan and view are not those on the record'
  if (record.some(({ type }) => ENDED.includes(type) || (type === CLAIMED && row.state !== 'executing')))
    return 'it was carried out or ended before'
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
  return undefined
}

/** Takes a request out of the game for good and says so on the record. */
export async function blockTampered(tx: Tx, request: StoredRequest, what: string): Promise<Refused> {
  await tx.db
    .updateTable('requests')
    .set({ state: 'blocked', reason: 'Changed in the database', finished_at: tx.now, lease_until: null })
    .where('id', '=', request.requestId)
    .where('state', 'in', ['pending', 'approved', 'executing'])
    .execute()
  await tx.audit({
    type: 'request.tampered',
    actor: SYSTEM,
    request: request.requestId,
    plan: request.planDigest,
    outcome: 'blocked',
    payload: { what },
  })
  return new Refused(new GatehouseError('TAMPERED', `This request was changed in the database: ${what}`))
}
