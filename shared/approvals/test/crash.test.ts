import { spawn } from 'node:child_process'
import { randomInt } from 'node:crypto'
import { once } from 'node:events'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { verifyExport } from '@gatehouse/audit'
import { expect, it } from 'vitest'
import { createWorker, decide, exportRecord, getRequest, listRequests, type Store } from '../src/index.ts'
import { carefulExecutor } from './careful-executor.ts'
import { fakeCluster, serveCluster } from './fake-cluster.ts'
import { type Address, anOperation, aRequest, type Bench, cast, onBothEngines, yesTo } from './harness.ts'

const SCRIPT = fileURLToPath(new URL('./worker-process.ts', import.meta.url))
const LEASE = 400

function startChild(orders: object) {
  const child = spawn(process.execPath, [SCRIPT, JSON.stringify(orders)], {
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  let output = ''
  child.stdout.on('data', (chunk) => {
    output += chunk
  })
  const ended = once(child, 'exit').then(([code, signal]) => ({ code, signal, output }))
  const ready = new Promise<void>((resolve) => {
    child.stdout.once('data', () => resolve())
    child.once('exit', () => resolve())
  })
  return { child, ended, ready }
}

async function approved(store: Store, object: string) {
  const { agent, alice } = who.get(store) ?? (await cast(store))
  who.set(store, { agent, alice })
  const operations = [anOperation({ intent: object, target: { ...anOperation().target, name: object } })]
  const request = await aRequest(store, agent, { operations })
  await decide(store, alice, yesTo(request))
  return request.requestId
}
const who = new WeakMap<Store, Pick<Awaited<ReturnType<typeof cast>>, 'agent' | 'alice'>>()

/** Another process takes over once the lease has run out; its clock is ahead so that nobody has to wait. */
async function recover(bench: Bench, where: Address, cluster: ReturnType<typeof fakeCluster>) {
  const store = await bench.open(where, { clock: () => Date.now() + 2 * LEASE, leaseMs: LEASE })
  const line = {
    read: async (object: string) => cluster.read(object),
    write: async (...sent: Parameters<typeof cluster.write>) => cluster.write(...sent),
  }
  await createWorker({ store, executor: carefulExecutor(line) }).runOnce()
  return store
}

onBothEngines('kill -9 between claim and completion', (bench) => {
  it('at every statement: one effect, and another process finishes it', async ({ annotate }) => {
    const where = await bench.address()
    const cluster = fakeCluster(join(where.stateDir, 'effects'))
    const server = await serveCluster(cluster)
    const ends: string[] = []
    // A process costs a second: on PostgreSQL every other statement has to do.
    for (let point = 1; ; point += bench.engine === 'postgres' ? 2 : 1) {
      const object = `object-${point}`
      const store = await bench.open(where)
      const requestId = await approved(store, object)
      who.delete(store)
      await store.close()
      const orders = { ...where, clusterUrl: server.url, leaseMs: LEASE, killAtStatement: point, once: true }
      const { signal, code } = await startChild(orders).ended
      expect(signal ?? code).toBe(signal ? 'SIGKILL' : 0)
      const after = await recover(bench, where, cluster)
      const { state } = await getRequest(after, requestId)
      const effects = cluster.effects.filter((effect) => effect.object === object)
      expect({ point, state, effects: effects.length }).toEqual({ point, state: 'succeeded', effects: 1 })
      expect(await verifyExport(exportRecord(after))).toMatchObject({ ok: true })
      await after.close()
      if (signal !== 'SIGKILL') break
      ends.push(state)
    }
    server.close()
    await annotate(`killed at ${ends.length} statements`)
    // Claim, lease, attempt, sending, outcome and end are all among them.
    expect(ends.length).toBeGreaterThanOrEqual(12)
    expect(readFileSync(join(where.stateDir, 'effects'), 'utf8').trim().split('\n')).toHaveLength(
      ends.length + 1,
    )
  }, 300_000)

  it.each(['killBeforeSend', 'killAfterSend'])('%s: the same attempt is used again', async (fault) => {
    const where = await bench.address()
    const cluster = fakeCluster()
    const server = await serveCluster(cluster)
    const store = await bench.open(where)
    const requestId = await approved(store, 'one')
    await store.close()
    const orders = { ...where, clusterUrl: server.url, leaseMs: LEASE, [fault]: true, once: true }
    expect((await startChild(orders).ended).signal).toBe('SIGKILL')
    const after = await recover(bench, where, cluster)
    expect((await getRequest(after, requestId)).state).toBe('succeeded')
    expect(cluster.effects).toHaveLength(1)
    const attempts = await after.db.selectFrom('attempts').selectAll().execute()
    expect(attempts).toHaveLength(1)
    server.close()
  })

  it('without proof the outcome is indeterminate', async () => {
    const where = await bench.address()
    const cluster = fakeCluster()
    const server = await serveCluster(cluster)
    const store = await bench.open(where)
    const requestId = await approved(store, 'moved')
    await store.close()
    const orders = { ...where, clusterUrl: server.url, leaseMs: LEASE, killBeforeSend: true, once: true }
    await startChild(orders).ended
    cluster.disturb('moved')
    const after = await recover(bench, where, cluster)
    expect((await getRequest(after, requestId)).state).toBe('indeterminate')
    expect(cluster.effects).toHaveLength(0)
    server.close()
  })
})

onBothEngines('many approved operations and random kills', (bench) => {
  const requests = Number(process.env.CRASH_REQUESTS ?? 300)

  it(
    `${requests} operations: each has one effect`,
    async ({ signal, annotate }) => {
      const where = await bench.address()
      const cluster = fakeCluster(join(where.stateDir, 'effects'))
      const server = await serveCluster(cluster)
      const store = await bench.open(where)
      for (let number = 0; number < requests; number++) await approved(store, `object-${number}`)
      await store.close()
      const workers = bench.engine === 'postgres' ? 2 : 1
      const orders = { ...where, clusterUrl: server.url, leaseMs: LEASE, once: false }
      let done = false
      let kills = 0
      const keepOne = async () => {
        while (!done) {
          const { child, ended, ready } = startChild(orders)
          await ready
          await Promise.race([pause(randomInt(20, 1_000)), ended])
          child.kill(done ? 'SIGTERM' : 'SIGKILL')
          kills++
          await ended
        }
      }
      const children = Array.from({ length: workers }, keepOne)
      try {
        while (new Set(cluster.effects.map(({ object }) => object)).size < requests) {
          signal.throwIfAborted()
          await pause(50)
        }
      } finally {
        done = true
        await Promise.all(children)
      }
      const after = await recover(bench, where, cluster)
      let finished = 0
      for (let cursor: string | undefined; ; ) {
        const page = await listRequests(after, { limit: 100, ...(cursor !== undefined && { cursor }) })
        finished += page.requests.filter(({ state }) => state === 'succeeded').length
        cursor = page.cursor
        if (cursor === undefined) break
      }
      expect(finished).toBe(requests)
      const file = readFileSync(join(where.stateDir, 'effects'), 'utf8').trim().split('\n')
      expect(new Set(file).size).toBe(requests)
      expect(file).toHaveLength(requests)
      await annotate(`${requests} operations, ${kills} kills`)
      expect(kills).toBeGreaterThan(3)
      expect(await verifyExport(exportRecord(after))).toMatchObject({ ok: true })
      server.close()
    },
    Math.max(300_000, requests * 1_000),
  )
})
