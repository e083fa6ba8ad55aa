import { hash, randomBytes, randomUUID } from 'node:crypto'
import { GatehouseError } from '@gatehouse/errors'
import type { Kysely } from 'kysely'
import { activeTokens, assertActive, isGenuine, toPrincipal } from './authenticate.ts'
import { actorOf, type Principal } from './principal.ts'
import type { Tables } from './store/schema.ts'
import type { Store, Tx } from './store/store.ts'
import { hashOfSecret, sameHash } from './token-format.ts'

export const SESSION_IDLE_MS = 30 * 60_000
export const SESSION_LONGEST_MS = 8 * 60 * 60_000
const SEEN_EVERY_MS = 30_000

export interface Session {
  principal: Principal
  /** To be put into every form, and compared with `isSynchroniser`. */
  synchroniser: string
  /** Milliseconds since 1970. */
  expiresAt: number
}

/** Starts a session for a person who has shown a token. The secret belongs into the cookie and nowhere else. */
export async function startSession(
  store: Store,
  principal: Principal,
): Promise<Session & { secret: string }> {
  if (principal.kind !== 'human')
    throw new GatehouseError(
      'NOT_PERMITTED',
      `Only people sign in; this token belongs to a ${principal.kind}`,
    )
  return store.write(async (tx) => {
    await assertActive(tx, { ...principal, sessionId: null }, principal.scopes[0] ?? 'read')
    return insertSession(tx, principal, tx.now + SESSION_LONGEST_MS)
  })
}

/**
 * The session of a cookie, now used. Ends by itself after 30 minutes without use and after 8 hours in any case, and
 * with the token it came from.
 * @throws GatehouseError UNAUTHENTICATED
 */
export async function openSession(store: Store, secret: string): Promise<Session> {
  const now = await store.now()
  const { row, token } = await store.read((db) => findSession(db, hashOfSecret(secret), now))
  if (!row || !token || !store.seals.holds('sessions', row) || !(await isGenuine(store, token)))
    throw new GatehouseError('UNAUTHENTICATED', 'This session has ended')
  if (now - row.seen_at > SEEN_EVERY_MS)
    await store.read((db) =>
      db.updateTable('sessions').set({ seen_at: now }).where('id', '=', row.id).execute(),
    )
  const principal = toPrincipal(token, row.id)
  return { principal, synchroniser: synchroniserOf(secret), expiresAt: row.expires_at }
}

async function findSession(db: Kysely<Tables>, digest: string, now: number) {
  const row = await db
    .selectFrom('sessions')
    .selectAll()
    .where('hash', '=', digest)
    .where('ended_at', 'is', null)
    .where('expires_at', '>', now)
    .where('seen_at', '>', now - SESSION_IDLE_MS)
    .executeTakeFirst()
  if (!row || !sameHash(row.hash, digest)) return {}
  return { row, token: await activeTokens(db, now).where('tokens.id', '=', row.token_id).executeTakeFirst() }
}

/** Replaces a session by a new one with the same end: what was known of the old one is worth nothing. */
export async function rotateSession(store: Store, secret: string): Promise<Session & { secret: string }> {
  const { principal, expiresAt } = await openSession(store, secret)
  return store.write(async (tx) => {
    if (!(await end(tx, principal))) throw new GatehouseError('UNAUTHENTICATED', 'This session has ended')
    return insertSession(tx, principal, expiresAt)
  })
}

/** Ends a session; one that has ended already is no error. */
export async function endSession(store: Store, principal: Principal): Promise<void> {
  await store.write((tx) => end(tx, principal))
}

/** Whether a form carries the token of the session it was sent with. */
export function isSynchroniser(session: Session, given: unknown): boolean {
  return typeof given === 'string' && sameHash(given, session.synchroniser)
}

// Derived from the cookie's secret: whoever does not have that cannot know it, and nothing more needs to be stored.
function synchroniserOf(secret: string): string {
  return hash('sha256', `gatehouse/synchroniser/1\n${secret}`, 'hex')
}

async function insertSession(tx: Tx, principal: Principal, expiresAt: number) {
  const secret = randomBytes(32).toString('base64url')
  const id = randomUUID()
  const times = { created_at: tx.now, seen_at: tx.now, expires_at: expiresAt, ended_at: null }
  const row = { id, hash: hashOfSecret(secret), token_id: principal.tokenId, ...times }
  await tx.db
    .insertInto('sessions')
    .values({ ...row, seal: tx.seals.of('sessions', row) })
    .execute()
  const next = { ...principal, sessionId: id }
  await tx.audit({ type: 'session.started', actor: actorOf(next) })
  return { principal: next, synchroniser: synchroniserOf(secret), expiresAt, secret }
}

async function end(tx: Tx, principal: Principal): Promise<boolean> {
  const row = await tx.db
    .updateTable('sessions')
    .set({ ended_at: tx.now })
    .where('id', '=', principal.sessionId)
    .where('ended_at', 'is', null)
    .returning('id')
    .executeTakeFirst()
  if (row) await tx.audit({ type: 'session.ended', actor: actorOf(principal) })
  return row !== undefined
}
