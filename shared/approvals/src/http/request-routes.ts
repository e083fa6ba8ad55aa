import { asGatehouseError, GatehouseError } from '@gatehouse/errors'
import type { Express, Response } from 'express'
import { cancel } from '../cancel.ts'
import { decide } from '../decide.ts'
import { typedNames } from '../pages/request/decision.ts'
import { requestPage } from '../pages/request-page.ts'
import { getRequest } from '../read-request.ts'
import type { Session } from '../sessions.ts'
import { fairTurn } from '../view/fair-turn.ts'
import { requestView } from '../view/request-view.ts'
import { approve } from './approvals-api.ts'
import type { Door } from './door.ts'
import { requestIdOf, requiredText } from './fields.ts'
import { correlationId, goneSignal } from './operations-api.ts'
import { postedForm, readerOf, sessionOf } from './reader.ts'
import { stalenessOf } from './staleness.ts'
import { seeOther, writePage } from './write.ts'

interface Act {
  session: Session
  requestId: string
  form: Record<string, string>
  signal: AbortSignal
}

/** The page of a request, and what its forms do. Each form comes back as the page, with what went wrong on it. */
export function requestRoutes(app: Express, door: Door): void {
  app.get('/requests/:id', async (request, response) => {
    const session = await sessionOf(door, request)
    await show(door, response, session, requestIdOf(request.params.id))
  })
  const act = (name: string, body: (act: Act) => Promise<string>) =>
    app.post(`/requests/:id/${name}`, async (request, response) => {
      const requestId = requestIdOf(request.params.id)
      const { session, form } = await postedForm(door, request)
      try {
        const next = await body({ session, requestId, form, signal: goneSignal(response) })
        seeOther(response, `/requests/${next}`)
      } catch (thrown) {
        const error = asGatehouseError(thrown)
        if (error.http >= 500 || error.http === 401 || error.http === 404) throw thrown
        await show(door, response, session, requestId, { error, form })
      }
    })
  const { store } = door.deps
  act('approve', async ({ session, requestId, form }) => {
    await assertTyped(door, requestId, form)
    const digests = { planDigest: form['plan-digest'], viewDigest: form['view-digest'] }
    await approve(door, session.principal, requestId, digests)
    return requestId
  })
  act('reject', async ({ session, requestId, form }) => {
    const reason = requiredText(form, 'reason', 2_000)
    await decide(store, session.principal, { requestId, decision: 'reject', reason })
    return requestId
  })
  act('cancel', async ({ session, requestId }) => {
    await cancel(store, session.principal, requestId)
    return requestId
  })
  act('undo', async ({ session, requestId, signal }) => {
    const asked = await door.deps.undo(session.principal, requestId, {
      correlationId: correlationId(),
      signal,
    })
    return asked.requestId
  })
}

async function show(
  door: Door,
  response: Response,
  session: Session,
  requestId: string,
  failed?: { error: GatehouseError; form: Record<string, string> },
): Promise<void> {
  const { store, sanitizer } = door.deps
  // The reader first: what happens from then on is told by the event stream.
  const reader = await readerOf(door, session)
  await fairTurn(session.principal.subject)
  const stored = await getRequest(store, requestId)
  const request = requestView(stored, sanitizer)
  const staleness = await stalenessOf(door.deps, stored)
  await door.viewed(session.principal, request)
  const failure = failed && { failure: sanitizer.text(`${failed.error.message}. ${failed.error.hint}`) }
  const typed = failed?.form.reason === undefined ? {} : { typed: { reason: failed.form.reason } }
  writePage(
    response,
    failed?.error.http ?? 200,
    requestPage(reader, { request, ...staleness, ...failure, ...typed }),
  )
}

/** Deletes and the like: whoever approves has typed the name of what would be gone. */
async function assertTyped({ deps }: Door, requestId: string, form: Record<string, string>): Promise<void> {
  const expected = typedNames(requestView(await getRequest(deps.store, requestId), deps.sanitizer))
  const typed = (form['typed-name'] ?? '').trim().replace(/\s+/g, ' ')
  if (expected === '' || typed === expected) return
  throw new GatehouseError('INVALID_INPUT', `The name does not match: ${expected}`, {
    hint: 'Type it exactly as it is shown; nothing was approved',
  })
}
