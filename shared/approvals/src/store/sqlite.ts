import { chmodSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { DatabaseSync, type SQLInputValue } from 'node:sqlite'
import { setTimeout as pause } from 'node:timers/promises'
import { GatehouseError } from '@gatehouse/errors'
import {
  CompiledQuery,
  type DatabaseConnection,
  Kysely,
  type SqliteDatabase,
  SqliteDialect,
  SqliteDriver,
} from 'kysely'
import type { Tables } from './schema.ts'

const LONGEST_WAIT_MS = 15_000

export interface Sqlite {
  db: Kysely<Tables>
  /** Makes this process the owner; returns how it ceases to be. @throws GatehouseError STORE_IN_USE */
  own: () => () => void
  release: () => void
}

/**
 * Opens the store of a state folder; this process becomes its one owner until `close`. A guest does not: it looks, or
 * makes a change that is one transaction, beside whoever owns it.
 */
export function openSqlite(stateDir: string, guest: boolean): Sqlite {
  mkdirSync(stateDir, { recursive: true, mode: 0o700 })
  const own = () => becomeOwner(join(stateDir, 'owner.lock'))
  const release = guest ? () => {} : own()
  try {
    const file = join(stateDir, 'gatehouse.db')
    const database = new DatabaseSync(file, { timeout: 50 })
    database.exec('PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA foreign_keys = ON')
    chmodSync(file, 0o600)
    const dialect = new ImmediateDialect({ database: adapt(database) })
    return { db: new Kysely<Tables>({ dialect }), own: guest ? own : () => () => {}, release }
  } catch (thrown) {
    release()
    throw thrown
  }
}

/**
 * A lock the kernel holds for this process: it ends with the process however that ends, and pids that mean something
 * else in another container do not matter. The pid beside it is for the message only.
 */
function becomeOwner(file: string): () => void {
  const lock = new DatabaseSync(file, { timeout: 0 })
  try {
    lock.exec('PRAGMA journal_mode = DELETE; BEGIN EXCLUSIVE')
  } catch (thrown) {
    lock.close()
    if (!isLocked(thrown)) throw thrown
    throw new GatehouseError('STORE_IN_USE', `Process ${readPid(file)} owns the store of this STATE_DIR`, {
      cause: thrown,
    })
  }
  writeFileSync(`${file}.pid`, String(process.pid), { mode: 0o600 })
  return () => lock.close()
}

function isLocked(thrown: unknown): boolean {
  return thrown instanceof Error && /locked|busy/i.test(thrown.message)
}

function readPid(file: string): string {
  try {
    return readFileSync(`${file}.pid`, 'utf8')
  } catch {
    return '(unknown)'
  }
}

class ImmediateDriver extends SqliteDriver {
  // A deferred transaction that reads and then writes fails when another connection wrote in between. Waiting for a
  // guest happens here and not in SQLite, which would stop this whole process meanwhile.
  override async beginTransaction(connection: DatabaseConnection): Promise<void> {
    for (const giveUp = performance.now() + LONGEST_WAIT_MS; ; ) {
      try {
        await connection.executeQuery(CompiledQuery.raw('begin immediate'))
        return
      } catch (thrown) {
        if (!isLocked(thrown) || performance.now() > giveUp) throw thrown
        await pause(10)
      }
    }
  }

  // After some errors, such as a full disk, SQLite has rolled back by itself; asking again would hide that error.
  override async rollbackTransaction(connection: DatabaseConnection): Promise<void> {
    await super.rollbackTransaction(connection).catch(() => {})
  }
}

class ImmediateDialect extends SqliteDialect {
  readonly #config: { database: SqliteDatabase }

  constructor(config: { database: SqliteDatabase }) {
    super(config)
    this.#config = config
  }

  override createDriver(): SqliteDriver {
    return new ImmediateDriver(this.#config)
  }
}

function adapt(database: DatabaseSync): SqliteDatabase {
  return {
    prepare(sql) {
      const statement = database.prepare(sql)
      const bind = (parameters: readonly unknown[]) => parameters as SQLInputValue[]
      return {
        reader: statement.columns().length > 0,
        all: (parameters) => statement.all(...bind(parameters)),
        run: (parameters) => statement.run(...bind(parameters)),
        iterate: (parameters) => statement.iterate(...bind(parameters)),
      }
    },
    close: () => database.close(),
  }
}
