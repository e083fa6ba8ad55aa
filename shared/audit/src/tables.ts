/** The chain's tables, as Kysely sees them; the names are the same on SQLite and PostgreSQL. */
export interface AuditTables {
  audit_chain: {
    seq: number
    time: number
    chain: string
    type: string
    actor_subject: string
    actor_kind: string
    actor_credential: string
    request_id: string | null
    plan_digest: string | null
    outcome: string | null
    single_user: number
    payload_digest: string | null
    prev: string
    hash: string
  }
  audit_payloads: {
    seq: number
    salt: string | null
    payload: string | null
    erased_at: number | null
  }
}

const TABLES = (integer: string, suffix: string) => [
  `CREATE TABLE audit_chain (
    seq ${integer} PRIMARY KEY, time ${integer} NOT NULL, chain TEXT NOT NULL, type TEXT NOT NULL,
    actor_subject TEXT NOT NULL, actor_kind TEXT NOT NULL CHECK (actor_kind IN ('human','agent','service','system')),
    actor_credential TEXT NOT NULL, request_id TEXT, plan_digest TEXT, outcome TEXT,
    single_user ${integer} NOT NULL CHECK (single_user IN (0, 1)), payload_digest TEXT,
    prev TEXT NOT NULL UNIQUE, hash TEXT NOT NULL UNIQUE)${suffix}`,
  'CREATE INDEX audit_chain_request ON audit_chain (request_id, seq)',
  `CREATE TABLE audit_payloads (
    seq ${integer} PRIMARY KEY REFERENCES audit_chain (seq), salt TEXT, payload TEXT, erased_at ${integer})${suffix}`,
]

// Defence in depth: whoever owns the database can drop a trigger, and then the checkpoints tell.
const SQLITE_TRIGGERS = [
  `CREATE TRIGGER audit_chain_update BEFORE UPDATE ON audit_chain BEGIN SELECT RAISE(ABORT, 'audit rows never change'); END`,
  `CREATE TRIGGER audit_chain_delete BEFORE DELETE ON audit_chain BEGIN SELECT RAISE(ABORT, 'audit rows never go'); END`,
  `CREATE TRIGGER audit_payloads_delete BEFORE DELETE ON audit_payloads BEGIN SELECT RAISE(ABORT, 'payloads are erased, not deleted'); END`,
  `CREATE TRIGGER audit_payloads_update BEFORE UPDATE ON audit_payloads
    WHEN NOT (NEW.seq = OLD.seq AND OLD.erased_at IS NULL AND NEW.erased_at IS NOT NULL AND NEW.payload IS NULL AND NEW.salt IS NULL)
    BEGIN SELECT RAISE(ABORT, 'payloads are only ever erased'); END`,
]

const POSTGRES_TRIGGERS = [
  `CREATE FUNCTION audit_refuse() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE EXCEPTION 'audit rows never change or go'; END $$`,
  `CREATE FUNCTION audit_only_erase() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
    IF NEW.seq = OLD.seq AND OLD.erased_at IS NULL AND NEW.erased_at IS NOT NULL AND NEW.payload IS NULL AND NEW.salt IS NULL
    THEN RETURN NEW; END IF;
    RAISE EXCEPTION 'payloads are only ever erased'; END $$`,
  'CREATE TRIGGER audit_chain_refuse BEFORE UPDATE OR DELETE ON audit_chain FOR EACH ROW EXECUTE FUNCTION audit_refuse()',
  'CREATE TRIGGER audit_chain_truncate BEFORE TRUNCATE ON audit_chain FOR EACH STATEMENT EXECUTE FUNCTION audit_refuse()',
  'CREATE TRIGGER audit_payloads_refuse BEFORE DELETE ON audit_payloads FOR EACH ROW EXECUTE FUNCTION audit_refuse()',
  'CREATE TRIGGER audit_payloads_truncate BEFORE TRUNCATE ON audit_payloads FOR EACH STATEMENT EXECUTE FUNCTION audit_refuse()',
  'CREATE TRIGGER audit_payloads_erase BEFORE UPDATE ON audit_payloads FOR EACH ROW EXECUTE FUNCTION audit_only_erase()',
]

/** The statements that create the chain, in order; they are part of the owning store's first migration. */
export function auditSchema(engine: 'sqlite' | 'postgres'): string[] {
  return engine === 'sqlite'
    ? [...TABLES('INTEGER', ' STRICT'), ...SQLITE_TRIGGERS]
    : [...TABLES('BIGINT', ''), ...POSTGRES_TRIGGERS]
}
