import { canonicalJson, digestOf } from './canonical-json.ts'

/** Who did it. `system` is Gatehouse itself: a clock ran out, a process started. */
export interface Actor {
  subject: string
  kind: 'human' | 'agent' | 'service' | 'system'
  /** Id of the token or session; never the secret. */
  credential: string
}

/** What is to be recorded. The payload is kept beside the chain, so that it can be erased. */
export interface AuditEntry {
  /** Such as `request.created`; the part before the dot is the subject matter. */
  type: string
  actor: Actor
  request?: string | undefined
  plan?: string | undefined
  outcome?: string | undefined
  singleUser?: boolean | undefined
  /** Sanitised plain data. */
  payload?: Record<string, unknown> | undefined
}

/** One row of the chain as it is hashed. `time` in milliseconds since 1970, digests in hex. */
export interface AuditRow {
  actor: Actor
  chain: string
  outcome: string | null
  payloadDigest: string | null
  plan: string | null
  prev: string
  request: string | null
  seq: number
  singleUser: boolean
  time: number
  type: string
}

/** Where a chain stands: the number of its last row and that row's hash. */
export interface AuditHead {
  chain: string
  size: number
  hash: string
}

/** One line of an export. */
export interface AuditRecord {
  erased: boolean
  hash: string
  payload: unknown
  row: AuditRow
  salt: string | null
}

/** `prev` of the first row. */
export const GENESIS = '0'.repeat(64)

/** The type of the row that records the erasure of another row's payload; its outcome is that row's number. */
export const ERASURE = 'audit.payload-erased'

export function hashOfRow(row: AuditRow): string {
  return digestOf('audit-row/1', textOfRow(row))
}

/** Salted: what was erased cannot be found again by trying likely values. */
export function digestOfPayload(salt: string, canonicalPayload: string): string {
  return digestOf('audit-payload/1', `${salt}\n${canonicalPayload}`)
}

/** The export line of a record. Its payload must be canonical JSON already. */
export function lineOf(record: Omit<AuditRecord, 'payload'>, canonicalPayload: string | null): string {
  const { erased, hash, row, salt } = record
  return `{"erased":${erased},"hash":${JSON.stringify(hash)},"payload":${canonicalPayload ?? 'null'},"row":${textOfRow(row)},"salt":${JSON.stringify(salt)}}`
}

/** Canonical text of a payload. */
export function textOfPayload(payload: unknown): string {
  return canonicalJson(payload)
}

// Members in the order of RFC 8785, so JSON.stringify writes the canonical form: many times faster than sorting.
function textOfRow(row: AuditRow): string {
  return JSON.stringify({
    actor: { credential: row.actor.credential, kind: row.actor.kind, subject: row.actor.subject },
    chain: row.chain,
    outcome: row.outcome,
    payloadDigest: row.payloadDigest,
    plan: row.plan,
    prev: row.prev,
    request: row.request,
    seq: row.seq,
    singleUser: row.singleUser,
    time: row.time,
    type: row.type,
  })
}
