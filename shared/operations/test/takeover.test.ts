import type { Clusters } from '@gatehouse/kubernetes'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type Attempt, type Operation, type PlannedOperation, planOperations } from '../src/index.ts'
import { MARKER } from '../src/marker.ts'
import { type Effects, watchEffects } from './faults/effects.ts'
import { type FaultProxy, faultProxy } from './faults/fault-proxy.ts'
import { type Bench, bench, clustersOf, given, type How, type KubeJson, MemoryAttempts } from './harness.ts'
import { type RawApi, rawApi } from './raw-api.ts'

// Groups C19, C21, C24 and C25: an executor dies, sleeps or is overtaken, and another one carries on.
const MERGE = 'application/merge-patch+json'
let b: Bench
let api: RawApi
let proxy: FaultProxy
let proxied: Clusters
let effects: Effects
let number = 0

beforeAll(async () => {
  b = await bench()
  api = await rawApi(b.handle.kubeconfig)
  proxy = await faultProxy(b.handle.kubeconfig)
  proxied = clustersOf(proxy.kubeconfig)
  effects = await watchEffects(b.handle.kubeconfig, [`/api/v1/namespaces/${b.namespace}/configmaps`])
})
afterAll(async () => {
  await effects?.[Symbol.asyncDispose]()
  await proxied?.close()
  await proxy?.[Symbol.asyncDispose]()
})

const execute = (plan: PlannedOperation, how: How = {}) => b.execute(plan, { clusters: proxied, ...how })
const pathOf = (name: string) => `/api/v1/namespaces/${b.namespace}/configmaps/${name}`
const configMap = (name: string): KubeJson => ({
  apiVersion: 'v1',
  kind: 'ConfigMap',
  metadata: { name, namespace: b.namespace },
  data: { a: '1' },
})

async function planned(make?: (name: string) => Partial<Operation>): Promise<PlannedOperation> {
  const name = `cm${++number}`
  if (make?.(name).type !== 'create') await given(b, configMap(name))
  const target = { kind: 'ConfigMap', name, namespace: b.namespace }
  const patch = { type: 'patch', target, patchType: 'merge', patch: { data: { a: '2' } } } as const
  const operation = { ...patch, ...make?.(name) } as Operation
  const [one] = await planOperations([operation], { clusters: proxied })
  one!.expectation.check = 'none'
  return one!
}

/** An executor that dies at a step: before it sends, or after. */
async function dying(
  plan: PlannedOperation,
  attempts: MemoryAttempts,
  when: 'before' | 'after',
): Promise<Attempt> {
  proxy.fault = () => ({ kind: 'drop-response' })
  const died = new Error('killed')
  await expect(
    execute(plan, {
      clusters: proxied,
      attempts: {
        load: (index) => attempts.load(index),
        persist: async (attempt) => {
          // The second time it asks, its first request has been sent.
          if (attempts.kept.length > 0) throw died
          return attempts.persist(attempt)
        },
      },
      stillAllowed: async () => {
        if (when === 'before') throw died
        return undefined
      },
      timing: { lost: 0 },
    }),
  ).rejects.toThrow('killed')
  proxy.fault = () => ({ kind: 'pass' })
  return attempts.kept[0]!
}

async function count(plan: PlannedOperation): Promise<number> {
  await proxy.settled()
  const { status, body } = await api('GET', pathOf(plan.target.name))
  await effects.upTo(plan.target.name, status === 404 ? undefined : body.metadata.resourceVersion)
  return effects.count(plan.target.name, plan.marker)
}

describe('after a death', () => {
  it('before the sending, the same attempt is sent', async () => {
    const plan = await planned()
    const attempts = new MemoryAttempts()
    await dying(plan, attempts, 'before')
    expect(await count(plan)).toBe(0)
    expect(await execute(plan, { clusters: proxied, attempts })).toMatchObject({
      state: 'succeeded',
      result: { proof: 'answer' },
    })
    expect(await count(plan)).toBe(1)
    expect(attempts.kept).toHaveLength(1)
  })

  it('after the sending, the mark proves it', async () => {
    const plan = await planned()
    const attempts = new MemoryAttempts()
    await execute(plan, { attempts })
    expect(await execute(plan, { attempts })).toMatchObject({
      state: 'succeeded',
      result: { proof: 'mark' },
    })
    expect(await count(plan)).toBe(1)
  })

  it('nothing is repeated that may not be any more', async () => {
    const plan = await planned()
    const attempts = new MemoryAttempts()
    await dying(plan, attempts, 'before')
    const stillAllowed = async () => 'policy has changed'
    expect(await execute(plan, { attempts, stillAllowed })).toEqual({
      state: 'indeterminate',
      reason: 'Not known to have happened, and not repeated: policy has changed',
    })
    expect(await count(plan)).toBe(0)
  })

  it('an attempt of another plan, or another body, is not touched', async () => {
    const plan = await planned()
    const attempts = new MemoryAttempts()
    const attempt = await dying(plan, attempts, 'before')
    attempts.kept[0] = { ...attempt, bodyDigest: 'something else' }
    expect(await execute(plan, { attempts })).toMatchObject({ state: 'indeterminate' })
    attempts.kept[0] = attempt
    expect(await execute({ ...plan, uid: 'other' }, { attempts })).toMatchObject({ state: 'indeterminate' })
    const other = { ...plan, target: { ...plan.target, clusterId: 'other' } }
    expect(await execute(other, { attempts })).toMatchObject({ state: 'indeterminate' })
    expect(await count(plan)).toBe(0)
  })
})

describe('when somebody else wrote the object after the attempt', () => {
  const touch = (name: string, metadata: object) => api('PATCH', pathOf(name), { metadata }, MERGE)

  it('history proves that the attempt did not happen, and never can: stale', async () => {
    const plan = await planned()
    const attempts = new MemoryAttempts()
    await dying(plan, attempts, 'before')
    await touch(plan.target.name, { labels: { by: 'other' } })
    expect(await execute(plan, { attempts })).toMatchObject({ state: 'stale' })
    expect(await count(plan)).toBe(0)
  })

  it('and wiped the mark, history still proves that it happened', async () => {
    const plan = await planned()
    const attempts = new MemoryAttempts()
    await execute(plan, { attempts })
    await touch(plan.target.name, { annotations: { [MARKER]: null } })
    expect(await execute(plan, { attempts })).toMatchObject({
      state: 'succeeded',
      result: { proof: 'history' },
    })
    expect(await count(plan)).toBe(1)
  })

  it('and there is no history to be read, it is indeterminate, whatever the truth', async () => {
    proxy.hidesHistory = true
    for (const happened of [true, false]) {
      const plan = await planned()
      const attempts = new MemoryAttempts()
      if (happened) await execute(plan, { attempts })
      else await dying(plan, attempts, 'before')
      await touch(plan.target.name, { annotations: { [MARKER]: null }, labels: { by: 'other' } })
      expect(await execute(plan, { attempts })).toMatchObject({ state: 'indeterminate' })
      expect(await count(plan)).toBe(happened ? 1 : 0)
    }
    proxy.hidesHistory = false
  })

  it('and deleted it, history tells both', async () => {
    for (const happened of [true, false]) {
      const plan = await planned()
      const attempts = new MemoryAttempts()
      if (happened) await execute(plan, { attempts })
      else await dying(plan, attempts, 'before')
      await api('DELETE', pathOf(plan.target.name))
      expect((await execute(plan, { attempts })).state).toBe(happened ? 'succeeded' : 'stale')
    }
  })
})

describe('a new object', () => {
  const creating = (name: string): Partial<Operation> => ({ type: 'create', object: configMap(name) })

  it('that was made is found by its mark, also when it was deleted since', async () => {
    const plan = await planned(creating)
    const attempts = new MemoryAttempts()
    await execute(plan, { attempts })
    expect(await execute(plan, { attempts })).toMatchObject({
      state: 'succeeded',
      result: { proof: 'mark' },
    })
    await api('DELETE', pathOf(plan.target.name))
    expect(await execute(plan, { attempts })).toMatchObject({
      state: 'succeeded',
      result: { proof: 'history' },
    })
    expect(await count(plan)).toBe(1)
  })

  it('that may never have been asked for is not made by who takes over', async () => {
    const plan = await planned(creating)
    const attempts = new MemoryAttempts()
    await dying(plan, attempts, 'before')
    expect(await execute(plan, { attempts })).toMatchObject({ state: 'indeterminate' })
    expect(await count(plan)).toBe(0)
  })
})

describe('a deletion', () => {
  it('that happened is known by its object being gone, and says that nobody knows by whom', async () => {
    const plan = await planned(() => ({ type: 'delete' }))
    const attempts = new MemoryAttempts()
    await execute(plan, { attempts })
    expect(await execute(plan, { attempts })).toMatchObject({
      state: 'succeeded',
      reason: expect.stringContaining('not known'),
      result: { proof: 'state' },
    })
  })

  it('did not happen where the object is there and was written since', async () => {
    const plan = await planned(() => ({ type: 'delete' }))
    const attempts = new MemoryAttempts()
    await dying(plan, attempts, 'before')
    await api('PATCH', pathOf(plan.target.name), { metadata: { labels: { x: 'y' } } }, MERGE)
    expect(await execute(plan, { attempts })).toMatchObject({ state: 'stale' })
    expect((await api('GET', pathOf(plan.target.name))).status).toBe(200)
  })
})

describe('a sleeper', () => {
  it('that wakes up after somebody took over changes nothing any more', async () => {
    const plan = await planned()
    const attempts = new MemoryAttempts()
    const { promise: asleep, resolve: wake } = Promise.withResolvers<undefined>()
    const { promise: sleeps, resolve: sleeping } = Promise.withResolvers<void>()
    const sleeper = execute(plan, {
      attempts,
      stillAllowed: () => {
        sleeping()
        return asleep
      },
    })
    await sleeps
    expect(await execute(plan, { attempts })).toMatchObject({ state: 'succeeded' })
    // Somebody puts it back and takes the mark off: only the version can hold the sleeper off now.
    await api('PATCH', pathOf(plan.target.name), { metadata: { annotations: null }, data: { a: '1' } }, MERGE)
    wake(undefined)
    const { state } = await sleeper
    expect(state).toBe('succeeded')
    expect(await count(plan)).toBe(1)
    expect((await api('GET', pathOf(plan.target.name))).body.data).toEqual({ a: '1' })
  })

  it('that finds itself fenced off sends nothing', async () => {
    const plan = await planned()
    const attempts = new MemoryAttempts()
    attempts.fenced = true
    expect(await execute(plan, { attempts })).toMatchObject({ state: 'blocked' })
    expect(await count(plan)).toBe(0)
  })
})

describe('who is told to stop', () => {
  it('before the sending, leaves it to others; after it, sees it to its end', async () => {
    const plan = await planned()
    const before = new AbortController()
    const attempts = new MemoryAttempts()
    before.abort(new Error('stopping'))
    await expect(execute(plan, { attempts, signal: before.signal })).rejects.toThrow('stopping')
    expect(await count(plan)).toBe(0)

    const between = new AbortController()
    const stillAllowed = async () => {
      between.abort(new Error('stopping'))
      return undefined
    }
    const stopped = execute(plan, { attempts, signal: between.signal, stillAllowed })
    await expect(stopped).rejects.toThrow('stopping')
    expect(attempts.kept).toHaveLength(1)
    expect(await count(plan)).toBe(0)

    const during = new AbortController()
    proxy.fault = () => {
      during.abort(new Error('stopping'))
      return { kind: 'delay', ms: 100 }
    }
    const outcome = await execute(plan, { attempts, clusters: proxied, signal: during.signal })
    expect(outcome).toMatchObject({ state: 'succeeded', result: { proof: 'answer' } })
    expect(outcome.verification).toBeUndefined()
    proxy.fault = () => ({ kind: 'pass' })
  })
})
