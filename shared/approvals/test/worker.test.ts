import { openCheckpoints, verifyExport } from '@gatehouse/audit'
import { GatehouseError } from '@gatehouse/errors'
import type { OperationOutcome } from '@gatehouse/operations'
import { expect, it } from 'vitest'
import { attemptsOf } from '../src/attempts.ts'
import { claim } from '../src/claim.ts'
import { finish, recordOutcome } from '../src/finish.ts'
import {
  brakes,
  createWorker,
  decide,
  type Executor,
  engageKillSwitch,
  exportRecord,
  getRequest,
  openFeed,
  releaseKillSwitch,
  type Store,
} from '../src/index.ts'
import { renewLease, takeOver } from '../src/lease.ts'
import { carefulExecutor } from './careful-executor.ts'
import { fakeCluster } from './fake-cluster.ts'
import { aClock, anOperation, aRequest, cast, MINUTE, onBothEngines, somebody, yesTo } from './harness.ts'

const attempt = {
  index: 0,
  number: 1,
  uid: 'u',
  resourceVersion: '7',
  bodyDigest: 'b',
  auditId: 'a',
  startedAt: 1,
}
const succeeded: OperationOutcome = { state: 'succeeded' }
const executorOf = (execute: Executor['execute']): Executor => ({ execute })
const gate = () => Promise.withResolvers<void>()

async function approved(store: Store, names: string[] = ['web']) {
  const agent = await somebody(store, { subject: 'agent-1', kind: 'agent' })
  const alice = await somebody(store, { subject: 'alice' })
  const operations = names.map((name) =>
    anOperation({ intent: name, target: { ...anOperation().target, name } }),
  )
  const request = await aRequest(store, agent, { operations })
  await decide(store, alice, yesTo(request))
  return { requestId: request.requestId, alice, agent }
}

function lineTo(cluster: ReturnType<typeof fakeCluster>) {
  return {
    read: async (object: string) => cluster.read(object),
    write: async (...sent: Parameters<typeof cluster.write>) => cluster.write(...sent),
  }
}

onBothEngines('a worker', (bench) => {
  it('carries out operations in order, stops at the first that does not succeed, and says which were done', async () => {
    for (const [ends, state, outcomes] of [
      [{ b: 'failed' }, 'failed', ['succeeded', 'failed', 'skipped']],
      [{ a: 'stale' }, 'stale', ['stale', 'skipped', 'skipped']],
      [{ b: 'stale' }, 'failed', ['succeeded', 'stale', 'skipped']],
      [{ a: 'blocked' }, 'blocked', ['blocked', 'skipped', 'skipped']],
      [{ c: 'indeterminate' }, 'indeterminate', ['succeeded', 'succeeded', 'indeterminate']],
      [{}, 'succeeded', ['succeeded', 'succeeded', 'succeeded']],
    ] as const) {
      const store = await bench.fresh()
      const { requestId } = await approved(store, ['a', 'b', 'c'])
      const executor = executorOf(async ({ target }) => ({
        state: (ends as Record<string, OperationOutcome['state']>)[target.name] ?? 'succeeded',
      }))
      await createWorker({ store, executor }).runOnce()
      const request = await getRequest(store, requestId)
      expect([request.state, request.outcomes.map((outcome) => outcome.state)]).toEqual([state, outcomes])
      expect(await verifyExport(exportRecord(store))).toMatchObject({ ok: true })
    }
  })

  it('takes an executor that throws for failed before an attempt, for indeterminate after one', async () => {
    const store = await bench.fresh()
    const { requestId } = await approved(store)
    const before = executorOf(async () => {
      throw new GatehouseError('NOT_FOUND', 'gone')
    })
    await createWorker({ store, executor: before }).runOnce()
    expect(await getRequest(store, requestId)).toMatchObject({ state: 'failed', reason: 'gone' })
    const second = await bench.fresh()
    const { requestId: other } = await approved(second)
    const after = executorOf(async (_, attempts) => {
      await attempts.persist(attempt)
      throw new Error('secret detail')
    })
    await createWorker({ store: second, executor: after }).runOnce()
    expect(await getRequest(second, other)).toMatchObject({
      state: 'indeterminate',
      reason: 'The executor failed',
    })
  })

  it('with an old fence writes nothing: not an attempt, not an outcome, not an end (C21)', async () => {
    const clock = aClock()
    const store = await bench.fresh({ clock })
    const { requestId } = await approved(store)
    const zombie = await claim(store, requestId, 'one')
    if (!zombie) throw new Error('not claimed')
    expect(await takeOver(store, requestId, 'two')).toBeUndefined()
    clock.pass(MINUTE)
    const heir = await takeOver(store, requestId, 'two')
    if (!heir) throw new Error('not taken over')
    expect(heir.fence).toBe(zombie.fence + 1)
    expect(await renewLease(store, zombie)).toBe('lost')
    expect(await attemptsOf(store, zombie).persist(attempt)).toBe(false)
    expect(await recordOutcome(store, zombie, 0, succeeded)).toBe(false)
    expect(await store.write((tx) => finish(tx, zombie, [succeeded]))).toBe(false)
    expect(await attemptsOf(store, heir).persist(attempt)).toBe(true)
    expect(await attemptsOf(store, heir).load(0)).toEqual(attempt)
    expect((await getRequest(store, requestId)).state).toBe('executing')
  })

  it('never sends another thing under the number of an attempt', async () => {
    const store = await bench.fresh()
    const { requestId } = await approved(store)
    const held = await claim(store, requestId, 'one')
    if (!held) throw new Error('not claimed')
    const attempts = attemptsOf(store, held)
    expect(await attempts.persist(attempt)).toBe(true)
    expect(await attempts.persist({ ...attempt, startedAt: 2 })).toBe(true)
    for (const change of [{ resourceVersion: '8' }, { uid: 'v' }, { bodyDigest: 'c' }, { auditId: 'z' }])
      expect(await attempts.persist({ ...attempt, ...change })).toBe(false)
    expect(await attempts.persist({ ...attempt, number: 2, resourceVersion: '8' })).toBe(true)
    expect(await attempts.persist(attempt)).toBe(false)
    expect(await attempts.load(0)).toMatchObject({ number: 2, resourceVersion: '8' })
    await recordOutcome(store, held, 0, succeeded)
    expect(await attempts.persist({ ...attempt, number: 3 })).toBe(false)
  })

  it('that slept through its lease and wakes up has no second effect (C21)', async () => {
    const clock = aClock()
    const store = await bench.fresh({ clock })
    const { requestId } = await approved(store)
    const cluster = fakeCluster()
    const asleep = gate()
    const reached = gate()
    const beforeSend = async () => {
      reached.resolve()
      await asleep.promise
    }
    const zombie = createWorker({ store, executor: carefulExecutor(lineTo(cluster), { beforeSend }) })
    const round = zombie.runOnce()
    await reached.promise
    clock.pass(MINUTE)
    await createWorker({ store, executor: carefulExecutor(lineTo(cluster)) }).runOnce()
    expect((await getRequest(store, requestId)).state).toBe('succeeded')
    asleep.resolve()
    await round
    expect(cluster.effects).toHaveLength(1)
    expect((await getRequest(store, requestId)).state).toBe('succeeded')
  })

  it('keeps its lease while an operation takes long (C25)', async () => {
    const store = await bench.fresh({ leaseMs: 300 })
    const { requestId } = await approved(store)
    const slow = executorOf(async () => {
      await new Promise((resolve) => setTimeout(resolve, 1_200))
      return succeeded
    })
    const round = createWorker({ store, executor: slow }).runOnce()
    const other = createWorker({ store, executor: executorOf(async () => ({ state: 'failed' })) })
    for (let turn = 0; turn < 8; turn++) {
      await new Promise((resolve) => setTimeout(resolve, 120))
      await other.runOnce()
    }
    await round
    expect((await getRequest(store, requestId)).state).toBe('succeeded')
  })

  it('that is stopped leaves what is not sent to the next one at once', async () => {
    const store = await bench.fresh()
    const { requestId } = await approved(store)
    const started = gate()
    const waiting = executorOf(
      (_, __, ___, signal) =>
        new Promise((_resolve, reject) => {
          started.resolve()
          signal.addEventListener('abort', () => reject(signal.reason))
        }),
    )
    const first = createWorker({ store, executor: waiting })
    first.start()
    await started.promise
    await first.stop(50)
    expect((await getRequest(store, requestId)).state).toBe('executing')
    await createWorker({ store, executor: executorOf(async () => succeeded) }).runOnce()
    expect((await getRequest(store, requestId)).state).toBe('succeeded')
  })

  it('is woken by an approval and need not look by itself', async ({ annotate }) => {
    const store = await bench.fresh()
    const { agent, alice } = await cast(store)
    const feed = await openFeed(store)
    const executor = executorOf(async () => succeeded)
    const worker = createWorker({ store, feed, executor, lookEveryMs: 1e9 })
    worker.start()
    await new Promise((resolve) => setTimeout(resolve, 200))
    const times: number[] = []
    for (let run = 0; run < 20; run++) {
      const request = await aRequest(store, agent)
      const began = performance.now()
      await decide(store, alice, yesTo(request))
      while ((await getRequest(store, request.requestId)).state !== 'succeeded') await store.now()
      times.push(performance.now() - began)
    }
    await worker.stop()
    await feed.close()
    const sorted = times.sort((a, b) => a - b)
    await annotate(`approve to outcome: p50 ${sorted[10]?.toFixed(0)} ms, p95 ${sorted[18]?.toFixed(0)} ms`)
    expect(sorted).toHaveLength(20)
  })

  it('that cannot write its checkpoint sends nothing', async () => {
    const where = await bench.address()
    const store = await bench.open(where, { leaseMs: 50 })
    const { requestId } = await approved(store)
    const checkpoints = openCheckpoints({ dir: where.stateDir })
    let sent = 0
    const executor = executorOf(async () => {
      sent++
      return succeeded
    })
    const full = {
      ...checkpoints,
      write: () => {
        throw new Error('ENOSPC')
      },
    }
    await createWorker({ store, executor, checkpoints: full }).runOnce()
    expect(sent).toBe(0)
    expect((await getRequest(store, requestId)).state).toBe('executing')
    await new Promise((resolve) => setTimeout(resolve, 80))
    await createWorker({ store, executor, checkpoints }).runOnce()
    expect((await getRequest(store, requestId)).state).toBe('succeeded')
  })

  it('gives up what ends its executors again and again', async () => {
    const clock = aClock()
    const store = await bench.fresh({ clock })
    const { requestId } = await approved(store)
    await claim(store, requestId, 'one')
    for (let turn = 0; turn < 25; turn++) {
      clock.pass(MINUTE)
      await takeOver(store, requestId, `w${turn}`)
    }
    expect(await getRequest(store, requestId)).toMatchObject({
      state: 'blocked',
      reason: 'Its executors ended again and again',
    })
  })
})

onBothEngines('the kill switch', (bench) => {
  it('voids approvals, refuses new ones and claims, and lets go on only what is approved afterwards (D33)', async () => {
    const store = await bench.fresh()
    const { requestId, alice, agent } = await approved(store)
    const waiting = await aRequest(store, agent)
    await expect(engageKillSwitch(store, agent, 'x')).rejects.toMatchObject({ code: 'NOT_PERMITTED' })
    await engageKillSwitch(store, alice, 'incident')
    expect(await brakes(store)).toMatchObject([
      { name: 'kill-switch', engaged: true, reason: 'incident', by: 'alice' },
      { engaged: false },
    ])
    expect((await getRequest(store, requestId)).state).toBe('blocked')
    await expect(decide(store, alice, yesTo(waiting))).rejects.toMatchObject({ code: 'HALTED' })
    await releaseKillSwitch(store, alice)
    await expect(releaseKillSwitch(store, alice)).rejects.toMatchObject({ code: 'CONFLICT' })
    await decide(store, alice, yesTo(waiting))
    expect((await claim(store, waiting.requestId, 'w'))?.fence).toBe(1)
  })

  it('pressed between claim and sending stops the sending; what may have been sent is indeterminate', async () => {
    for (const [persistFirst, state] of [
      [false, 'blocked'],
      [true, 'indeterminate'],
    ] as const) {
      const clock = aClock()
      const store = await bench.fresh({ clock })
      const { requestId, alice } = await approved(store)
      const held = await claim(store, requestId, 'one')
      if (!held) throw new Error('not claimed')
      const attempts = attemptsOf(store, held)
      if (persistFirst) await attempts.persist(attempt)
      await engageKillSwitch(store, alice, 'incident')
      expect(await attempts.persist(attempt)).toBe(false)
      expect(await renewLease(store, held)).toBe('halted')
      clock.pass(MINUTE)
      expect(await takeOver(store, requestId, 'two')).toBeUndefined()
      await releaseKillSwitch(store, alice)
      expect(await attempts.persist(attempt)).toBe(false)
      clock.pass(MINUTE)
      expect(await takeOver(store, requestId, 'two')).toBeUndefined()
      expect((await getRequest(store, requestId)).state).toBe(state)
    }
  })

  it('pressed after the last operation has ended does not make its success a failure', async () => {
    for (const [outcome, state] of [
      [succeeded, 'succeeded'],
      [{ state: 'stale' }, 'stale'],
    ] as [OperationOutcome, string][]) {
      const clock = aClock()
      const store = await bench.fresh({ clock })
      const { requestId, alice } = await approved(store)
      const held = await claim(store, requestId, 'one')
      if (!held) throw new Error('not claimed')
      await attemptsOf(store, held).persist(attempt)
      await recordOutcome(store, held, 0, outcome)
      await engageKillSwitch(store, alice, 'incident')
      await releaseKillSwitch(store, alice)
      clock.pass(MINUTE)
      await takeOver(store, requestId, 'two')
      expect((await getRequest(store, requestId)).state).toBe(state)
    }
  })

  it('pressed in the middle of a plan keeps what was done before', async () => {
    const store = await bench.fresh({ leaseMs: 300 })
    const { requestId, alice } = await approved(store, ['a', 'b', 'c'])
    const reached = gate()
    const executor = executorOf(async ({ target }, attempts, { index }, signal) => {
      if (target.name === 'a') await attempts.persist({ ...attempt, index })
      if (target.name === 'a') return succeeded
      reached.resolve()
      await new Promise((_, reject) => signal.addEventListener('abort', () => reject(signal.reason)))
      return succeeded
    })
    const round = createWorker({ store, executor }).runOnce()
    await reached.promise
    await engageKillSwitch(store, alice, 'incident')
    await round
    const { state, outcomes } = await getRequest(store, requestId)
    expect([state, outcomes.map((outcome) => outcome.state)]).toEqual([
      'failed',
      ['succeeded', 'blocked', 'skipped'],
    ])
  })

  it('whose state cannot be read halts everything', async () => {
    const store = await bench.fresh()
    const { requestId, alice, agent } = await approved(store)
    await store.db.deleteFrom('brakes').where('name', '=', 'kill-switch').execute()
    expect(await claim(store, requestId, 'w')).toBeUndefined()
    const waiting = await aRequest(store, agent)
    await expect(decide(store, alice, yesTo(waiting))).rejects.toMatchObject({ code: 'HALTED' })
  })

  it('under load: nothing is claimed after it is pressed', async () => {
    const store = await bench.fresh()
    const { agent, alice } = await cast(store)
    for (let number = 0; number < 30; number++)
      await decide(store, alice, yesTo(await aRequest(store, agent)))
    let pressed = false
    let late = 0
    const executor = executorOf(async (_, attempts) => {
      if ((await attempts.persist(attempt)) && pressed) late++
      return succeeded
    })
    const worker = createWorker({ store, executor })
    worker.start()
    await new Promise((resolve) => setTimeout(resolve, 30))
    await engageKillSwitch(store, alice, 'now')
    pressed = true
    await worker.stop()
    expect(late).toBe(0)
    const { states } = { states: await store.db.selectFrom('requests').select('state').execute() }
    expect(new Set(states.map(({ state }) => state)).has('approved')).toBe(false)
  })
})
