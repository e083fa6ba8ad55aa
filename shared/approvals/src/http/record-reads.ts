import type { Sanitizer } from '@gatehouse/sanitizer'
import type { StoreEvent } from '../events.ts'
import type { AuditLine } from '../pages/audit-page.ts'
import type { RequestState } from '../request.ts'
import type { Store } from '../store/store.ts'

/** The number of the newest row of the record; 0 where there is none. */
export async function newestSequence(store: Store): Promise<number> {
  const row = await store.read((db) =>
    db
      .selectFrom('audit_chain')
      .select((eb) => eb.fn.max('seq').as('seq'))
      .executeTakeFirst(),
  )
  return row?.seq ?? 0
}

/** What happened after a row, oldest first. */
export function eventsAfter(store: Store, after: number, limit: number): Promise<StoreEvent[]> {
  return store.read((db) =>
    db
      .selectFrom('audit_chain')
      .select(['seq as sequence', 'type', 'request_id as requestId', 'time'])
      .where('seq', '>', after)
      .orderBy('seq')
      .limit(limit)
      .execute(),
  )
}

/** Rows of the record as the page lists them, newest first, from the row before `before` on. */
export async function auditLines(
  store: Store,
  sanitizer: Sanitizer,
  limit: number,
  before?: number,
): Promise<AuditLine[]> {
  const rows = await store.read((db) => {
    let query = db.selectFrom('audit_chain').selectAll().orderBy('seq', 'desc').limit(limit)
    if (before !== undefined) query = query.where('seq', '<', before)
    return query.execute()
  })
  return rows.map((row) => ({
    sequence: row.seq,
    at: row.time,
    type: sanitizer.text(row.type),
    actor: {
      subject: sanitizer.text(row.actor_subject),
      kind: row.actor_kind as AuditLine['actor']['kind'],
    },
    ...(row.request_id !== null && { requestId: sanitizer.text(row.request_id) }),
    ...(row.outcome !== null && { outcome: sanitizer.text(row.outcome) }),
  }))
}

/** How many requests are in a state. */
export async function countRequests(store: Store, state: RequestState): Promise<number> {
  const row = await store.read((db) =>
    db
      .selectFrom('requests')
      .select((eb) => eb.fn.countAll<number>().as('count'))
      .where('state', '=', state)
      .executeTakeFirstOrThrow(),
  )
  return Number(row.count)
}
