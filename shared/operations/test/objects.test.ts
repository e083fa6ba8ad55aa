import { beforeAll, describe, expect, it } from 'vitest'
import { type Bench, bench, deployment, given, type KubeJson, MemoryAttempts } from './harness.ts'

let b: Bench
beforeAll(async () => {
  b = await bench()
  await given(b, deployment('web', b.namespace, 2))
})

const target = (kind: string, name: string) => ({ kind, name, namespace: b.namespace })
const configMap = (name: string, data: Record<string, string>): KubeJson => ({
  apiVersion: 'v1',
  kind: 'ConfigMap',
  metadata: { name, namespace: b.namespace },
  data,
})

describe('create', () => {
  it('makes the object under its own name, and its undo takes it away', async () => {
    const object = configMap('fresh', { level: 'debug' })
    const planned = await b.plan({ type: 'create', target: target('cm', 'fresh'), object })
    expect(planned).toMatchObject({
      title: `Create ConfigMap fresh in ${b.namespace}`,
      binding: 'strict',
      undo: { operations: [{ type: 'delete' }] },
    })
    expect(planned.changes).toContainEqual({ path: 'data', after: '{"level":"debug"}' })
    expect(await b.execute(planned)).toMatchObject({ state: 'succeeded', verification: { ok: true } })
    expect((await b.get('cm/fresh')).data).toEqual({ level: 'debug' })
    await expect(b.plan({ type: 'create', target: target('cm', 'fresh'), object })).rejects.toMatchObject({
      code: 'CONFLICT',
    })
  })

  it('is stale where somebody else made one of that name meanwhile', async () => {
    const planned = await b.plan({
      type: 'create',
      target: target('cm', 'raced'),
      object: configMap('raced', {}),
    })
    await b.handle.kubectl(['create', 'configmap', 'raced', '-n', b.namespace, '--from-literal=by=other'])
    expect(await b.execute(planned)).toMatchObject({ state: 'stale' })
    expect((await b.get('cm/raced')).data).toEqual({ by: 'other' })
  })

  it('of a Service leaves addresses and ports to the cluster', async () => {
    const object = {
      apiVersion: 'v1',
      kind: 'Service',
      metadata: { name: 'front' },
      spec: { type: 'NodePort', selector: { app: 'web' }, ports: [{ port: 80 }] },
    }
    const planned = await b.plan({ type: 'create', target: target('Service', 'front'), object })
    expect(await b.execute(planned)).toMatchObject({ state: 'succeeded', verification: { ok: true } })
    expect((await b.get('svc/front')).spec.clusterIP).toMatch(/^10\.96\./)
  })

  it('of a Deployment waits until its pods are there', async () => {
    const object = deployment('second', b.namespace, 2)
    const planned = await b.plan({ type: 'create', target: target('deploy', 'second'), object })
    expect(await b.execute(planned)).toMatchObject({
      state: 'succeeded',
      verification: { ok: true, text: '2 of 2 replicas updated and available' },
    })
  })
})

describe('apply', () => {
  it('makes what is not there, changes what is, and never takes a field from another manager', async () => {
    const apply = (data: Record<string, string>) =>
      ({ type: 'apply', target: target('ConfigMap', 'applied'), object: configMap('applied', data) }) as const
    expect(await b.execute(await b.plan(apply({ a: '1' })))).toMatchObject({ state: 'succeeded' })
    const second = await b.plan(apply({ a: '2', b: '3' }))
    expect(second.changes.slice(0, 2)).toEqual([
      { path: 'data.a', before: '"1"', after: '"2"' },
      { path: 'data.b', after: '"3"' },
    ])
    expect(await b.execute(second)).toMatchObject({ state: 'succeeded', verification: { ok: true } })
    await expect(b.plan(apply({ a: '2', b: '3' }))).rejects.toMatchObject({ code: 'NO_CHANGE' })

    await b.handle.kubectl([
      'patch',
      'cm/applied',
      '-n',
      b.namespace,
      '--field-manager=other',
      '-p',
      '{"data":{"a":"9"}}',
    ])
    await expect(b.plan(apply({ a: '2', b: '3' }))).rejects.toMatchObject({
      code: 'CONFLICT',
      data: { conflicts: [{ manager: 'other', field: 'data.a' }] },
    })
  })

  it('made anew between plan and execution is not overwritten', async () => {
    const object = configMap('gone', { a: '1' })
    await given(b, configMap('gone', { a: '0', keep: 'x' }))
    const planned = await b.plan({
      type: 'apply',
      target: target('ConfigMap', 'gone'),
      object: { ...object, data: { mine: '1' } },
    })
    await b.handle.kubectl(['delete', 'cm/gone', '-n', b.namespace])
    expect(await b.execute(planned)).toMatchObject({
      state: 'stale',
      reason: expect.stringContaining('gone'),
    })
    await b.handle.kubectl(['create', 'configmap', 'gone', '-n', b.namespace])
    expect(await b.execute(planned)).toMatchObject({ state: 'stale', reason: expect.stringContaining('uid') })
    expect((await b.get('cm/gone')).data).toBeUndefined()
  })

  it('refuses what names another object, or nothing', async () => {
    const wrong: KubeJson[] = [
      { ...configMap('x', {}), metadata: { name: 'y' } },
      { ...configMap('x', {}), metadata: { generateName: 'x-' } },
      { ...configMap('x', {}), metadata: { name: 'x', namespace: 'other' } },
      { ...configMap('x', {}), metadata: { name: 'x', uid: 'abc' } },
      { ...configMap('x', {}), metadata: { name: 'x', resourceVersion: '5' } },
      { ...configMap('x', {}), kind: 'Secret' },
      { ...configMap('x', {}), data: { n: Number.NaN } },
      JSON.parse('{"__proto__":{"a":1},"kind":"ConfigMap"}'),
    ]
    for (const object of wrong) {
      await expect(b.plan({ type: 'apply', target: target('ConfigMap', 'x'), object })).rejects.toMatchObject(
        {
          code: 'INVALID_INPUT',
        },
      )
    }
  })
})

describe('patch', () => {
  it('by JSON pointer, merge and strategic patch', async () => {
    const json = await b.plan({
      type: 'patch',
      target: target('deploy', 'web'),
      patchType: 'json',
      patch: [{ op: 'add', path: '/metadata/labels/tier', value: 'front' }],
    })
    expect(await b.execute(json)).toMatchObject({ state: 'succeeded', verification: { ok: true } })
    const merge = await b.plan({
      type: 'patch',
      target: target('deploy', 'web'),
      patchType: 'merge',
      patch: { metadata: { labels: { tier: null } }, spec: { minReadySeconds: 1 } },
    })
    expect(merge.changes.map(({ path }) => path)).toContain('metadata.labels.tier')
    expect(await b.execute(merge)).toMatchObject({ state: 'succeeded', verification: { ok: true } })
    const strategic = await b.plan({
      type: 'patch',
      target: target('deploy', 'web'),
      patchType: 'strategic',
      patch: { spec: { template: { spec: { containers: [{ name: 'main', image: 'nginx:1.28' }] } } } },
    })
    expect(strategic.expectation.check).toBe('rollout')
    expect(await b.execute(strategic)).toMatchObject({ state: 'succeeded', verification: { ok: true } })
    const live = await b.get('deploy/web')
    expect(live.metadata.labels).toEqual({ app: 'web' })
    expect(live.spec.template.spec.containers[0]).toMatchObject({
      image: 'nginx:1.28',
      env: [{ name: 'LEVEL', value: 'info' }],
    })
    expect(live.metadata.annotations['gatehouse.dev/operation']).toBe(strategic.marker)
  })

  it('of a ConfigMap is bound to the very version that was seen', async () => {
    await given(b, configMap('strict', { a: '1' }))
    const planned = await b.plan({
      type: 'patch',
      target: target('cm', 'strict'),
      patchType: 'merge',
      patch: { data: { a: '2' } },
    })
    const touch = async (value: string) =>
      b.handle.kubectl(['annotate', 'cm/strict', '-n', b.namespace, '--overwrite', value])
    await touch('x=y')
    await touch('x-')
    // The content is what it was, the version is not.
    const attempts = new MemoryAttempts()
    expect(await b.execute(planned, { attempts })).toMatchObject({
      state: 'stale',
      reason: expect.stringContaining('resourceVersion'),
    })
    expect(attempts.kept).toEqual([])
  })

  it('refuses what is no patch, and what is the executor’s to say', async () => {
    const wrong: [string, unknown][] = [
      ['json', { spec: {} }],
      ['json', []],
      ['json', [{ op: 'remove', path: '/metadata/uid' }]],
      ['json', [{ op: 'replace', path: '', value: {} }]],
      ['json', [{ op: 'eval', path: '/spec' }]],
      ['json', [{ op: 'copy', from: '/metadata/resourceVersion', path: '/metadata/labels/x' }]],
      ['merge', []],
      ['merge', {}],
      ['merge', { metadata: { resourceVersion: '1' } }],
      ['merge', { metadata: { annotations: null } }],
      ['strategic', { kind: 'Pod' }],
      ['merge', { spec: { replicas: 2 ** 53 } }],
      ['sideways', { spec: {} }],
    ]
    for (const [patchType, patch] of wrong) {
      const operation: KubeJson = { type: 'patch', target: target('deploy', 'web'), patchType, patch }
      await expect(b.plan(operation), JSON.stringify(patch)).rejects.toMatchObject({ code: 'INVALID_INPUT' })
    }
    const unknown = { spec: { replikas: 3 } }
    await expect(
      b.plan({ type: 'patch', target: target('deploy', 'web'), patchType: 'merge', patch: unknown }),
    ).rejects.toMatchObject({ code: 'CLUSTER_REFUSED', message: expect.stringContaining('replikas') })
  })
})

describe('targets', () => {
  it('that are not one named object of one namespace are refused', async () => {
    const scale = (more: object) =>
      b.plan({ type: 'scale', target: { ...target('deploy', 'web'), ...more }, replicas: 5 })
    await expect(scale({ name: 'wep' })).rejects.toMatchObject({
      code: 'NOT_FOUND',
      data: { nearest: ['web'] },
    })
    await expect(scale({ kind: 'deployments/status' })).rejects.toMatchObject({ code: 'INVALID_INPUT' })
    await expect(scale({ kind: 'deploy,sts' })).rejects.toMatchObject({ code: 'INVALID_INPUT' })
    await expect(scale({ kind: 'Dеployment' })).rejects.toMatchObject({ code: 'INVALID_INPUT' })
    await expect(scale({ kind: 'Deploymint' })).rejects.toMatchObject({ code: 'UNKNOWN_KIND' })
    await expect(scale({ name: '' })).rejects.toMatchObject({ code: 'INVALID_INPUT' })
    await expect(scale({ name: 'web/scale' })).rejects.toMatchObject({ code: 'INVALID_INPUT' })
    await expect(scale({ namespace: 'a b' })).rejects.toMatchObject({ code: 'INVALID_INPUT' })
    await expect(scale({ kind: 'Node', namespace: undefined })).rejects.toMatchObject({
      code: 'BLOCKED_BY_POLICY',
    })
    await expect(scale({ kind: 'ConfigMap', name: 'kube-root-ca.crt' })).rejects.toMatchObject({
      code: 'INVALID_INPUT',
    })
    await expect(scale({ context: 'nowhere' })).rejects.toMatchObject({ code: 'UNKNOWN_CONTEXT' })
    for (const replicas of [-1, 1.5, Number.NaN, 10_001, '3' as unknown as number]) {
      await expect(
        b.plan({ type: 'scale', target: target('deploy', 'web'), replicas }),
      ).rejects.toMatchObject({ code: 'INVALID_INPUT' })
    }
  })
})
