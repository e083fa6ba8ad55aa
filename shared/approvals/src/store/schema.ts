import type { AuditTables } from '@gatehouse/audit'

/** One request: a plan that waits for a decision or has had one. Times in milliseconds since 1970. */
export interface RequestTable {
  id: string
  state: string
  /** Canonical JSON, unredacted; never leaves the process as it is. */
  plan: string
  plan_digest: string
  view_digest: string
  /** Of what is asked, without times: finds the same request again. */
  content_digest: string
  requester_subject: string
  correlation_id: string | null
  seen: number
  created_at: number
  expires_at: number
  decided_at: number | null
  claim_by: number | null
  /** What the brakes counted when it was approved; another count voids the approval. */
  brake_epoch: number | null
  fence: number
  lease_owner: string | null
  lease_until: number | null
  finished_at: number | null
  reason: string | null
}

export interface Tables extends AuditTables {
  requests: RequestTable
  decisions: {
    request_id: string
    subject: string
    decision: string
    reason: string | null
    credential: string
    plan_digest: string
    view_digest: string
    single_user: number
    at: number
    /** See `seal.ts`; as on tokens and sessions. */
    seal: string | null
  }
  attempts: {
    request_id: string
    op_index: number
    number: number
    fence: number
    /** The attempt as its executor wrote it, canonical JSON. */
    attempt: string
  }
  operation_outcomes: {
    request_id: string
    op_index: number
    fence: number
    state: string
    outcome: string
    at: number
  }
  brakes: { name: string; engaged: number; epoch: number; reason: string | null; by: string; at: number }
  identities: { subject: string; kind: string; disabled_at: number | null }
  tokens: {
    id: string
    hash: string
    subject: string
    name: string
    scopes: string
    behind: string | null
    /** Names the setting a given token comes from. */
    slot: string | null
    created_at: number
    expires_at: number
    disabled_at: number | null
    last_used_at: number | null
    seal: string | null
  }
  sessions: {
    id: string
    hash: string
    token_id: string
    created_at: number
    seen_at: number
    expires_at: number
    ended_at: number | null
    seal: string | null
  }
  default_contexts: { server: string; context: string; changed_by: string; changed_at: number }
  schema_migrations: { version: number; name: string; checksum: string; applied_at: number }
}
