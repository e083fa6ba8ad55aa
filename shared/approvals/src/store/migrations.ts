import { auditSchema } from '@gatehouse/audit'
import { freezeColumns, guardTransitions, neverChanges } from './triggers.ts'

export type Engine = 'sqlite' | 'postgres'

/** One step forward. What has been released never changes: its checksum is compared at every start. */
export interface Migration {
  version: number
  name: string
  statements(engine: Engine): string[]
}

const tables = (int: string, end: string) => [
  `CREATE TABLE requests (
    id TEXT PRIMARY KEY,
    state TEXT NOT NULL CHECK (state IN ('pending','approved','executing','succeeded','failed','indeterminate',
      'rejected','expired','cancelled','stale','blocked')),
    plan TEXT NOT NULL, plan_digest TEXT NOT NULL, view_digest TEXT NOT NULL, content_digest TEXT NOT NULL,
    requester_subject TEXT NOT NULL, correlation_id TEXT, seen ${int} NOT NULL,
    created_at ${int} NOT NULL, expires_at ${int} NOT NULL, decided_at ${int}, claim_by ${int}, brake_epoch ${int},
    fence ${int} NOT NULL DEFAULT 0, lease_owner TEXT, lease_until ${int}, finished_at ${int}, reason TEXT)${end}`,
  'CREATE INDEX requests_state ON requests (state, created_at, id)',
  `CREATE UNIQUE INDEX requests_open_content ON requests (requester_subject, content_digest) WHERE state = 'pending'`,
  `CREATE TABLE decisions (
    request_id TEXT NOT NULL REFERENCES requests (id), subject TEXT NOT NULL,
    decision TEXT NOT NULL CHECK (decision IN ('approve','reject')), reason TEXT, credential TEXT NOT NULL,
    plan_digest TEXT NOT NULL, view_digest TEXT NOT NULL, single_user ${int} NOT NULL, at ${int} NOT NULL,
    PRIMARY KEY (request_id, subject))${end}`,
  `CREATE TABLE attempts (
    request_id TEXT NOT NULL REFERENCES requests (id), op_index ${int} NOT NULL, number ${int} NOT NULL,
    fence ${int} NOT NULL, attempt TEXT NOT NULL, PRIMARY KEY (request_id, op_index, number))${end}`,
  `CREATE TABLE operation_outcomes (
    request_id TEXT NOT NULL REFERENCES requests (id), op_index ${int} NOT NULL, fence ${int} NOT NULL,
    state TEXT NOT NULL CHECK (state IN ('succeeded','failed','stale','indeterminate','blocked','skipped')),
    outcome TEXT NOT NULL, at ${int} NOT NULL, PRIMARY KEY (request_id, op_index))${end}`,
  `CREATE TABLE brakes (
    name TEXT PRIMARY KEY, engaged ${int} NOT NULL CHECK (engaged IN (0, 1)), epoch ${int} NOT NULL,
    reason TEXT, by TEXT NOT NULL, at ${int} NOT NULL)${end}`,
  `INSERT INTO brakes (name, engaged, epoch, by, at) VALUES ('kill-switch', 0, 0, 'system', 0), ('rollback', 0, 0, 'system', 0)`,
  `CREATE TABLE identities (
    subject TEXT PRIMARY KEY, kind TEXT NOT NULL CHECK (kind IN ('human','agent','service')), disabled_at ${int})${end}`,
  `CREATE TABLE tokens (
    id TEXT PRIMARY KEY, hash TEXT NOT NULL UNIQUE, subject TEXT NOT NULL REFERENCES identities (subject),
    name TEXT NOT NULL, scopes TEXT NOT NULL, behind TEXT, slot TEXT, created_at ${int} NOT NULL,
    expires_at ${int} NOT NULL, disabled_at ${int}, last_used_at ${int})${end}`,
  `CREATE TABLE sessions (
    id TEXT PRIMARY KEY, hash TEXT NOT NULL UNIQUE, token_id TEXT NOT NULL REFERENCES tokens (id),
    created_at ${int} NOT NULL, seen_at ${int} NOT NULL, expires_at ${int} NOT NULL, ended_at ${int})${end}`,
  `CREATE TABLE default_contexts (
    server TEXT PRIMARY KEY, context TEXT NOT NULL, changed_by TEXT NOT NULL, changed_at ${int} NOT NULL)${end}`,
]

const FROZEN = [
  'id',
  'plan',
  'plan_digest',
  'view_digest',
  'content_digest',
  'requester_subject',
  'created_at',
  'expires_at',
]

/** From a state to those that may follow. What is not named here is final. */
const FOLLOWS: Record<string, string[]> = {
  pending: ['approved', 'rejected', 'expired', 'cancelled', 'stale', 'blocked'],
  approved: ['executing', 'expired', 'cancelled', 'stale', 'blocked'],
  executing: ['succeeded', 'failed', 'indeterminate', 'stale', 'blocked'],
}

export const migrations: Migration[] = [
  {
    version: 1,
    name: 'requests, decisions, attempts, identities and the audit chain',
    statements: (engine) => [
      ...auditSchema(engine),
      ...(engine === 'sqlite' ? tables('INTEGER', ' STRICT') : tables('BIGINT', '')),
      ...freezeColumns(engine, 'requests', FROZEN),
      ...guardTransitions(engine, 'requests', FOLLOWS),
      ...['decisions', 'attempts', 'operation_outcomes'].flatMap((table) => neverChanges(engine, table)),
    ],
  },
  {
    version: 2,
    name: 'seals',
    statements: () =>
      ['decisions', 'tokens', 'sessions'].map((table) => `ALTER TABLE ${table} ADD COLUMN seal TEXT`),
  },
]
