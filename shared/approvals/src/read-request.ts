import { GatehouseError } from '@gatehouse/errors'
import type { Plan } from '@gatehouse/operations'
import type { Kysely } from 'kysely'
import {
  type RequestHead,
  type RequestState,
  readPlan,
  type StoredRequest,
  toHead,
  toRequest,
} from './request.ts'
import type { RequestTable, Tables } from './store/schema.ts'
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
  return store.read(async (db) => {
    const { ids, ...more } = await findPage(db, filter)
    return { requests: await loadRequests(db, ids), ...more }
  })
}

export interface HeadPage {
  heads: RequestHead[]
  cursor?: string
}

/** The same without their plans. */
export function listHeads(store: Store, filter: RequestFilter = {}): Promise<HeadPage> {
  return store.read(async (db) => {
    const { ids, ...more } = await findPage(db, filter)
    if (ids.length === 0) return { heads: [], ...more }
    const rows = await db
      .selectFrom('requests')
      .select(HEAD)
      .where('id', 'in', ids)
      .orderBy('id', 'desc')
      .execute()
    const childrenOf = await loadChildren(db, ids)
    return { heads: rows.map((row) => toHead(row, childrenOf(row.id))), ...more }
  })
}

/** @throws GatehouseError NOT_FOUND */
export async function getPlan(store: Store, requestId: string): Promise<Plan> {
  const row = await store.read((db) =>
    db
      .selectFrom('requests')
      .select(['plan', 'plan_digest', 'requester_subject', 'created_at'])
      .where('id', '=', requestId)
      .executeTakeFirst(),
  )
  if (!row) throw noSuchRequest()
  return readPlan(row)
}

const HEAD = [
  'id',
  'state',
  'plan_digest',
  'view_digest',
  'content_digest',
  'requester_subject',
  'correlation_id',
  'seen',
  'created_at',
  'expires_at',
  'decided_at',
  'claim_by',
  'brake_epoch',
  'fence',
  'lease_owner',
  'lease_until',
  'finished_at',
  'reason',
] as const satisfies (keyof RequestTable)[]

async function findPage(
  db: Kysely<Tables>,
  filter: RequestFilter,
): Promise<{ ids: string[]; cursor?: string }> {
  const limit = Math.min(filter.limit ?? 50, 100)
  let query = db
    .selectFrom('requests')
    .select('id')
    .orderBy('id', 'desc')
    .limit(limit + 1)
  if (filter.states) query = query.where('state', 'in', filter.states)
  if (filter.requester !== undefined) query = query.where('requester_subject', '=', filter.requester)
  if (filter.cursor !== undefined) query = query.where('id', '<', filter.cursor)
  const found = (await query.execute()).map(({ id }) => id)
  const ids = found.slice(0, limit)
  const last = ids.at(-1)
  return { ids, ...(found.length > limit && last !== undefined && { cursor: last }) }
}

export async function loadRequest(db: Kysely<Tables>, requestId: string): Promise<StoredRequest> {
  const [request] = await loadRequests(db, [requestId])
  if (!request) throw noSuchRequest()
  return request
}

function noSuchRequest(): GatehouseError {
  return new GatehouseError('NOT_FOUND', 'No such request', { hint: 'Check the request id' })
}

async function loadRequests(db: Kysely<Tables>, ids: string[]): Promise<StoredRequest[]> {
  if (ids.length === 0) return []
  const rows = await db
    .selectFrom('requests')
    .selectAll()
    .where('id', 'in', ids)
    .orderBy('id', 'desc')
    .execute()
  const childrenOf = await loadChildren(db, ids)
  return rows.map((row) => toRequest(row, childrenOf(row.id)))
}

async function loadChildren(db: Kysely<Tables>, ids: string[]) {
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
  return (id: string) => ({
    decisions: decisions.filter(({ request_id }) => request_id === id),
    outcomes: outcomes.filter(({ request_id }) => request_id === id).map(({ outcome }) => outcome),
  })
}
