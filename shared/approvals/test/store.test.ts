import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { verifyExport } from '@gatehouse/audit'
import { sql } from 'kysely'
import { expect, it } from 'vitest'
import { decide, exportRecord, getRequest } from '../src/index.ts'
import { type Migration, migrations } from '../src/store/migrations.ts'
import { aRequest, type Bench, cast, onBothEngines, tamper, yesTo } from './harness.ts'

const second: Migration = {
  version: migrations.length + 1,
  name: 'two tables',
  statements: () => ['CREATE TABLE extra_one (id BIGINT)', 'CREATE TABLE extra_two (id BIGINT)'],
}
const broken: Migration = {
  ...second,
  statements: () => [...second.statements('sqlite'), 'CREATE TABLE extra_one (id BIGINT)'],
}

async function tableExists(bench: Bench, store: Awaited<ReturnType<Bench['open']>>, name: string) {
  const { rows } =
    bench.engine === 'sqlite'
      ? await sql`select name from sqlite_master where name = ${name}`.execute(store.db)
      : await sql`select tablename from pg_tables where tablename = ${name}`.execute(store.db)
  return rows.length === 1
}

onBothEngines('the schema', (bench) => {
  it('goes forward with the data kept, and refuses to be used by an older version (H56)', async () => {
    const where = await bench.address()
    const first = await bench.open(where)
    const { agent, alice } = await cast(first)
    const request = await aRequest(first, agent)
    await first.close()
    const later = await bench.open(where, {}, [...migrations, second])
    expect(await tableExists(bench, later, 'extra_two')).toBe(true)
    expect((await decide(later, alice, yesTo(request))).request.state).toBe('approved')
    await later.close()
    await expect(bench.open(where)).rejects.toMatchObject({
      code: 'STORE_VERSION',
      message: `The store has schema ${second.version}, this version knows ${migrations.length}`,
    })
    const again = await bench.open(where, {}, [...migrations, second])
    expect((await getRequest(again, request.requestId)).state).toBe('approved')
  })

  it('killed or failed in the middle of a step is as it was before that step (H56)', async () => {
    const where = await bench.address()
    await (await bench.open(where)).close()
    await expect(bench.open(where, {}, [...migrations, broken])).rejects.toThrow()
    const store = await bench.open(where)
    expect(await tableExists(bench, store, 'extra_one')).toBe(false)
    await store.close()
    for (const point of [1, 4, 8, 12, 30]) {
      const fresh = await bench.address()
      const orders = {
        ...fresh,
        clusterUrl: '',
        leaseMs: 1,
        once: true,
        killAtStatement: point,
        killWhileOpening: true,
      }
      expect((await ends(orders)).signal).toBe('SIGKILL')
      const after = await bench.open(fresh)
      expect(await tableExists(bench, after, 'default_contexts')).toBe(true)
      await after.close()
    }
  }, 60_000)

  it('with a released step changed is refused', async () => {
    const where = await bench.address()
    await (await bench.open(where)).close()
    const [first] = migrations
    const changed = { ...first, version: 1, name: 'x', statements: () => ['SELECT 1'] }
    await expect(bench.open(where, {}, [changed])).rejects.toThrow('Migration 1 is not the one')
  })

  it('is made once when several start at the same time (H57)', async () => {
    const where = await bench.address()
    const all = await Promise.allSettled(Array.from({ length: 6 }, () => bench.open(where)))
    const opened = all.flatMap((one) => (one.status === 'fulfilled' ? [one.value] : []))
    expect(opened).toHaveLength(bench.engine === 'sqlite' ? 1 : 6)
    const versions = await opened[0]?.db.selectFrom('schema_migrations').select('version').execute()
    expect(versions).toHaveLength(migrations.length)
    for (const one of all)
      if (one.status === 'rejected') expect(one.reason).toMatchObject({ code: 'STORE_IN_USE' })
  })
})

onBothEngines('a store', (bench) => {
  if (bench.engine === 'sqlite') {
    it('of SQLite has one owner, whose kill -9 sets it free (C23)', async () => {
      const where = await bench.address()
      const orders = { ...where, clusterUrl: '', leaseMs: 1_000, once: false }
      const child = spawnWorker(orders)
      await once(child.stdout, 'data')
      await expect(bench.open(where)).rejects.toMatchObject({
        code: 'STORE_IN_USE',
        message: `Process ${child.pid} owns the store of this STATE_DIR`,
      })
      child.kill('SIGSTOP')
      await expect(bench.open(where)).rejects.toMatchObject({ code: 'STORE_IN_USE' })
      child.kill('SIGKILL')
      await once(child, 'exit')
      expect(existsSync(join(where.stateDir, 'owner.lock'))).toBe(true)
      await (await bench.open(where)).close()
    })

    it('of SQLite lets commands in beside its owner, who sees what they did', async () => {
      const where = await bench.address()
      const early = await bench.open(where, { guest: true })
      const owner = await bench.open(where)
      const guest = await bench.open(where, { guest: true })
      const { agent } = await cast(guest)
      const request = await aRequest(owner, agent)
      expect((await getRequest(early, request.requestId)).state).toBe('pending')
      await expect(bench.open(where, { guest: true }, [...migrations, second])).rejects.toMatchObject({
        code: 'STORE_IN_USE',
      })
      await Promise.all(Array.from({ length: 40 }, (_, turn) => aRequest(turn % 2 ? owner : guest, agent)))
      expect(await verifyExport(exportRecord(owner))).toMatchObject({ ok: true })
    })

    it('of SQLite is durable, strict and private', async () => {
      const where = await bench.address()
      const store = await bench.open(where)
      const pragma = async (name: string) =>
        Object.values((await sql.raw(`pragma ${name}`).execute(store.db)).rows[0] as object)[0]
      expect(await pragma('journal_mode')).toBe('wal')
      expect(await pragma('synchronous')).toBe(2)
      expect(await pragma('foreign_keys')).toBe(1)
      for (const file of ['gatehouse.db', 'gatehouse.db-wal', 'owner.lock.pid'])
        expect(statSync(join(where.stateDir, file)).mode & 0o077).toBe(0)
      const insert = sql`insert into brakes (name, engaged, epoch, by, at) values ('x', 'text', 0, 'x', 0)`
      await expect(insert.execute(store.db)).rejects.toThrow('INTEGER')
    })

    it('of SQLite on a full disk refuses what it cannot keep and goes on afterwards (C23)', async () => {
      const store = await bench.fresh()
      const { agent, alice } = await cast(store)
      const request = await aRequest(store, agent)
      const pages = Object.values((await sql`pragma page_count`.execute(store.db)).rows[0] as object)[0]
      await sql.raw(`pragma max_page_count = ${pages}`).execute(store.db)
      const fill = async () => {
        for (let number = 0; number < 500; number++) await aRequest(store, agent)
      }
      await expect(fill()).rejects.toMatchObject({
        code: 'STORE_UNAVAILABLE',
        message: 'The disk of the approval store is full',
      })
      await sql.raw('pragma max_page_count = 1000000').execute(store.db)
      expect((await decide(store, alice, yesTo(request))).request.state).toBe('approved')
      expect(await verifyExport(exportRecord(store))).toMatchObject({ ok: true })
    })

    it('of SQLite that is damaged or no database says so', async () => {
      const where = await bench.address()
      writeFileSync(
        join(where.stateDir, 'gatehouse.db'),
        'this is not a database, but long enough'.repeat(20),
      )
      await expect(bench.open(where)).rejects.toMatchObject({
        code: 'STORE_UNAVAILABLE',
        message: 'The approval store is damaged',
      })
    })
  }

  if (bench.engine === 'postgres') {
    it('of PostgreSQL that goes down refuses, and comes back by itself (C23)', async () => {
      const store = await bench.fresh()
      const { agent, alice } = await cast(store)
      const request = await aRequest(store, agent)
      await bench.postgres().crash()
      for (const attempt of [
        () => decide(store, alice, yesTo(request)),
        () => aRequest(store, agent),
        () => getRequest(store, request.requestId),
      ])
        await expect(attempt()).rejects.toMatchObject({ code: 'STORE_UNAVAILABLE' })
      await bench.postgres().start()
      expect((await decide(store, alice, yesTo(request))).request.state).toBe('approved')
      expect(await verifyExport(exportRecord(store))).toMatchObject({ ok: true })
    })

    it('of PostgreSQL does not wait for ever for a writer that hangs', async () => {
      const where = await bench.address()
      const store = await bench.open(where)
      const { agent } = await cast(store)
      const child = spawnWorker({
        ...where,
        clusterUrl: '',
        leaseMs: 1_000,
        once: false,
        hangInTransaction: true,
      })
      await once(child.stdout, 'data')
      const began = performance.now()
      await aRequest(store, agent)
      child.kill('SIGKILL')
      // The server ends the idle transaction after ten seconds; without that this would wait for ever.
      expect(performance.now() - began).toBeGreaterThan(1_000)
    })

    it('of PostgreSQL at a wrong address names the setting and no address', async () => {
      const where = { stateDir: (await bench.address()).stateDir }
      await expect(bench.open({ ...where, databaseUrl: 'mysql://x' })).rejects.toThrow('DATABASE_URL')
      const closed = bench.open({ ...where, databaseUrl: 'postgres://u:pass-word@127.0.0.1:1/x' })
      await expect(closed).rejects.toMatchObject({ code: 'STORE_UNAVAILABLE' })
      await expect(closed).rejects.not.toThrow('127.0.0.1')
    })
  }

  it('that was failed over to an older state is not written to any more (C23)', async () => {
    const where = await bench.address()
    const store = await bench.open(where)
    const { agent } = await cast(store)
    await aRequest(store, agent)
    await tamper(store, 'delete from audit_payloads where seq = (select max(seq) from audit_chain)')
    await tamper(store, 'delete from audit_chain where seq = (select max(seq) from audit_chain)')
    await expect(aRequest(store, agent)).rejects.toMatchObject({ code: 'HALTED' })
  })
})

const SCRIPT = new URL('./worker-process.ts', import.meta.url).pathname

function spawnWorker(orders: object) {
  return spawn(process.execPath, [SCRIPT, JSON.stringify(orders)], { stdio: ['ignore', 'pipe', 'inherit'] })
}

async function ends(orders: object) {
  const [code, signal] = await once(spawnWorker(orders), 'exit')
  return { code, signal }
}
