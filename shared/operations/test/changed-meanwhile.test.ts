import { setTimeout as pause } from 'node:timers/promises'
import { beforeAll, describe, expect, it } from 'vitest'
import type { AttemptStore, ExecutionContext, PlannedOperation } from '../src/index.ts'
import { MARKER } from '../src/marker.ts'
import {
  allowed,
  type Bench,
  bench,
  clustersOf,
  deployment,
  given,
  type How,
  MemoryAttempts,
} from './harness.ts'
import { type RawApi, rawApi } from './raw-api.ts'

// Group A4 to A6 of the test plan: what was approved is done to what was seen, or not at all.
const MERGE = 'application/merge-patch+json'
let b: Bench
let api: RawApi
let path: string
let number = 0

beforeAll(async () => {
  b = await bench()
  api = await rawApi(b.handle.kubeconfig)
})

async function fresh() {
  const name = `web${++number}`
  const object = { ...deployment(name, b.namespace, 1) }
  await given(b, object)
  path = `/apis/apps/v1/namespaces/${b.namespace}/deployments/${name}`
  return b.plan({
    type: 'scale',
    target: { kind: 'Deployment', name, namespace: b.namespace },
    replicas: 2,
  })
}

const merge = (patch: object) => api('PATCH', path, patch, MERGE)
const status = (generation: number) =>
  api('PATCH', `${path}/status`, { status: { observedGeneration: generation } }, MERGE)

const EDITS: Record<string, () => Promise<unknown>> = {
  spec: () => merge({ spec: { minReadySeconds: 3 } }),
  'the template': () => merge({ spec: { template: { metadata: { labels: { more: 'yes' } } } } }),
  'a label': () => merge({ metadata: { labels: { more: 'yes' } } }),
  'an annotation': () => merge({ metadata: { annotations: { 'example.com/note': 'x' } } }),
  'the replicas, as an autoscaler does': () => merge({ spec: { replicas: 5 } }),
  'the object, deleted and made anew': async () => {
    const { name } = (await api('GET', path)).body.metadata
    await b.handle.kubectl(['delete', 'deploy', name, '-n', b.namespace, '--wait=true'])
    await b.handle.apply(JSON.stringify(deployment(name, b.namespace, 1)))
  },
  'the object, deleted': () => api('DELETE', path),
}

/** Where somebody else can come between. */
const MOMENTS: Record<string, (edit: () => Promise<unknown>) => Promise<How>> = {
  'between plan and execution': async (edit) => {
    await edit()
    return {}
  },
  'between the last rehearsal and the attempt': async (edit) => {
    const attempts = new MemoryAttempts()
    const store: AttemptStore = {
      load: (index) => attempts.load(index),
      persist: async (attempt) => {
        if (attempt.number === 1) await edit()
        return attempts.persist(attempt)
      },
    }
    return { attempts: store }
  },
  'between the attempt and the sending': async (edit) => {
    let edited = false
    const stillAllowed: ExecutionContext['stillAllowed'] = async () => {
      if (!edited) await edit()
      edited = true
      return undefined
    }
    return { stillAllowed }
  },
}

describe.each(Object.keys(MOMENTS))('%s', (moment) => {
  it.each(Object.keys(EDITS))('a change of %s makes it stale, and nothing is changed', async (edit) => {
    const planned = await fresh()
    const outcome = await b.execute(planned, await MOMENTS[moment]!(EDITS[edit]!))
    expect(outcome.state).toBe('stale')
    expect(outcome.reason).toBeTruthy()
    const { status: found, body } = await api('GET', path)
    if (found === 200) {
      expect(body.metadata.annotations?.[MARKER]).toBeUndefined()
      expect(body.spec.replicas).not.toBe(2)
    }
  })

  it('a change of its status alone, or of what its controller notes, does not matter', async () => {
    const planned = await fresh()
    let generation = 0
    const outcome = await b.execute(
      planned,
      await MOMENTS[moment]!(async () => {
        await status(--generation)
        await merge({ metadata: { annotations: { 'deployment.kubernetes.io/revision': '9' } } })
      }),
    )
    expect(outcome).toMatchObject({ state: 'succeeded', verification: { ok: true } })
  })
})

describe('a busy object', () => {
  it('never makes an approval stale: its status is written hundreds of times a second', async () => {
    const planned = await fresh()
    const busyPath = path
    let busy = true
    let writes = 0
    const churn = (async () => {
      for (let generation = -1; busy; generation--) {
        await api('PATCH', `${busyPath}/status`, { status: { observedGeneration: generation } }, MERGE)
        writes++
        await pause(4)
      }
    })()
    const states: string[] = []
    let next: PlannedOperation = planned
    for (let round = 0; round < 15; round++) {
      next.expectation.check = 'none'
      const outcome = await b.execute(next)
      states.push(outcome.state)
      next = await b.plan({
        type: 'scale',
        target: { kind: 'Deployment', name: next.target.name, namespace: b.namespace },
        replicas: round % 2 === 0 ? 3 : 4,
      })
    }
    busy = false
    await churn
    expect(states).toEqual(Array(15).fill('succeeded'))
    expect(writes).toBeGreaterThan(50)
  })
})

describe('the cluster behind the context', () => {
  it('that is another one makes it stale before anything is read there', async () => {
    const planned = await fresh()
    const elsewhere = { ...planned, target: { ...planned.target, clusterId: 'another/cluster' } }
    const attempts = new MemoryAttempts()
    expect(await b.execute(elsewhere, { attempts })).toMatchObject({
      state: 'stale',
      reason: expect.stringContaining('another cluster'),
    })
    expect(attempts.kept).toEqual([])
  })

  it('is told apart by its authority too', async () => {
    const { cert, key } = await b.handle.certificate('insecure', ['system:masters'])
    const kubeconfig = await b.handle.writeKubeconfig('unverified', [
      { name: 'gatehouse-test', user: { certificate: { cert, key } }, insecure: true },
    ])
    const planned = await fresh()
    const clusters = clustersOf(kubeconfig)
    expect(await b.execute(planned, { clusters })).toMatchObject({ state: 'stale' })
    await clusters.close()
  })
})

describe('an identity', () => {
  it('that lost its permission sends nothing', async () => {
    const planned = await fresh()
    const { cert, key } = await b.handle.certificate('reader')
    const kubeconfig = await b.handle.writeKubeconfig('reader', [
      { name: 'gatehouse-test', user: { certificate: { cert, key } } },
    ])
    await b.handle.apply(
      JSON.stringify({
        apiVersion: 'rbac.authorization.k8s.io/v1',
        kind: 'ClusterRoleBinding',
        metadata: { name: 'operations-reader' },
        roleRef: { apiGroup: 'rbac.authorization.k8s.io', kind: 'ClusterRole', name: 'view' },
        subjects: [{ apiGroup: 'rbac.authorization.k8s.io', kind: 'User', name: 'reader' }],
      }),
    )
    const clusters = clustersOf(kubeconfig)
    const attempts = new MemoryAttempts()
    const stillAllowed = allowed
    const outcome = await b.execute(planned, { clusters, attempts, stillAllowed })
    expect(outcome).toMatchObject({
      state: 'failed',
      reason: 'The cluster does not let this identity patch deployments',
    })
    expect(attempts.kept).toEqual([])
    await clusters.close()
  })
})
