import { randomBytes, randomUUID } from 'node:crypto'
import { GatehouseError } from '@gatehouse/errors'
import type { Kysely, Selectable } from 'kysely'
import {
  type Actor,
  type AuditEntry,
  type AuditHead,
  type AuditRow,
  digestOfPayload,
  ERASURE,
  GENESIS,
  hashOfRow,
  textOfPayload,
} from './row.ts'
import type { AuditTables } from './tables.ts'

/** The end of the chain and when it was written, or undefined where it is empty. */
export async function auditHead(
  db: Kysely<AuditTables>,
): Promise<(AuditHead & { time: number }) | undefined> {
  const last = await db
    .selectFrom('audit_chain')
    .select(['seq', 'hash', 'chain', 'time'])
    .orderBy('seq', 'desc')
    .limit(1)
    .executeTakeFirst()
  return last && { chain: last.chain, size: last.seq, hash: last.hash, time: last.time }
}

/**
 * Appends one row. Call it in the transaction of the change it records, under the store's writer lock: without that
 * lock two writers would read the same head.
 */
export async function appendAudit(
  db: Kysely<AuditTables>,
  entry: AuditEntry,
  time: number,
  head: AuditHead | undefined,
): Promise<AuditHead> {
  const salt = randomBytes(16).toString('hex')
  const payload = entry.payload === undefined ? null : textOfPayload(entry.payload)
  const { subject, kind, credential } = entry.actor
  const row: AuditRow = {
    actor: { subject, kind, credential },
    chain: head?.chain ?? randomUUID(),
    outcome: entry.outcome ?? null,
    payloadDigest: payload === null ? null : digestOfPayload(salt, payload),
    plan: entry.plan ?? null,
    prev: head?.hash ?? GENESIS,
    request: entry.request ?? null,
    seq: (head?.size ?? 0) + 1,
    singleUser: entry.singleUser ?? false,
    time,
    type: entry.type,
  }
  const hash = hashOfRow(row)
  await db.insertInto('audit_chain').values(toColumns(row, hash)).execute()
  if (payload !== null) {
    const values = { seq: row.seq, salt, payload, erased_at: null }
    await db.insertInto('audit_payloads').values(values).execute()
  }
  return { chain: row.chain, size: row.seq, hash }
}

/**
 * Erases the payload of one row and its salt; the chain keeps its digest and stays whole. The caller records it with
 * the entry returned, in the same transaction.
 * @throws GatehouseError NOT_FOUND where that row has no payload
 */
export async function erasePayload(
  db: Kysely<AuditTables>,
  seq: number,
  time: number,
  actor: Actor,
): Promise<AuditEntry> {
  const erased = await db
    .updateTable('audit_payloads')
    .set({ payload: null, salt: null, erased_at: time })
    .where('seq', '=', seq)
    .where('erased_at', 'is', null)
    .returning('seq')
    .executeTakeFirst()
  if (!erased) throw new GatehouseError('NOT_FOUND', `Audit row ${seq} has no payload that could be erased`)
  return { type: ERASURE, actor, outcome: String(seq) }
}

function toColumns(row: AuditRow, hash: string): AuditTables['audit_chain'] {
  return {
    seq: row.seq,
    time: row.time,
    chain: row.chain,
    type: row.type,
    actor_subject: row.actor.subject,
    actor_kind: row.actor.kind,
    actor_credential: row.actor.credential,
    request_id: row.request,
    plan_digest: row.plan,
    outcome: row.outcome,
    single_user: row.singleUser ? 1 : 0,
    payload_digest: row.payloadDigest,
    prev: row.prev,
    hash,
  }
}

/** Whether a stored row still has its own hash; says nothing about its place in the chain. */
export function isIntact(stored: Selectable<AuditTables['audit_chain']>): boolean {
  return hashOfRow(fromColumns(stored)) === stored.hash
}

/** A stored row in the form in which it is hashed. */
export function fromColumns(stored: Selectable<AuditTables['audit_chain']>): AuditRow {
  return {
    actor: {
      subject: stored.actor_subject,
      kind: stored.actor_kind as Actor['kind'],
      credential: stored.actor_credential,
    },
    chain: stored.chain,
    outcome: stored.outcome,
    payloadDigest: stored.payload_digest,
    plan: stored.plan_digest,
    prev: stored.prev,
    request: stored.request_id,
    seq: stored.seq,
    singleUser: stored.single_user === 1,
    time: stored.time,
    type: stored.type,
  }
}
