import { DatabaseSync } from 'node:sqlite'
import { verifyExport } from '@gatehouse/audit'
import pg from 'pg'
import { afterEach, expect, it } from 'vitest'
import { createWorker, decide, exportRecord, getRequest } from '../src/index.ts'
import { carefulExecutor } from './careful-executor.ts'
import { fakeCluster } from './fake-cluster.ts'
import { aClock, anOperation, aRequest, cast, MINUTE, onBothEngines, yesTo } from './harness.ts'

// The database goes away before one statement: its connection is cut, or its file cannot be read.
let statementsLeft = Number.POSITIVE_INFINITY
const { prepare } = DatabaseSync.prototype
DatabaseSync.prototype.prepare = function (...args) {
  if (--statementsLeft === 0) {
    const error = Object.assign(new Error('disk I/O error'), { code: 'ERR_SQLITE_ERROR' })
    throw error
  }
  return prepare.apply(this, args)
}
type Query = (this: { connection: { stream: { destroy(): void } } }, ...args: unknown[]) => unknown
const query = pg.Client.prototype.query as unknown as Query
pg.Client.prototype.query = function (this: ThisParameterType<Query>, ...args: unknown[]) {
  if (--statementsLeft === 0) this.connection.stream.destroy()
  return query.apply(this, args)
} as never

afterEach(() => {
  statementsLeft = Number.POSITIVE_INFINITY
})

onBothEngines('a database that goes away', (bench) => {
  it('before any statement of an execution: at most one effect, and it ends as it should (C23)', async () => {
    const clock = aClock()
    const store = await bench.fresh({ clock, pendingPerRequester: 10_000 })
    const { agent, alice } = await cast(store)
    const cluster = fakeCluster()
    const executor = carefulExecutor({
      read: async (object) => cluster.read(object),
      write: async (...sent) => cluster.write(...sent),
    })
    let failed = 0
    for (let point = 1; ; point++) {
      const name = `object-${point}`
      const operations = [anOperation({ intent: name, target: { ...anOperation().target, name } })]
      const request = await aRequest(store, agent, { operations })
      await decide(store, alice, yesTo(request))
      statementsLeft = point
      await createWorker({ store, executor })
        .runOnce()
        .catch(() => {})
      const reached = statementsLeft <= 0
      statementsLeft = Number.POSITIVE_INFINITY
      for (let turn = 0; turn < 3; turn++) {
        clock.pass(MINUTE)
        await createWorker({ store, executor }).runOnce()
      }
      const { state } = await getRequest(store, request.requestId)
      const effects = cluster.effects.filter(({ object }) => object === name).length
      expect([point, state, effects]).toEqual([point, 'succeeded', 1])
      if (!reached) break
      failed++
    }
    expect(failed).toBeGreaterThan(12)
    expect(await verifyExport(exportRecord(store))).toMatchObject({ ok: true })
  }, 120_000)

  it('before any statement of a decision: it was made whole or not at all', async () => {
    const store = await bench.fresh({ pendingPerRequester: 10_000 })
    const { agent, alice } = await cast(store)
    for (let point = 1; ; point++) {
      const request = await aRequest(store, agent)
      statementsLeft = point
      const answer = await decide(store, alice, yesTo(request)).catch((error) => error.code)
      const reached = statementsLeft <= 0
      statementsLeft = Number.POSITIVE_INFINITY
      const { state, decisions } = await getRequest(store, request.requestId)
      expect([point, state, decisions.length]).toEqual([
        point,
        ...(state === 'approved' ? ['approved', 1] : ['pending', 0]),
      ])
      if (!reached) break
      expect(answer).toBe('STORE_UNAVAILABLE')
      // Asked again, it is the same decision.
      expect((await decide(store, alice, yesTo(request))).request.state).toBe('approved')
    }
    expect(await verifyExport(exportRecord(store))).toMatchObject({ ok: true })
  })
})
