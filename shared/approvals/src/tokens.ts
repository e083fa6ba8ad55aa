import { randomUUID } from 'node:crypto'
import type { Actor } from '@gatehouse/audit'
import { GatehouseError } from '@gatehouse/errors'
import { recordForged, tokensWithKind } from './authenticate.ts'
import { scopes as allScopes, type Principal, type Scope } from './principal.ts'
import type { Store, Tx } from './store/store.ts'
import { hashOfSecret, makeToken } from './token-format.ts'

export interface NewToken {
  /** Lower case: `a-z 0-9 . _ @ : + -`. */
  subject: string
  kind: Principal['kind']
  scopes: Scope[]
  name: string
  /** Milliseconds until it is no longer valid. */
  validMs: number
  /** The person an agent or a service acts for. */
  behind?: string
}

/** A token as it may be listed; never the secret. Times in milliseconds since 1970. */
export interface TokenInfo {
  id: string
  subject: string
  kind: Principal['kind']
  scopes: Scope[]
  name: string
  behind: string | null
  createdAt: number
  expiresAt: number
  revokedAt: number | null
  lastUsedAt: number | null
}

const YEARS = 10 * 365 * 24 * 60 * 60_000

/**
 * Makes a token. The secret is returned this once; only its digest is kept.
 * @throws GatehouseError INVALID_INPUT for a bad subject, and for scopes that must not be on one token
 */
export async function createToken(store: Store, wanted: NewToken, by: Actor) {
  assertWanted(wanted)
  const token = makeToken(wanted.kind)
  const id = await store.write((tx) => insertToken(tx, wanted, { secret: token, slot: null, by }))
  return { id, token }
}

/** Where a token comes from a setting: the setting's name and, where it was given, its value. */
export interface TokenSlot {
  slot: string
  value?: string | undefined
}

/**
 * Registers the token of a setting. A given value of 32 characters or more is used as it is, and replaces the one
 * given before; without a value a token is made the first time. Returns the secret only where it was just made.
 */
export async function ensureToken(
  store: Store,
  { slot, value }: TokenSlot,
  wanted: NewToken,
  by: Actor,
): Promise<{ made?: string }> {
  assertWanted(wanted)
  if (value !== undefined && !/^[\x21-\x7e]{32,512}$/.test(value))
    throw new GatehouseError('INVALID_INPUT', `${slot} must be 32 characters or more, without spaces`)
  return store.write(async (tx) => {
    const known = await tokensWithKind(tx.db)
      .where('slot', '=', slot)
      .where('tokens.disabled_at', 'is', null)
      .where('expires_at', '>', tx.now)
      .executeTakeFirst()
    const genuine = known && tx.seals.holds('tokens', known)
    if (genuine && (value === undefined || known.hash === hashOfSecret(value))) return {}
    if (known) await disableToken(tx, known.id, by)
    if (known && !genuine) await discard(tx, known)
    const secret = value ?? makeToken(wanted.kind)
    await insertToken(tx, wanted, { secret, slot, by })
    return value === undefined ? { made: secret } : {}
  })
}

/** @throws GatehouseError NOT_FOUND */
export async function revokeToken(store: Store, id: string, by: Actor): Promise<void> {
  await store.write(async (tx) => {
    if (!(await disableToken(tx, id, by))) throw new GatehouseError('NOT_FOUND', 'No valid token has this id')
  })
}

/** All tokens, newest first. */
export function listTokens(store: Store): Promise<TokenInfo[]> {
  return store.read(async (db) => {
    const rows = await tokensWithKind(db).orderBy('tokens.created_at', 'desc').execute()
    return rows.map((row) => ({
      id: row.id,
      subject: row.subject,
      kind: row.kind as Principal['kind'],
      scopes: row.scopes.split(' ') as Scope[],
      name: row.name,
      behind: row.behind,
      createdAt: row.created_at,
      expiresAt: row.expires_at,
      revokedAt: row.disabled_at,
      lastUsedAt: row.last_used_at,
    }))
  })
}

function assertWanted({ subject, kind, scopes, validMs, behind, name }: NewToken): void {
  const refuse = (message: string) => {
    throw new GatehouseError('INVALID_INPUT', message)
  }
  for (const [field, value] of Object.entries({ subject, behind: behind ?? 'none' }))
    if (!/^[a-z0-9][a-z0-9._@:+-]{0,127}$/.test(value))
      refuse(`${field}: 1 to 128 of a-z 0-9 . _ @ : + -, beginning with a letter or digit`)
  if (subject === 'gatehouse') refuse('subject: this name is taken by Gatehouse itself')
  const unknown = scopes.find((scope) => !allScopes.includes(scope))
  if (scopes.length === 0 || unknown) refuse(`scopes: one or more of ${allScopes.join(', ')}`)
  if (scopes.includes('propose') && scopes.includes('approve'))
    refuse('scopes: propose and approve never stand on one token')
  if (kind !== 'human' && scopes.some((scope) => scope === 'approve' || scope === 'admin'))
    refuse(`scopes: ${kind} tokens cannot have approve or admin`)
  if (kind === 'human' && behind !== undefined) refuse('behind: only agents and services act for somebody')
  if (!/^[ -~]{1,100}$/.test(name)) refuse('name: 1 to 100 printable ASCII characters')
  if (!Number.isSafeInteger(validMs) || validMs <= 0 || validMs > YEARS)
    refuse('validMs: from 1 ms to 10 years')
}

type Origin = { secret: string; slot: string | null; by: Actor }

async function insertToken(tx: Tx, wanted: NewToken, { secret, slot, by }: Origin): Promise<string> {
  const { subject, kind, name, validMs, behind } = wanted
  await tx.db
    .insertInto('identities')
    .values({ subject, kind, disabled_at: null })
    .onConflict((conflict) => conflict.column('subject').doNothing())
    .execute()
  const identity = await tx.db
    .selectFrom('identities')
    .selectAll()
    .where('subject', '=', subject)
    .executeTakeFirstOrThrow()
  if (identity.kind !== kind || identity.disabled_at !== null)
    throw new GatehouseError(
      'INVALID_INPUT',
      `subject: ${subject} is ${identity.disabled_at === null ? `a ${identity.kind}` : 'disabled'}`,
    )
  const id = randomUUID()
  const scopes = [...new Set(wanted.scopes)].join(' ')
  const times = { created_at: tx.now, expires_at: tx.now + validMs, disabled_at: null, last_used_at: null }
  const hash = hashOfSecret(secret)
  const taken = await tx.db.selectFrom('tokens').select('id').where('hash', '=', hash).executeTakeFirst()
  if (taken) throw new GatehouseError('CONFLICT', 'This value is, or was, the token of somebody already')
  const row = { id, hash, subject, name, scopes, behind: behind ?? null, slot, ...times }
  await tx.db
    .insertInto('tokens')
    .values({ ...row, seal: tx.seals.of('tokens', { ...row, kind }) })
    .execute()
  const payload = { id, subject, kind, scopes, name, behind, slot, expiresAt: times.expires_at }
  await tx.audit({ type: 'token.issued', actor: by, outcome: id, payload })
  return id
}

// It counts as not there, so the value of its setting is free to be issued.
async function discard(tx: Tx, token: Parameters<typeof recordForged>[1]): Promise<void> {
  await tx.db
    .updateTable('tokens')
    .set({ hash: `void:${token.id}` })
    .where('id', '=', token.id)
    .execute()
  await recordForged(tx, token)
}

async function disableToken(tx: Tx, id: string, by: Actor): Promise<boolean> {
  const row = await tx.db
    .updateTable('tokens')
    .set({ disabled_at: tx.now })
    .where('id', '=', id)
    .where('disabled_at', 'is', null)
    .returning('subject')
    .executeTakeFirst()
  if (!row) return false
  await tx.db
    .updateTable('sessions')
    .set({ ended_at: tx.now })
    .where('token_id', '=', id)
    .where('ended_at', 'is', null)
    .execute()
  await tx.audit({ type: 'token.revoked', actor: by, outcome: id, payload: { subject: row.subject } })
  return true
}
