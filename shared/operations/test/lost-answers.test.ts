import type { Clusters } from '@gatehouse/kubernetes'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type Operation, planOperations } from '../src/index.ts'
import { type Effects, watchEffects } from './faults/effects.ts'
import { type Fault, type FaultProxy, faultProxy } from './faults/fault-proxy.ts'
import { type Bench, bench, clustersOf, deployment, given, type KubeJson } from './harness.ts'
import { type RawApi, rawApi } from './raw-api.ts'

let b: Bench
let proxy: FaultProxy
let proxied: Clusters
let effects: Effects
let api: RawApi
let number = 0

beforeAll(async () => {
  b = await bench()
  proxy = await faultProxy(b.handle.kubeconfig)
  proxied = clustersOf(proxy.kubeconfig)
  api = await rawApi(b.handle.kubeconfig)
  effects = await watchEffects(b.handle.kubeconfig, [
    `/api/v1/namespaces/${b.namespace}/configmaps`,
    `/apis/apps/v1/namespaces/${b.namespace}/deployments`,
  ])
})
afterAll(async () => {
  await effects?.[Symbol.asyncDispose]()
  await proxied?.close()
  await proxy?.[Symbol.asyncDispose]()
})

/** One fault at the first change that is sent, none at those after it. */
const once = (fault: Fault): (() => Fault) => {
  let used = false
  return () => {
    if (used) return { kind: 'pass' }
    used = true
    return fault
  }
}

const FAULTS: [string, Fault, 'arrives' | 'never'][] = [
  ['the request is lost', { kind: 'drop' }, 'never'],
  ['the response is lost', { kind: 'drop-response' }, 'arrives'],
  ['the connection breaks in the answer', { kind: 'reset-mid-body' }, 'arrives'],
  ['the request comes late, after it was sent again', { kind: 'late', ms: 900 }, 'arrives'],
  ['the request comes a little late', { kind: 'late', ms: 150 }, 'arrives'],
  ['the request comes twice, the second answer is heard', { kind: 'duplicate', ms: 100 }, 'arrives'],
  ['a proxy says 500 though it was done', { kind: 'answer', status: 500, arrives: true }, 'arrives'],
  ['a proxy says 504 though it was done', { kind: 'answer', status: 504, arrives: true }, 'arrives'],
  ['a proxy says 502, and it was not done', { kind: 'answer', status: 502, arrives: false }, 'never'],
  ['a proxy says 504, and it was not done', { kind: 'answer', status: 504, arrives: false }, 'never'],
]

interface Case {
  name: string
  path: string
  operation: Operation
}

const cases: Record<string, () => Promise<Case>> = {
  scale: async () => {
    const name = `web${++number}`
    const object = deployment(name, b.namespace, 0)
    await given(b, object)
    const target = { kind: 'Deployment', name, namespace: b.namespace }
    const path = `/apis/apps/v1/namespaces/${b.namespace}/deployments/${name}`
    return { name, path, operation: { type: 'scale', target, replicas: 1 } }
  },
  patch: async () => {
    const { name, path, target } = await settings()
    return {
      name,
      path,
      operation: { type: 'patch', target, patchType: 'merge', patch: { data: { a: '2' } } },
    }
  },
  'JSON patch': async () => {
    const { name, path, target } = await settings()
    const patch = [{ op: 'replace', path: '/data/a', value: '2' }]
    return { name, path, operation: { type: 'patch', target, patchType: 'json', patch } }
  },
  apply: async () => {
    const { name, path, target, object } = await settings()
    return { name, path, operation: { type: 'apply', target, object: { ...object, data: { b: '2' } } } }
  },
  delete: async () => {
    const { name, path, target } = await settings()
    return { name, path, operation: { type: 'delete', target } }
  },
}

async function settings() {
  const name = `cm${++number}`
  const object = configMap(name)
  await given(b, object)
  const target = { kind: 'ConfigMap', name, namespace: b.namespace }
  return { name, object, target, path: `/api/v1/namespaces/${b.namespace}/configmaps/${name}` }
}

function configMap(name: string): KubeJson {
  return { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name, namespace: b.namespace }, data: { a: '1' } }
}

/** Executes through the proxy, waits for what is late, and counts. */
async function run({ name, path, operation }: Case, fault: () => Fault) {
  proxy.fault = () => ({ kind: 'pass' })
  const planned = await planProxied(operation)
  proxy.fault = fault
  const outcome = await b.execute(planned, { clusters: proxied })
  await proxy.settled()
  const { status, body } = await api('GET', path)
  await effects.upTo(name, status === 404 ? undefined : body.metadata.resourceVersion)
  const count =
    operation.type === 'delete' ? effects.ended(name, planned.uid ?? '') : effects.count(name, planned.marker)
  return { outcome, count }
}

async function planProxied(operation: Operation) {
  const [planned] = await planOperations([operation], { clusters: proxied })
  planned!.expectation.check = 'none'
  return planned!
}

describe.each(Object.keys(cases))('%s, when', (type) => {
  it.each(FAULTS)('%s, has one effect and is known to have it', async (_text, fault) => {
    const { outcome, count } = await run(await cases[type]!(), once(fault))
    expect(outcome).toMatchObject({ state: 'succeeded' })
    expect(count).toBe(1)
  })

  it.each([429, 503] as const)(
    'a proxy says %i, and it was not done, is not claimed to be done',
    async (status) => {
      const { outcome, count } = await run(
        await cases[type]!(),
        once({ kind: 'answer', status, arrives: false }),
      )
      // 429 is a refusal; after 503 the same attempt may be sent again.
      expect([outcome.state, count]).toEqual(status === 429 ? ['failed', 0] : ['succeeded', 1])
    },
  )
})

describe('what was lost and is not known', () => {
  it('is not called failed because a copy of it was refused', async () => {
    const one = await cases.patch!()
    const faults: Fault[] = [
      { kind: 'late', ms: 1_500 },
      { kind: 'answer', status: 429, arrives: false },
    ]
    const { outcome, count } = await run(one, () => faults.shift() ?? { kind: 'pass' })
    expect([outcome.state, count]).toEqual(['indeterminate', 1])
  })

  it('is waited for before a copy is sent', async () => {
    const one = await cases.patch!()
    const { outcome } = await run(one, once({ kind: 'late', ms: 150 }))
    expect(outcome).toMatchObject({ state: 'succeeded', result: { proof: 'mark' } })
    expect(proxy.arrived.filter(({ path }) => path === one.path)).toHaveLength(1)
  })
})

describe('create, when', () => {
  const creating = async (): Promise<Case> => {
    const name = `new${++number}`
    const target = { kind: 'ConfigMap', name, namespace: b.namespace }
    const path = `/api/v1/namespaces/${b.namespace}/configmaps/${name}`
    return { name, path, operation: { type: 'create', target, object: configMap(name) } }
  }

  it.each(FAULTS.filter(([, , arrives]) => arrives === 'arrives'))(
    '%s, makes one object and never claims that it did not',
    async (_text, fault) => {
      const { outcome, count } = await run(await creating(), once(fault))
      const late = fault.kind === 'late' && fault.ms > 400
      expect(late ? ['indeterminate', 'succeeded'] : ['succeeded']).toContain(outcome.state)
      expect(count).toBe(1)
    },
  )

  it.each(FAULTS.filter(([, , arrives]) => arrives === 'never'))(
    '%s, is indeterminate: a creation cannot be bound to a version, so it is not sent again',
    async (_text, fault) => {
      const { outcome, count } = await run(await creating(), once(fault))
      expect(outcome.state).toBe('indeterminate')
      expect(count).toBe(0)
    },
  )
})
