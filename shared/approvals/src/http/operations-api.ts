import { currentCorrelation } from '@gatehouse/telemetry'
import type { Express, Response } from 'express'
import type { Principal } from '../principal.ts'
import { getRequest, listHeads } from '../read-request.ts'
import { isFinal, type RequestHead, type StoredRequest } from '../request.ts'
import { fairTurn } from '../view/fair-turn.ts'
import { standaloneOutcome } from '../view/outcome-view.ts'
import { pendingView, requestUrl } from '../view/pending-view.ts'
import { headlineOf } from '../view/plan-view.ts'
import { jsonBody } from './body.ts'
import type { Asked } from './deps.ts'
import type { Door } from './door.ts'
import { cursorOf, requestIdOf, statesOf, wholeNumber } from './fields.ts'
import { newestSequence } from './record-reads.ts'
import { READING } from './who.ts'
import { writeJson, writeList } from './write.ts'

const LONGEST_WAIT_SECONDS = 300

/** How changes are asked for and how they ended, for other servers and agents. */
export function operationRoutes(app: Express, door: Door): void {
  const { deps, who } = door
  const { store, sanitizer, publicUrl } = deps
  const urlOf = ({ requestId }: RequestHead) => requestUrl(publicUrl, requestId)
  const outcome = (stored: StoredRequest) => {
    const headline = headlineOf(stored.plan, sanitizer)
    return standaloneOutcome(stored, headline, urlOf(stored), correlationId(), sanitizer)
  }
  const take = (path: string, kind: Asked['kind']) =>
    app.post(path, async (request, response) => {
      const principal = await who.bearer(request, ['propose'])
      const body = await jsonBody(request)
      const context = { correlationId: correlationId(), signal: goneSignal(response) }
      const stored = await deps.submit(principal, { kind, body }, context)
      deps.log.info('request made', { request: stored.requestId, kind })
      const location = { location: `/api/operations/${stored.requestId}` }
      writeJson(response, 202, pendingView(stored, publicUrl, correlationId(), sanitizer), location)
    })
  take('/api/mcp/propose', 'remediation')
  take('/api/operations', 'operations')

  app.get('/api/operations', async (request, response) => {
    const { subject } = await who.bearer(request, READING)
    const { query } = request
    const cursor = cursorOf(query.cursor)
    const states = statesOf(query.state)
    const limit = wholeNumber(query.limit, 'limit', 1, 100)
    await fairTurn(subject)
    const page = await listHeads(store, {
      ...(states && { states }),
      ...(cursor !== undefined && { cursor }),
      ...(limit !== undefined && { limit }),
    })
    const items = await Promise.all(
      page.heads.map((head) => door.listing.outcome(head, subject, urlOf(head), correlationId())),
    )
    writeList(response, items, sanitizer.value({ ...(page.cursor && { continue: page.cursor }) }))
  })
  app.get('/api/operations/:id', async (request, response) => {
    const principal = await who.bearer(request, READING)
    const requestId = requestIdOf(request.params.id)
    const seconds = wholeNumber(request.query.wait, 'wait', 0, LONGEST_WAIT_SECONDS) ?? 0
    const stored = await whenFinal(door, principal, requestId, seconds, goneSignal(response))
    writeJson(response, 200, outcome(stored))
  })
}

/** The request as it is, or as soon as it has ended, at the latest after `seconds`. */
async function whenFinal(
  { deps, waits }: Door,
  { subject }: Principal,
  requestId: string,
  seconds: number,
  gone: AbortSignal,
): Promise<StoredRequest> {
  const { store, feed } = deps
  await fairTurn(subject)
  // Taken before the look, so that an end in between is not waited for.
  const after = await newestSequence(store)
  const stored = await getRequest(store, requestId)
  if (isFinal(stored.state) || seconds === 0) return stored
  const end = waits.begin(subject)
  const signal = AbortSignal.any([gone, AbortSignal.timeout(seconds * 1000)])
  try {
    for await (const _event of feed.subscribe({ after, requestId, signal })) {
      const now = await getRequest(store, requestId)
      if (isFinal(now.state)) return now
    }
    return await getRequest(store, requestId)
  } finally {
    end()
  }
}

export function correlationId(): string {
  return currentCorrelation()?.correlationId ?? 'none'
}

/** Aborts when the caller leaves before the answer is written. */
export function goneSignal(response: Response): AbortSignal {
  const gone = new AbortController()
  response.on('close', () => {
    if (!response.writableFinished) gone.abort()
  })
  return gone.signal
}
