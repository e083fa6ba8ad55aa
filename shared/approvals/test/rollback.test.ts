import { cpSync } from 'node:fs'
import { openCheckpoints, verifyExport } from '@gatehouse/audit'
import { expect, it } from 'vitest'
import { claim } from '../src/claim.ts'
import {
  acknowledgeRollback,
  checkRollback,
  createWorker,
  decide,
  exportRecord,
  getRequest,
  type Store,
} from '../src/index.ts'
import { carefulExecutor } from './careful-executor.ts'
import { fakeCluster } from './fake-cluster.ts'
import { type Address, aRequest, type Bench, cast, onBothEngines, tamper, yesTo } from './harness.ts'

/** A backup of a store that is closed, and the store restored from it. */
async function backup(bench: Bench, { stateDir, databaseUrl }: Address): Promise<Address> {
  if (databaseUrl !== undefined)
    return { stateDir, databaseUrl: await bench.postgres().copyDatabase(databaseUrl) }
  const copy = bench.folder()
  cpSync(stateDir, copy, { recursive: true })
  return { stateDir: copy }
}

async function execute(store: Store, stateDir: string, cluster: ReturnType<typeof fakeCluster>) {
  const line = {
    read: async (object: string) => cluster.read(object),
    write: async (...sent: Parameters<typeof cluster.write>) => cluster.write(...sent),
  }
  const checkpoints = openCheckpoints({ dir: stateDir })
  await createWorker({ store, checkpoints, executor: carefulExecutor(line) }).runOnce()
}

onBothEngines('a database restored from a backup', (bench) => {
  it('does not execute again what the backup has forgotten (B18)', async () => {
    const where = await bench.address()
    const store = await bench.open(where)
    const { agent, alice } = await cast(store)
    const request = await aRequest(store, agent)
    const pending = await aRequest(store, agent)
    await decide(store, alice, yesTo(request))
    await store.close()
    const saved = await backup(bench, where)
    const cluster = fakeCluster()
    const running = await bench.open(where)
    expect(await checkRollback(running, openCheckpoints({ dir: where.stateDir }))).toEqual({
      rolledBack: false,
    })
    await execute(running, where.stateDir, cluster)
    expect(cluster.effects).toHaveLength(1)
    await running.close()

    const checkpoints = openCheckpoints({ dir: where.stateDir })
    const restored = await bench.open(saved)
    expect((await getRequest(restored, request.requestId)).state).toBe('approved')
    expect(await checkRollback(restored, checkpoints)).toMatchObject({ rolledBack: true })
    await execute(restored, where.stateDir, cluster)
    expect(cluster.effects).toHaveLength(1)
    for (const { requestId } of [request, pending])
      expect((await getRequest(restored, requestId)).state).toBe('blocked')

    const next = await aRequest(restored, agent)
    await expect(decide(restored, alice, yesTo(next))).rejects.toMatchObject({ code: 'HALTED' })
    await expect(acknowledgeRollback(restored, checkpoints, agent)).rejects.toMatchObject({
      code: 'NOT_PERMITTED',
    })
    await acknowledgeRollback(restored, checkpoints, alice)
    await decide(restored, alice, yesTo(next))
    expect(await claim(restored, next.requestId, 'w')).toBeDefined()
    expect(await checkRollback(restored, checkpoints)).toEqual({ rolledBack: false })
    const report = await verifyExport(exportRecord(restored), checkpoints.lines())
    expect(report).toMatchObject({ ok: true })
    expect(report.notes).toEqual([expect.stringContaining('acknowledged by alice')])
  })

  it('leaves what was being carried out to a person', async () => {
    const where = await bench.address()
    const store = await bench.open(where)
    const { agent, alice } = await cast(store)
    const request = await aRequest(store, agent)
    await decide(store, alice, yesTo(request))
    await claim(store, request.requestId, 'one')
    await store.close()
    const saved = await backup(bench, where)
    const checkpoints = openCheckpoints({ dir: where.stateDir })
    checkpoints.write({ chain: 'another', size: 1_000, hash: 'f'.repeat(64) })
    const restored = await bench.open(saved)
    expect(await checkRollback(restored, checkpoints)).toMatchObject({ rolledBack: true })
    expect((await getRequest(restored, request.requestId)).state).toBe('indeterminate')
  })

  it('under a running worker, or rewritten: nothing more is sent', async () => {
    const where = await bench.address()
    const store = await bench.open(where)
    const { agent, alice } = await cast(store)
    const cluster = fakeCluster()
    const checkpoints = openCheckpoints({ dir: where.stateDir })
    const run = () => {
      const line = {
        read: async (object: string) => cluster.read(object),
        write: async (...sent: Parameters<typeof cluster.write>) => cluster.write(...sent),
      }
      return createWorker({ store, checkpoints, executor: carefulExecutor(line) }).runOnce()
    }
    const approve = async () => {
      const request = await aRequest(store, agent)
      await decide(store, alice, yesTo(request))
      return request.requestId
    }
    await approve()
    await run()
    expect(cluster.effects).toHaveLength(1)
    const next = await approve()
    const size = checkpoints.last()?.size
    await tamper(store, `update audit_chain set hash = '${'0'.repeat(64)}' where seq = ${size}`)
    await run()
    expect(cluster.effects).toHaveLength(1)
    expect((await getRequest(store, next)).state).toBe('executing')
  })

  it('emptied or replaced is found out too', async () => {
    const where = await bench.address()
    const store = await bench.open(where)
    await cast(store)
    const checkpoints = openCheckpoints({ dir: where.stateDir })
    expect(await checkRollback(store, checkpoints)).toEqual({ rolledBack: false })
    const other = await bench.fresh()
    const { agent, alice } = await cast(other)
    await decide(other, alice, yesTo(await aRequest(other, agent)))
    const row = await store.db
      .selectFrom('audit_chain')
      .selectAll()
      .where('seq', '=', 2)
      .executeTakeFirstOrThrow()
    checkpoints.write({ chain: row.chain, size: 2, hash: row.hash })
    expect(await checkRollback(other, checkpoints)).toMatchObject({ rolledBack: true })
    expect(await checkRollback(await bench.fresh(), checkpoints)).toMatchObject({
      rolledBack: true,
      found: 0,
    })
  })
})
