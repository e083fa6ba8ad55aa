import { openCheckpoints, verifyExport } from '@gatehouse/audit'
import { createSanitizer } from '@gatehouse/sanitizer'
import { sql } from 'kysely'
import { expect, it } from 'vitest'
import {
  decide,
  eraseRecordPayload,
  exportRecord,
  getRequest,
  keepCheckpoints,
  listRequests,
  propose,
  recordEvent,
  recordView,
  type Store,
  SYSTEM,
} from '../src/index.ts'
import { anOperation, aPlan, aRequest, cast, onBothEngines, tamper, VIEW, yesTo } from './harness.ts'

async function linesOf(store: Store): Promise<string[]> {
  const lines: string[] = []
  for await (const line of exportRecord(store)) lines.push(line)
  return lines
}

onBothEngines('the record', (bench) => {
  it('refuses to be changed, cut or emptied; attacks past the triggers are named (G49)', async () => {
    const attacks: [string, number][] = [
      [`update audit_chain set actor_subject = 'mallory' where seq = 4`, 4],
      [`update audit_chain set hash = '${'0'.repeat(64)}' where seq = 4`, 4],
      [`update audit_payloads set payload = '{"a":1}' where seq = 4`, 4],
      ['delete from audit_payloads where seq = 4', 4],
      ['delete from audit_chain where seq = 5', 5],
      ['delete from audit_chain where seq > 6', 7],
      ['update audit_chain set seq = seq + 1000 where seq = 6', 6],
    ]
    for (const [attack, row] of attacks) {
      const where = await bench.address()
      const store = await bench.open(where)
      const checkpoints = openCheckpoints({ dir: where.stateDir })
      const keeper = keepCheckpoints(store, checkpoints, { everyMs: 1e9 })
      const { agent, alice } = await cast(store)
      await decide(store, alice, yesTo(await aRequest(store, agent)))
      for (let event = 0; event < 5; event++)
        await recordEvent(store, { type: 'test.event', actor: SYSTEM, payload: { event } })
      await keeper.stop()
      expect(await verifyExport(await linesOf(store), checkpoints.lines())).toMatchObject({ ok: true })
      await expect(sql.raw(attack).execute(store.db)).rejects.toThrow()
      await tamper(store, attack)
      const report = await verifyExport(await linesOf(store), checkpoints.lines())
      expect([attack, report.ok, report.bad?.row]).toEqual([attack, false, row])
    }
  })

  it('comes first: where it cannot be written nothing happens (G50)', async () => {
    const store = await bench.fresh()
    const { agent, alice } = await cast(store)
    const request = await aRequest(store, agent)
    await sql
      .raw(
        bench.engine === 'sqlite'
          ? `create trigger no_more before insert on audit_chain begin select raise(abort, 'constraint: no'); end`
          : `create trigger no_more before insert on audit_chain for each row execute function audit_refuse()`,
      )
      .execute(store.db)
    await expect(decide(store, alice, yesTo(request))).rejects.toThrow()
    await expect(aRequest(store, agent)).rejects.toThrow()
    expect((await getRequest(store, request.requestId)).state).toBe('pending')
    expect((await listRequests(store)).requests).toHaveLength(1)
    expect(await store.db.selectFrom('decisions').selectAll().execute()).toEqual([])
    await sql
      .raw(`drop trigger no_more ${bench.engine === 'postgres' ? 'on audit_chain' : ''}`)
      .execute(store.db)
    expect((await decide(store, alice, yesTo(request))).request.state).toBe('approved')
  })

  it('does not fork under many writers (G51)', async () => {
    const each = Number(process.env.AUDIT_APPENDS ?? 125)
    const where = await bench.address()
    const first = await bench.open(where)
    // SQLite has one owner, so its writers are in one process; on PostgreSQL each has connections of its own.
    const others =
      bench.engine === 'postgres' ? await Promise.all(Array.from({ length: 7 }, () => bench.open(where))) : []
    const writers = Array.from({ length: 8 }, (_, index) => others[index] ?? first)
    await Promise.all(
      writers.map(async (store, writer) => {
        for (let row = 0; row < each; row++)
          await recordEvent(store, { type: 'test.event', actor: SYSTEM, payload: { writer, row } })
      }),
    )
    expect(await verifyExport(exportRecord(first))).toMatchObject({ ok: true, rows: 8 * each })
  }, 120_000)

  it('gives payloads up for erasure, on the record, and still verifies (G53)', async () => {
    const store = await bench.fresh()
    await recordEvent(store, { type: 'test.event', actor: SYSTEM, payload: { name: 'Erika Mustermann' } })
    const erasable = (await linesOf(store)).length
    expect((await linesOf(store)).join()).toContain('Erika')
    await eraseRecordPayload(store, erasable, SYSTEM)
    expect((await linesOf(store)).join()).not.toContain('Erika')
    expect(await verifyExport(exportRecord(store))).toMatchObject({ ok: true, erased: 1 })
    await expect(eraseRecordPayload(store, erasable, SYSTEM)).rejects.toMatchObject({ code: 'NOT_FOUND' })
    await expect(eraseRecordPayload(store, 999, SYSTEM)).rejects.toMatchObject({ code: 'NOT_FOUND' })
  })

  it('holds no planted secret (G55)', async () => {
    const secrets = ['S3cr3t-known-value-1', 'AKIAIOSFODNN7EXAMPLF', 'hunter2hunter2', 'body-only-secret']
    const [known = '', aws, password, body] = secrets
    const knowing = createSanitizer({ key: 'k', known: [known] })
    const store = await bench.fresh({ sanitise: (value) => knowing.value(value) })
    const { agent, alice } = await cast(store)
    const operation = anOperation()
    const plan = aPlan(agent, await store.now(), {
      operations: [
        {
          ...operation,
          title: `Set ${known}`,
          request: { ...operation.request, body: { stringData: { x: body } } },
          before: { data: { x: body } },
          changes: [{ path: 'data.x', before: `${body}`, hidden: true }],
          command: `kubectl patch --token=${password}`,
        },
      ],
      claim: { reason: `password=${password} key ${aws} ${known}` },
    })
    const { request } = await propose(store, agent, { plan, viewDigest: VIEW })
    await recordView(store, alice, request.requestId, VIEW)
    await decide(store, alice, { ...yesTo(request), reason: `fine, ${known} password=${password}` })
    const exported = (await linesOf(store)).join('\n')
    for (const secret of secrets) expect(exported).not.toContain(secret)
    const tokens = await store.db.selectFrom('tokens').select('hash').execute()
    for (const { hash } of tokens) expect(exported).not.toContain(hash)
    expect(exported).toContain('request.viewed')
  })

  it('is signed every so many rows and at the end', async () => {
    const where = await bench.address()
    const store = await bench.open(where)
    const checkpoints = openCheckpoints({ dir: where.stateDir })
    const keeper = keepCheckpoints(store, checkpoints, { rows: 10, everyMs: 1e9 })
    for (let row = 0; row < 35; row++) {
      await recordEvent(store, { type: 'test.event', actor: SYSTEM })
      await store.now()
    }
    const before = checkpoints.newest()?.size ?? 0
    expect(before).toBeGreaterThanOrEqual(10)
    await keeper.stop()
    expect(checkpoints.newest()?.size).toBe(35)
    expect(checkpoints.lines().length).toBeLessThan(10)
  })
})
