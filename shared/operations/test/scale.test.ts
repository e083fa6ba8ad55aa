import { beforeAll, describe, expect, it } from 'vitest'
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
