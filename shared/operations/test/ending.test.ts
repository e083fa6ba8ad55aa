import { beforeAll, describe, expect, it } from 'vitest'
import { undoOf } from '../src/index.ts'
import { type Bench, bench, deployment, given, type KubeJson } from './harness.ts'

let b: Bench
beforeAll(async () => {
  b = await bench()
  await given(b, deployment('web', b.namespace, 3))
})

const target = (kind: string, name: string) => ({ kind, name, namespace: b.namespace })
const somePod = async (app = 'web'): Promise<KubeJson> => {
  const text = await b.handle.kubectl(['get', 'pods', '-l', `app=${app}`, '-n', b.namespace, '-o', 'json'])
  return JSON.parse(text).items.find(({ metadata }: KubeJson) => !metadata.deletionTimestamp)
}

describe('delete', () => {
  it('of a pod ends it and waits for the one that replaces it', async () => {
    const pod = await somePod()
    const planned = await b.plan({ type: 'delete', target: target('po', pod.metadata.name) })
    expect(planned).toMatchObject({ typedName: true, expectation: { check: 'replaced' } })
    expect(planned.impact).toContain('One pod ends')
    expect(planned.impact.join()).toContain('It belongs to ReplicaSet web-')
    expect(planned.facts).toMatchObject({ type: 'delete', resource: 'pods', dependents: 0 })
    const outcome = await b.execute(planned)
    expect(outcome).toMatchObject({ state: 'succeeded', verification: { ok: true } })
    expect(outcome.verification?.text).toMatch(/^new pod web-\S+ is ready, 3 in all$/)
    expect(() => undoOf(planned, outcome)).toThrow(/makes a new one by itself/)
  })

  it('of a plain object is taken back by making it again', async () => {
    const object = {
      apiVersion: 'v1',
      kind: 'ConfigMap',
      metadata: { name: 'settings', namespace: b.namespace, labels: { a: 'b' } },
      data: { level: 'info' },
    }
    await given(b, object)
    const planned = await b.plan({ type: 'delete', target: target('cm', 'settings') })
    const outcome = await b.execute(planned)
    expect(outcome).toMatchObject({ state: 'succeeded', verification: { ok: true, text: 'it is gone' } })
    await expect(b.get('cm/settings')).rejects.toThrow(/not found/)
    const [again] = undoOf(planned, outcome)
    expect(await b.execute(await b.plan(again!))).toMatchObject({ state: 'succeeded' })
    expect(await b.get('cm/settings')).toMatchObject({
      data: { level: 'info' },
      metadata: { labels: { a: 'b' } },
    })
  })

  it('of what holds a secret is not taken back, and no value is kept anywhere in the plan', async () => {
    const secret = 'Tr0ub4dor-and-3-horses'
    await given(b, {
      apiVersion: 'v1',
      kind: 'ConfigMap',
      metadata: { name: 'careless', namespace: b.namespace },
      data: { DB_PASSWORD: secret, other: 'x' },
    })
    const planned = await b.plan({ type: 'delete', target: target('cm', 'careless') })
    expect(JSON.stringify(planned)).not.toContain(secret)
    const outcome = await b.execute(planned)
    expect(() => undoOf(planned, outcome)).toThrow(/secret values/)
  })

  it('of an object that was deleted and made anew is stale', async () => {
    await b.handle.kubectl(['create', 'configmap', 'again', '-n', b.namespace])
    const planned = await b.plan({ type: 'delete', target: target('cm', 'again') })
    await b.handle.kubectl(['delete', 'cm/again', '-n', b.namespace])
    await b.handle.kubectl(['create', 'configmap', 'again', '-n', b.namespace])
    expect(await b.execute(planned)).toMatchObject({ state: 'stale', reason: expect.stringContaining('uid') })
    await expect(b.get('cm/again')).resolves.toBeDefined()
  })

  it('counts what goes with it, and who refers to it', async () => {
    const planned = await b.plan({ type: 'delete', target: target('deploy', 'web') })
    expect(planned.facts).toMatchObject({ dependents: 4 })
    expect(planned.impact).toContain('3 pods end')
  })

  it('held by a finalizer says so', async () => {
    await given(b, {
      apiVersion: 'v1',
      kind: 'ConfigMap',
      metadata: { name: 'held', namespace: b.namespace, finalizers: ['example.com/hold'] },
    })
    const planned = await b.plan({ type: 'delete', target: target('cm', 'held') })
    expect(planned.warnings.join()).toContain('example.com/hold')
    planned.expectation.timeoutSeconds = 1
    expect(await b.execute(planned)).toMatchObject({
      state: 'succeeded',
      verification: {
        ok: false,
        text: expect.stringContaining('waits for its finalizers: example.com/hold'),
      },
    })
    await expect(b.plan({ type: 'delete', target: target('cm', 'held') })).rejects.toMatchObject({
      code: 'NO_CHANGE',
    })
    await b.handle.kubectl(['patch', 'cm/held', '-n', b.namespace, '-p', '{"metadata":{"finalizers":null}}'])
  })
})

describe('evict', () => {
  it('ends a pod where its budget allows it, and fails where not', async () => {
    const budget = (minAvailable: number): KubeJson => ({
      apiVersion: 'policy/v1',
      kind: 'PodDisruptionBudget',
      metadata: { name: 'web', namespace: b.namespace },
      spec: { minAvailable, selector: { matchLabels: { app: 'web' } } },
    })
    await given(b, budget(1))
    await b.handle.kubectl([
      'wait',
      'pdb/web',
      '-n',
      b.namespace,
      '--for=jsonpath={.status.disruptionsAllowed}=2',
    ])
    const pod = await somePod()
    const planned = await b.plan({ type: 'evict', target: target('Pod', pod.metadata.name) })
    expect(planned.impact).toContain('PodDisruptionBudget web allows 2 disruptions now')
    expect(await b.execute(planned)).toMatchObject({ state: 'succeeded', verification: { ok: true } })

    const next = await b.plan({ type: 'evict', target: target('Pod', (await somePod()).metadata.name) })
    await given(b, budget(3))
    await b.handle.kubectl([
      'wait',
      'pdb/web',
      '-n',
      b.namespace,
      '--for=jsonpath={.status.disruptionsAllowed}=0',
    ])
    expect(await b.execute(next)).toMatchObject({ state: 'stale', reason: expect.stringContaining('budget') })
    await expect(b.plan({ type: 'evict', target: target('deploy', 'web') })).rejects.toMatchObject({
      code: 'BLOCKED_BY_POLICY',
    })
  })
})
