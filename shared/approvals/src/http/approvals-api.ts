import { GatehouseError } from '@gatehouse/errors'
import type { Express, Request } from 'express'
import { cancel } from '../cancel.ts'
import { decide } from '../decide.ts'
import type { Principal, Scope } from '../principal.ts'
import { getRequest, listHeads } from '../read-request.ts'
import type { StoredRequest } from '../request.ts'
import { fairTurn } from '../view/fair-turn.ts'
import { requestView } from '../view/request-view.ts'
import { jsonBody } from './body.ts'
import type { Door } from './door.ts'
import {
  assertOnly,
  cursorOf,
  optionalText,
  requestIdOf,
  requiredText,
  statesOf,
  wholeNumber,
} from './fields.ts'
import { countRequests } from './record-reads.ts'
import { stalenessOf } from './staleness.ts'
import { READING } from './who.ts'
import { writeJson, writeList } from './write.ts'

const ANY: readonly Scope[] = ['read', 'propose', 'approve', 'admin']

/** Requests and decisions over REST. */
export function approvalRoutes(app: Express, door: Door): void {
  const { deps, who, listing } = door
  const { store, sanitizer } = deps
  const shown = (stored: StoredRequest) => requestView(stored, sanitizer)

  app.get('/api/approvals/pending', async (request, response) => {
    const { subject } = await who.bearer(request, READING)
    await fairTurn(subject)
    const { heads, cursor } = await listHeads(store, { states: ['pending'], ...paging(request) })
    const total = await countRequests(store, 'pending')
    const items = await Promise.all(heads.map((head) => listing.view(head, subject)))
    writeList(response, items, sanitizer.value({ total, ...(cursor && { cursor }) }))
  })
  app.get('/api/approvals', async (request, response) => {
    const { subject } = await who.bearer(request, READING)
    const states = statesOf(request.query.state)
    await fairTurn(subject)
    const { heads, cursor } = await listHeads(store, { ...(states && { states }), ...paging(request) })
    const items = await Promise.all(heads.map((head) => listing.view(head, subject)))
    writeList(response, items, sanitizer.value({ ...(cursor && { cursor }) }))
  })
  app.get('/api/approvals/:id', async (request, response) => {
    const principal = await who.bearer(request, READING)
    await fairTurn(principal.subject)
    const view = shown(await getRequest(store, requestIdOf(request.params.id)))
    await door.viewed(principal, view)
    writeJson(response, 200, view)
  })
  app.post('/api/approvals/:id/approve', async (request, response) => {
    const principal = await who.bearer(request, ['approve'])
    const body = await jsonBody(request)
    assertOnly(body, ['planDigest', 'viewDigest'])
    writeJson(
      response,
      200,
      shown(await approve(door, principal, requestIdOf(request.params.id), digestsOf(body))),
    )
  })
  app.post('/api/approvals/:id/reject', async (request, response) => {
    const principal = await who.bearer(request, ['approve'])
    const body = await jsonBody(request)
    assertOnly(body, ['reason'])
    const reason = requiredText(body, 'reason', 2_000)
    const requestId = requestIdOf(request.params.id)
    const { request: stored } = await decide(store, principal, { requestId, decision: 'reject', reason })
    writeJson(response, 200, shown(stored))
  })
  app.post('/api/approvals/:id/cancel', async (request, response) => {
    const principal = await who.bearer(request, ANY)
    assertOnly(await jsonBody(request), [])
    writeJson(response, 200, shown(await cancel(store, principal, requestIdOf(request.params.id))))
  })
}

interface Digests {
  planDigest?: string | undefined
  viewDigest?: string | undefined
}

/**
 * Approves as REST and the page do: not what cannot be shown whole, not what is stale, and only what was seen. What
 * was decided already is answered as it was.
 */
export async function approve(
  { deps }: Door,
  principal: Principal,
  requestId: string,
  digests: Digests,
): Promise<StoredRequest> {
  const { store, sanitizer, requireDigest = true } = deps
  await fairTurn(principal.subject)
  const stored = await getRequest(store, requestId)
  if (stored.state === 'pending') {
    const { approvable, notApprovable } = requestView(stored, sanitizer)
    if (!approvable) throw new GatehouseError('NOT_APPROVABLE', `This cannot be approved: ${notApprovable}`)
    const { stale } = await stalenessOf(deps, stored)
    if (stale !== undefined) throw new GatehouseError('STALE', `Stale: ${stale}`, { quotesCluster: true })
  }
  // An installation may choose to trust that whoever approves has looked.
  const seen = requireDigest
    ? digests
    : { planDigest: stored.planDigest, viewDigest: stored.viewDigest, ...digests }
  const { request } = await decide(store, principal, { requestId, decision: 'approve', ...seen })
  return request
}

function digestsOf(body: Record<string, unknown>): Digests {
  const planDigest = optionalText(body, 'planDigest', 128)
  const viewDigest = optionalText(body, 'viewDigest', 128)
  return { ...(planDigest !== undefined && { planDigest }), ...(viewDigest !== undefined && { viewDigest }) }
}

function paging({ query }: Request): { cursor?: string; limit?: number } {
  const cursor = cursorOf(query.cursor)
  const limit = wholeNumber(query.limit, 'limit', 1, 100)
  return { ...(cursor !== undefined && { cursor }), ...(limit !== undefined && { limit }) }
}
