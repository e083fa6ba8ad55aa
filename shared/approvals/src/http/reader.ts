import { GatehouseError } from '@gatehouse/errors'
import { brakes } from '../brakes.ts'
import type { Reader } from '../pages/frame.ts'
import { isSynchroniser, type Session } from '../sessions.ts'
import { formBody } from './body.ts'
import type { Door } from './door.ts'
import type { IncomingMessage } from './message.ts'
import { assertOwnPage } from './origin.ts'
import { newestSequence } from './record-reads.ts'

export type OpenSession = Session & { secret: string }

/** The session of whoever opens a page. @throws GatehouseError UNAUTHENTICATED, answered with the login page */
export async function sessionOf({ who }: Door, request: IncomingMessage): Promise<OpenSession> {
  const session = await who.session(request)
  if (!session) throw new GatehouseError('UNAUTHENTICATED', 'Log in first')
  return session
}

/** What a page needs to know of its reader. */
export async function readerOf({ deps }: Door, { principal, synchroniser }: Session): Promise<Reader> {
  const { store, sanitizer } = deps
  const engaged = (await brakes(store)).filter((brake) => brake.engaged)
  const brake = engaged.find(({ name }) => name === 'rollback') ?? engaged[0]
  const { text } = sanitizer
  return {
    subject: text(principal.subject),
    mayApprove: principal.scopes.includes('approve'),
    isAdmin: principal.scopes.includes('admin'),
    formToken: synchroniser,
    now: await store.now(),
    sequence: await newestSequence(store),
    singleUser: store.settings.singleUser,
    ...(deps.documentation && { documentation: deps.documentation }),
    ...(brake && { halted: { reason: text(brake.reason ?? ''), by: text(brake.by), release: brake.name } }),
  }
}

/**
 * The fields of a form that one of our pages sent, by whoever has the session.
 * @throws GatehouseError UNAUTHENTICATED, ORIGIN_REFUSED, INVALID_INPUT
 */
export async function postedForm(
  door: Door,
  request: IncomingMessage,
): Promise<{ session: OpenSession; form: Record<string, string> }> {
  assertOwnPage(request)
  const session = await sessionOf(door, request)
  const form = await formBody(request)
  if (!isSynchroniser(session, form['form-token'])) {
    throw new GatehouseError('ORIGIN_REFUSED', 'This form belongs to another login', {
      hint: 'Open the page again and repeat what you did; nothing was changed',
    })
  }
  return { session, form }
}
