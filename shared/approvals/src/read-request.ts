import { GatehouseError } from '@gatehouse/errors'
import type { Kysely } from 'kysely'
import { type RequestState, type StoredRequest, toRequest } from './request.ts'
import type { Tables } from './store/schema.ts'
import type { Store } from './store/store.ts'

/** @throws GatehouseError NOT_FOUND */
export function getRequest(store: Store, requestId: string): Promise<StoredRequest> {
  return store.read((db) => loadRequest(db, requestId))
}

export interface RequestPage {
  requests: StoredRequest[]
  /** Give it back to read on; absent on the last page. */
  cursor?: string
}

export interface RequestFilter {
  states?: RequestState[]
  requester?: string
  cursor?: string
  /** At most 100; 50 unless told. */
  limit?: number
}

/** Requests, newest first. */
export function listRequests(store: Store, filter: RequestFilter = {}): Promise<RequestPage> {
  const limit = Math.min(filter.limit ?? 50, 100)
  return store.read(async (db) => {
    let query = db
      .selectFrom('requests')
      .select('id')
      .orderBy('id', 'desc')
      .limit(limit + 1)
    if (filter.states) query = query.where('state', 'in', filter.states)
    if (filter.requester !== undefined) query = query.where('requester_subject', '=', filter.requester)
    if (filter.cursor !== undefined) query = query.where('id', '<', filter.cursor)
    const ids = (await query.execute()).map(({ id }) => id)
    const page = ids.slice(0, limit)
    const requests = await loadRequests(db, page)
    const last = page.at(-1)
    return { requests, ...(ids.length > limit && last !== undefined && { cursor: last }) }
  })
}

export async function loadRequest(db: Kysely<Tables>, requestId: string): Promise<StoredRequest> {
  const [request] = await loadRequests(db, [requestId])
  if (!request) throw new GatehouseError('NOT_FOUND', 'No such request', { hint: 'Check the request id' })
  return request
}

async function loadRequests(db: Kysely<Tables>, ids: string[]): Promise<StoredRequest[]> {
  if (ids.length === 0) return []
  const rows = await db
    .selectFrom('requests')
    .selectAll()
    .where('id', 'in', ids)
    .orderBy('id', 'desc')
    .execute()
  const decisions = await db
    .selectFrom('decisions')
    .selectAll()
    .where('request_id', 'in', ids)
    .orderBy('at')
    .orderBy('subject')
    .execute()
  const outcomes = await db
    .selectFrom('operation_outcomes')
    .select(['request_id', 'outcome'])
    .where('request_id', 'in', ids)
    .orderBy('op_index')
    .execute()
  return rows.map((row) =>
    toRequest(row, {
      decisions: decisions.filter(({ request_id }) => request_id === row.id),
      outcomes: outcomes.filter(({ request_id }) => request_id === row.id).map(({ outcome }) => outcome),
    }),
  )
}
