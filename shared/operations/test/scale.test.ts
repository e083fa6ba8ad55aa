import { beforeAll, describe, expect, it } from 'vitest'
import { undoOf } from '../src/index.ts'
import { type Bench, bench, deployment, given, MemoryAttempts } from './harness.ts'

let b: Bench
beforeAll(async () => {
  b = await bench()
  await given(b, deployment('web', b.namespace))
})

const scale = (replicas: number) =>
  ({ type: 'scale', target: { kind: 'deploy', name: 'web', namespace: b.namespace }, replicas }) as const

describe('scale', () => {
  it('plans what a person reads, executes it and sees the replicas ready', async () => {
    const planned = await b.plan(scale(4))
    expect(planned).toMatchObject({
      type: 'scale',
      title: `Scale Deployment web in ${b.namespace} from 2 to 4 replicas`,
      binding: 'semantic',
      typedName: false,
      undo: { operations: [{ type: 'scale', replicas: 2 }] },
    })
    expect(planned.changes).toEqual([
      { path: 'spec.replicas', before: '2', after: '4' },
      { path: 'metadata.annotations["gatehouse.dev/operation"]', after: planned.marker },
    ])
    expect((await b.get('deploy/web')).spec.replicas).toBe(2)

    const attempts = new MemoryAttempts()
    const outcome = await b.execute(planned, { attempts })
    expect(outcome).toMatchObject({
      state: 'succeeded',
      result: { proof: 'answer' },
      verification: { ok: true, text: '4 of 4 replicas are ready' },
    })
    const live = await b.get('deploy/web')
    expect(live.spec.replicas).toBe(4)
    expect(live.metadata.annotations['gatehouse.dev/operation']).toBe(planned.marker)
    expect(attempts.kept).toHaveLength(1)
    // The cluster's own audit log holds the very request.
    const audit = await b.handle.audit()
    expect(audit.filter((entry) => entry.auditID === attempts.kept[0]?.auditId)).toHaveLength(1)
  })

  it('has nothing to approve where nothing would change', async () => {
    const { spec } = await b.get('deploy/web')
    await expect(b.plan(scale(spec.replicas))).rejects.toMatchObject({ code: 'NO_CHANGE' })
  })

  it('is stale when the replicas were changed meanwhile, and sends nothing', async () => {
    const planned = await b.plan(scale(1))
    await b.handle.kubectl(['scale', 'deploy/web', '-n', b.namespace, '--replicas=3'])
    const attempts = new MemoryAttempts()
    const outcome = await b.execute(planned, { attempts })
    expect(outcome).toMatchObject({ state: 'stale' })
    expect(outcome.reason).toContain('spec.replicas')
    expect(attempts.kept).toEqual([])
    expect((await b.get('deploy/web')).spec.replicas).toBe(3)
  })
})

describe('scale of a custom resource', () => {
  const widget = (name: string) => ({
    apiVersion: 'example.com/v1',
    kind: 'Resizable',
    metadata: { name, namespace: b.namespace },
    spec: { size: 2 },
  })
  const scaleTo = (name: string, replicas: number) =>
    ({ type: 'scale', target: { kind: 'Resizable', name, namespace: b.namespace }, replicas }) as const
  const status = (name: string, there: number) =>
    b.handle.kubectl([
      ...['patch', `resizables/${name}`, '-n', b.namespace, '--subresource=status', '--type=merge', '-p'],
      JSON.stringify({ status: { there } }),
    ])
  const size = (name: string, replicas: number) =>
    b.handle.kubectl(['scale', `resizables/${name}`, '-n', b.namespace, `--replicas=${replicas}`])

  beforeAll(async () => {
    const fields = (name: string) => ({ type: 'object', properties: { [name]: { type: 'integer' } } })
    const openAPIV3Schema = { type: 'object', properties: { spec: fields('size'), status: fields('there') } }
    const scale = { specReplicasPath: '.spec.size', statusReplicasPath: '.status.there' }
    const version = { name: 'v1', served: true, storage: true, schema: { openAPIV3Schema } }
    await b.handle.apply(
      JSON.stringify({
        apiVersion: 'apiextensions.k8s.io/v1',
        kind: 'CustomResourceDefinition',
        metadata: { name: 'resizables.example.com' },
        spec: {
          group: 'example.com',
          names: { kind: 'Resizable', plural: 'resizables', singular: 'resizable' },
          scope: 'Namespaced',
          versions: [{ ...version, subresources: { status: {}, scale } }],
        },
      }),
    )
    await b.handle.kubectl(['wait', 'crd/resizables.example.com', '--for=condition=Established'])
    for (const name of ['one', 'two', 'three', 'four']) await given(b, widget(name))
  })

  it('goes through its Scale, bound to uid and version', async () => {
    const planned = await b.plan(scaleTo('one', 3))
    expect(planned).toMatchObject({
      request: { method: 'PUT', path: expect.stringMatching(/resizables\/one\/scale$/) },
      changes: [{ path: 'spec.replicas', before: '2', after: '3' }],
      facts: { replicas: { before: 2, after: 3 } },
      undo: { operations: [{ replicas: 2 }] },
    })
    const executed = b.execute(planned)
    await status('one', 3)
    expect(await executed).toMatchObject({
      state: 'succeeded',
      verification: { ok: true, text: '3 of 3 replicas are there' },
    })
    expect((await b.get('resizables/one')).spec.size).toBe(3)
    const [undo] = undoOf(planned, { state: 'succeeded' })
    const back = await b.plan(undo!)
    await size('one', 7)
    expect(await b.execute(back)).toMatchObject({ state: 'stale' })
  })

  it('is not made stale by a status that is written in the last moment', async () => {
    const planned = await b.plan(scaleTo('two', 4))
    planned.expectation.check = 'none'
    let there = 0
    const stillAllowed = async () => {
      if (there++ < 2) await status('two', there)
      return undefined
    }
    const attempts = new MemoryAttempts()
    expect(await b.execute(planned, { attempts, stillAllowed })).toMatchObject({ state: 'succeeded' })
    expect(attempts.kept.map(({ number }) => number)).toEqual([1, 2, 3])
  })

  it('leaves no mark, so after a death and a change by somebody else nobody can tell', async () => {
    const planned = await b.plan(scaleTo('three', 4))
    planned.expectation.check = 'none'
    const attempts = new MemoryAttempts()
    await b.execute(planned, { attempts })
    expect(await b.execute(planned, { attempts })).toMatchObject({ state: 'indeterminate' })

    const other = await b.plan(scaleTo('four', 4))
    const unsent = new MemoryAttempts()
    const dies = async () => Promise.reject(new Error('killed'))
    await expect(b.execute(other, { attempts: unsent, stillAllowed: dies })).rejects.toThrow('killed')
    await size('four', 9)
    expect(await b.execute(other, { attempts: unsent })).toMatchObject({ state: 'indeterminate' })
    expect((await b.get('resizables/four')).spec.size).toBe(9)
  })
})
