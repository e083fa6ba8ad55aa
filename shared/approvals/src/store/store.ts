import { type AuditEntry, type AuditHead, type AuditTables, appendAudit, auditHead } from '@gatehouse/audit'
import { GatehouseError } from '@gatehouse/errors'
import { type Kysely, type RawBuilder, sql, type Transaction } from 'kysely'
import { migrate } from './migrate.ts'
import { type Engine, type Migration, migrations } from './migrations.ts'
import { CHANNEL, openPostgres } from './postgres.ts'
import type { Tables } from './schema.ts'
import { openSeals, type Seals } from './seal.ts'
import { defaults, type StoreOptions, type StoreSettings } from './settings.ts'
import { openSqlite } from './sqlite.ts'
import { asStoreError, Refused } from './store-errors.ts'

/** The audit chain's tables alone. */
export const chainOf = (db: Kysely<Tables>) => db.$pickTables<keyof AuditTables>()

/** One exclusive transaction. Everything in it and its audit rows happen together or not at all. */
export interface Tx {
  db: Transaction<Tables>
  seals: Seals
  /** Milliseconds since 1970 by the store's clock, read after the writer lock was won. */
  now: number
  /** The store's clock inside a statement: what decides whether something has expired. */
  clock(): RawBuilder<number>
  /** Appends to the audit chain; returns the row's number. */
  audit(entry: AuditEntry): Promise<number>
}

export interface Store {
  engine: Engine
  settings: StoreSettings
  seals: Seals
  /** For reading. Inside `write` use the transaction's. */
  db: Kysely<Tables>
  /** One writer at a time, over all processes. @throws GatehouseError STORE_UNAVAILABLE and what `body` throws */
  write<T>(body: (tx: Tx) => Promise<T | Refused>): Promise<T>
  read<T>(body: (db: Kysely<Tables>) => Promise<T>): Promise<T>
  /** The store's clock; planners stamp their plans with it. */
  now(): Promise<number>
  /** Called after each commit of this process that appended to the chain. */
  onCommit(listener: (head: AuditHead) => void): () => void
  /** Hints that another process committed; only on PostgreSQL. */
  listen(onHint: () => void): Promise<() => Promise<void>>
  close(): Promise<void>
}

const WRITER_LOCK = 0x67_61_74_65
const CLOCK_TOLERANCE_MS = 60_000

/**
 * Opens SQLite in `stateDir`, or PostgreSQL where `databaseUrl` is given, and brings the schema forward.
 * @throws GatehouseError STORE_IN_USE, STORE_VERSION, STORE_UNAVAILABLE, CLOCK_BACKWARDS
 */
export async function openStore(options: StoreOptions, steps: Migration[] = migrations): Promise<Store> {
  const settings: StoreSettings = { ...defaults, ...options }
  const seals = await guarded(async () => openSeals(settings.stateDir))
  const opened = await guarded(() => openEngine(settings))
  const store = createStore(opened, settings, seals)
  try {
    await guarded(() => migrate(opened, (body) => exclusively(opened, body), steps))
    await store.write(async () => undefined)
    return store
  } catch (thrown) {
    await store.close()
    throw thrown
  }
}

interface Opened {
  engine: Engine
  db: Kysely<Tables>
  own: () => () => void
  release: () => void
  listen: Store['listen']
}

async function openEngine({ databaseUrl, stateDir, guest }: StoreSettings): Promise<Opened> {
  if (databaseUrl === undefined)
    return { engine: 'sqlite', ...openSqlite(stateDir, guest), listen: async () => async () => {} }
  if (!/^postgres(ql)?:\/\//.test(databaseUrl))
    throw new GatehouseError('INVALID_INPUT', 'DATABASE_URL must begin with postgres://')
  const postgres = await openPostgres(databaseUrl)
  return { engine: 'postgres', ...postgres, own: () => () => {}, release: () => {} }
}

function createStore(opened: Opened, settings: StoreSettings, seals: Seals): Store {
  const { engine, db } = opened
  const clock = () => clockOf(engine, settings)
  const listeners = new Set<(head: AuditHead) => void>()
  let newest = 0
  const write: Store['write'] = async (body) => {
    let end: AuditHead | undefined
    const result = await guarded(() =>
      exclusively(opened, async (trx) => {
        const now = await readClock(trx, clock())
        const head = await auditHead(chainOf(trx))
        assertForward(head, newest, now)
        end = head
        const audit = async (entry: AuditEntry) => {
          const payload = entry.payload && settings.sanitise(entry.payload)
          const { singleUser } = settings
          end = await appendAudit(chainOf(trx), { singleUser, ...entry, payload }, now, end)
          return end.size
        }
        const value = await body({ db: trx, seals, now, clock, audit })
        if (engine === 'postgres' && end !== head) await sql`select pg_notify(${CHANNEL}, '')`.execute(trx)
        return value
      }),
    )
    if (end && end.size > newest) {
      newest = end.size
      for (const listener of listeners) listener(end)
    }
    if (result instanceof Refused) throw result.error
    return result
  }
  return {
    engine,
    settings,
    seals,
    db,
    write,
    read: (body) => guarded(() => body(db)),
    now: () => guarded(() => readClock(db, clock())),
    onCommit(listener) {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
    listen: opened.listen,
    async close() {
      await db.destroy()
      opened.release()
    },
  }
}

function exclusively<T>({ engine, db }: Opened, body: (trx: Transaction<Tables>) => Promise<T>): Promise<T> {
  if (engine === 'sqlite') return db.transaction().execute(body)
  return db
    .transaction()
    .setIsolationLevel('read committed')
    .execute(async (trx) => {
      await sql`select pg_advisory_xact_lock(${WRITER_LOCK})`.execute(trx)
      return body(trx)
    })
}

// On PostgreSQL the database's clock, and not that of the transaction's start: several processes must agree.
function clockOf(engine: Engine, { clock }: StoreSettings): RawBuilder<number> {
  return engine === 'postgres' && !clock
    ? sql<number>`(floor(extract(epoch from clock_timestamp()) * 1000)::bigint)`
    : sql<number>`cast(${(clock ?? Date.now)()} as bigint)`
}

async function readClock(db: Kysely<Tables>, clock: RawBuilder<number>): Promise<number> {
  const { rows } = await sql<{ now: number }>`select ${clock} as now`.execute(db)
  return rows[0]?.now ?? Number.NaN
}

function assertForward(head: (AuditHead & { time: number }) | undefined, newest: number, now: number): void {
  if ((head?.size ?? 0) < newest)
    throw new GatehouseError('HALTED', 'The database is older than what this process has written to it', {
      hint: 'It was restored or failed over; restart, and an administrator acknowledges what was lost',
    })
  if (!Number.isSafeInteger(now) || (head && head.time > now + CLOCK_TOLERANCE_MS))
    throw new GatehouseError('CLOCK_BACKWARDS')
}

async function guarded<T>(body: () => Promise<T>): Promise<T> {
  try {
    return await body()
  } catch (thrown) {
    throw asStoreError(thrown)
  }
}
