import { CompiledQuery, Kysely, PostgresDialect } from 'kysely'
import type { ClientConfig, Pool, PoolClient } from 'pg'
import type { Tables } from './schema.ts'

const INT8 = 20

// A process that stops in the middle of a transaction must not keep the writer lock from everybody else.
const SESSION = `SET synchronous_commit = on; SET lock_timeout = '15s'; SET statement_timeout = '30s'; SET idle_in_transaction_session_timeout = '10s'`

export interface Postgres {
  db: Kysely<Tables>
  /** Wakes `onHint` when another process has appended to the audit chain. Lost while disconnected: poll as well. */
  listen(onHint: () => void): Promise<() => Promise<void>>
}

/** The channel on which a commit is hinted at. */
export const CHANNEL = 'gatehouse_audit'

/** Opens the store in the database of `url`. Nothing is connected before the first query. */
export async function openPostgres(url: string): Promise<Postgres> {
  const { default: pg } = await import('pg')
  const config: ClientConfig = {
    connectionString: url,
    application_name: 'gatehouse',
    connectionTimeoutMillis: 5_000,
    types: { getTypeParser: (oid, format) => (oid === INT8 ? Number : pg.types.getTypeParser(oid, format)) },
  }
  const pool: Pool = new pg.Pool({ ...config, max: 10 })
  // Without a listener a connection that breaks between two queries would end the process.
  pool.on('error', () => {})
  pool.on('connect', (client: PoolClient) => client.on('error', () => {}))
  const dialect = new PostgresDialect({
    pool,
    onCreateConnection: async (connection) => {
      await connection.executeQuery(CompiledQuery.raw(SESSION))
    },
  })
  return {
    db: new Kysely<Tables>({ dialect }),
    listen: (onHint) => keepListening(() => new pg.Client(config), onHint),
  }
}

type Listener = InstanceType<typeof import('pg')['Client']>

async function keepListening(connect: () => Listener, onHint: () => void): Promise<() => Promise<void>> {
  let client: Listener | undefined
  let retry: NodeJS.Timeout | undefined
  let stopped = false
  const again = () => {
    client?.removeAllListeners()
    client?.on('error', () => {})
    client = undefined
    if (!stopped) retry = setTimeout(() => void start(), 1_000).unref()
  }
  const start = async () => {
    const next = connect()
    client = next
    next.on('error', again)
    next.on('end', again)
    next.on('notification', onHint)
    try {
      await next.connect()
      await next.query(`LISTEN ${CHANNEL}`)
      onHint()
    } catch {
      again()
    }
  }
  await start()
  return async () => {
    stopped = true
    clearTimeout(retry)
    client?.removeAllListeners()
    client?.on('error', () => {})
    await client?.end().catch(() => {})
  }
}
