import { GatehouseError } from '@gatehouse/errors'
import { activeTokens, authenticate } from '../authenticate.ts'
import type { Principal, Scope } from '../principal.ts'
import { recordEvent } from '../record.ts'
import { openSession, SESSION_IDLE_MS, type Session } from '../sessions.ts'
import type { Store } from '../store/store.ts'
import { type CookieNames, cookie } from './cookies.ts'
import type { IncomingMessage } from './message.ts'
import { assertNoForeignPage } from './origin.ts'
import type { Throttle } from './throttle.ts'

export const READING: readonly Scope[] = ['read', 'approve']

export interface Who {
  /** For the API: the bearer of a token with one of the scopes. @throws GatehouseError UNAUTHENTICATED, NOT_PERMITTED */
  bearer(request: IncomingMessage, scopes: readonly Scope[]): Promise<Principal>
  /** For reading by a program or by a page's script: a bearer, else a session. */
  reader(request: IncomingMessage): Promise<Principal>
  /** The session of a browser, if it has one. */
  session(request: IncomingMessage): Promise<(Session & { secret: string }) | undefined>
  /** Whether somebody who was let in still would be; looks only, so that an open stream keeps no session alive. */
  stillValid(principal: Principal): Promise<boolean>
}

export function createWho(store: Store, cookies: CookieNames, throttle: Throttle): Who {
  const session: Who['session'] = async (request) => {
    const secret = cookie(request, cookies.session)
    if (secret === undefined) return undefined
    const opened = await openSession(store, secret).catch(unlessUnauthenticated)
    return opened && { ...opened, secret }
  }
  const bearer: Who['bearer'] = async (request, scopes) => {
    assertNoForeignPage(request)
    const sent = /^Bearer (\S+)$/i.exec(request.headers.authorization ?? '')?.[1]
    if (sent === undefined) throw noToken()
    const principal = await authenticate(store, sent).catch(unlessUnauthenticated)
    if (!principal) {
      throttle.assertFree(request)
      throttle.failed(request)
      await recordLoginFailure(store, 'bearer')
      throw new GatehouseError('UNAUTHENTICATED', 'The bearer token is not valid', HINT)
    }
    return withScope(principal, scopes)
  }
  return {
    bearer,
    session,
    async reader(request) {
      if (request.headers.authorization !== undefined) return bearer(request, READING)
      assertNoForeignPage(request)
      const opened = await session(request)
      if (!opened) throw noToken()
      return withScope(opened.principal, READING)
    },
    async stillValid({ tokenId, sessionId }) {
      const now = await store.now()
      return store.read(async (db) => {
        const token = await activeTokens(db, now).where('tokens.id', '=', tokenId).executeTakeFirst()
        if (!token || !store.seals.holds('tokens', token)) return false
        if (sessionId === null) return true
        const live = await db
          .selectFrom('sessions')
          .selectAll()
          .where('id', '=', sessionId)
          .where('ended_at', 'is', null)
          .where('expires_at', '>', now)
          .where('seen_at', '>', now - SESSION_IDLE_MS)
          .executeTakeFirst()
        return live !== undefined && store.seals.holds('sessions', live)
      })
    },
  }
}

/** Whoever did not show a valid token. */
const STRANGER = { subject: 'unknown', kind: 'system', credential: 'none' } as const

/** A login that failed, on the record; which token was shown is not. */
export function recordLoginFailure(store: Store, why: string): Promise<void> {
  return recordEvent(store, { type: 'login.failed', actor: STRANGER, outcome: why })
}

function withScope(principal: Principal, scopes: readonly Scope[]): Principal {
  if (scopes.some((scope) => principal.scopes.includes(scope))) return principal
  throw new GatehouseError(
    'NOT_PERMITTED',
    `This needs the scope ${scopes.join(' or ')}, which this token does not have`,
  )
}

const HINT = {
  hint: 'Send "Authorization: Bearer <token>": the approver’s token to read and decide, an agent’s to propose',
}

function noToken(): GatehouseError {
  return new GatehouseError('UNAUTHENTICATED', 'A bearer token is required', HINT)
}

function unlessUnauthenticated(thrown: unknown): undefined {
  if (thrown instanceof GatehouseError && thrown.code === 'UNAUTHENTICATED') return undefined
  throw thrown
}
