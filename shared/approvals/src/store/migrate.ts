import { digestOf } from '@gatehouse/audit'
import { GatehouseError } from '@gatehouse/errors'
import { type Kysely, sql, type Transaction } from 'kysely'
import type { Engine, Migration } from './migrations.ts'
import type { Tables } from './schema.ts'

/** Runs `body` alone among all processes, in one transaction. */
type Exclusively = <T>(body: (db: Transaction<Tables>) => Promise<T>) => Promise<T>

interface Target {
  engine: Engine
  /** A guest must become the owner before it may change the schema. */
  own: () => () => void
}

/**
 * Brings the schema forward, each step in a transaction of its own with its entry, so that a process killed in the
 * middle leaves the step undone.
 * @throws GatehouseError STORE_VERSION for a newer schema and for a released step that was changed; STORE_IN_USE for
 * a guest whose owner has an older schema
 */
export async function migrate(target: Target, exclusively: Exclusively, steps: Migration[]): Promise<void> {
  const { engine } = target
  if (await exclusively(async (db) => !(await pending(engine, db, steps)))) return
  const disown = target.own()
  try {
    while (!(await exclusively((db) => takeStep(engine, db, steps)))) {}
  } finally {
    disown()
  }
}

async function pending(
  engine: Engine,
  db: Kysely<Tables>,
  steps: Migration[],
): Promise<Migration | undefined> {
  const applied = await readApplied(db)
  assertKnown(engine, applied, steps)
  return steps.find(({ version }) => version > (applied.at(-1)?.version ?? 0))
}

/** Takes the next step; true where there was none. */
async function takeStep(engine: Engine, db: Transaction<Tables>, steps: Migration[]): Promise<boolean> {
  const next = await pending(engine, db, steps)
  if (!next) return true
  for (const statement of next.statements(engine)) await sql.raw(statement).execute(db)
  const { version, name } = next
  const entry = { version, name, checksum: checksumOf(engine, next), applied_at: Date.now() }
  await db.insertInto('schema_migrations').values(entry).execute()
  return false
}

async function readApplied(db: Kysely<Tables>) {
  await sql`CREATE TABLE IF NOT EXISTS schema_migrations (
    version BIGINT PRIMARY KEY, name TEXT NOT NULL, checksum TEXT NOT NULL, applied_at BIGINT NOT NULL)`.execute(
    db,
  )
  return db.selectFrom('schema_migrations').selectAll().orderBy('version').execute()
}

function assertKnown(engine: Engine, applied: { version: number; checksum: string }[], steps: Migration[]) {
  for (const { version, checksum } of applied) {
    const step = steps.find((known) => known.version === version)
    if (!step)
      throw new GatehouseError(
        'STORE_VERSION',
        `The store has schema ${version}, this version knows ${steps.at(-1)?.version ?? 0}`,
      )
    if (checksumOf(engine, step) !== checksum)
      throw new GatehouseError('STORE_VERSION', `Migration ${version} is not the one the store was made with`)
  }
}

function checksumOf(engine: Engine, step: Migration): string {
  return digestOf('migration/1', step.statements(engine).join(';\n'))
}
