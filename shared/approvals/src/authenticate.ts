import { GatehouseError } from '@gatehouse/errors'
import type { Kysely, Selectable } from 'kysely'
import { type Principal, requireScope, type Scope, SYSTEM } from './principal.ts'
import type { Tables } from './store/schema.ts'
import type { Store, Tx } from './store/store.ts'
import { hashOfSecret, sameHash } from './token-format.ts'

const SEEN_EVERY_MS = 60_000

/**
 * Who a bearer token belongs to. Looked up by its digest, so time tells nothing about the token.
 * @throws GatehouseError UNAUTHENTICATED for an unknown, expired or revoked token, without saying which
 */
export async function authenticate(store: Store, token: string): Promise<Principal> {
  const hash = hashOfSecret(token)
  const now = await store.now()
  const row = await store.read((db) =>
    activeTokens(db, now).where('tokens.hash', '=', hash).executeTakeFirst(),
  )
  if (!row || !sameHash(row.hash, hash) || !(await isGenuine(store, row)))
    throw new GatehouseError('UNAUTHENTICATED', 'This token is not valid')
  if (now - (row.last_used_at ?? 0) > SEEN_EVERY_MS) await touch(store, row.id, now)
  return toPrincipal(row, null)
}

/** All tokens, with the kind of their identity. */
export function tokensWithKind(db: Kysely<Tables>) {
  return db
    .selectFrom('tokens')
    .innerJoin('identities', 'identities.subject', 'tokens.subject')
    .selectAll('tokens')
    .select('identities.kind')
}

/** Tokens that are valid at `now`; what every look-up starts from. What is found counts only where its seal holds. */
export function activeTokens(db: Kysely<Tables>, now: number) {
  return tokensWithKind(db)
    .where('tokens.disabled_at', 'is', null)
    .where('identities.disabled_at', 'is', null)
    .where('tokens.expires_at', '>', now)
}

type TokenRow = Selectable<Tables['tokens']> & { kind: string }

const alarmed = new WeakMap<Store, Set<string>>()

/** Whether a token is as it was issued here; that it is not is put on the record, once in a process. */
export async function isGenuine(store: Store, token: TokenRow): Promise<boolean> {
  if (store.seals.holds('tokens', token)) return true
  const known = alarmed.get(store) ?? new Set()
  alarmed.set(store, known)
  if (!known.has(token.id)) await store.write((tx) => recordForged(tx, token))
  known.add(token.id)
  return false
}

/** Says on the record that a token was put in or changed in the database. */
export async function recordForged(tx: Tx, { id, subject }: TokenRow): Promise<void> {
  await tx.audit({ type: 'token.tampered', actor: SYSTEM, outcome: id, payload: { subject } })
}

export function toPrincipal(
  row: Pick<Selectable<Tables['tokens']>, 'id' | 'subject' | 'scopes' | 'behind'> & { kind: string },
  sessionId: string | null,
): Principal {
  return {
    subject: row.subject,
    kind: row.kind as Principal['kind'],
    scopes: row.scopes.split(' ') as Scope[],
    tokenId: row.id,
    sessionId,
    behind: row.behind,
  }
}

/**
 * Inside the transaction that acts: is this principal still who it was, and may it do this? A person's session may
 * propose, though the person's token may not.
 * @throws GatehouseError UNAUTHENTICATED, NOT_PERMITTED
 */
export async function assertActive(tx: Tx, principal: Principal, scope: Scope): Promise<void> {
  const row = await activeTokens(tx.db, tx.now).where('tokens.id', '=', principal.tokenId).executeTakeFirst()
  const session = principal.sessionId && (await liveSession(tx, principal.sessionId, principal.tokenId))
  if (!row || !tx.seals.holds('tokens', row) || row.subject !== principal.subject || session === false)
    throw new GatehouseError('UNAUTHENTICATED', 'This login is no longer valid')
  const now = toPrincipal(row, principal.sessionId)
  if (scope === 'propose' && session && now.kind === 'human') return
  requireScope(now, scope)
}

async function liveSession(tx: Tx, id: string, tokenId: string): Promise<boolean> {
  const row = await tx.db
    .selectFrom('sessions')
    .selectAll()
    .where('id', '=', id)
    .where('token_id', '=', tokenId)
    .where('ended_at', 'is', null)
    .where('expires_at', '>', tx.now)
    .executeTakeFirst()
  return row !== undefined && tx.seals.holds('sessions', row)
}

// Shown to people, and nothing depends on it: that it fails is no reason to refuse anybody.
async function touch({ db }: Store, id: string, now: number): Promise<void> {
  const update = db.updateTable('tokens').set({ last_used_at: now }).where('id', '=', id)
  await update.execute().catch(() => {})
}
