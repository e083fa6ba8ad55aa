import { beforeAll, describe, expect, it } from 'vitest'
import { type Bench, bench, deployment, given, type KubeJson } from './harness.ts'

let b: Bench
beforeAll(async () => {
  b = await bench()
})

const target = (kind: string, name: string) => ({ kind, name, namespace: b.namespace })

function statefulSet(name: string, namespace: string): KubeJson {
  const { spec, metadata } = deployment(name, namespace, 2)
  return { apiVersion: 'apps/v1', kind: 'StatefulSet', metadata, spec: { ...spec, serviceName: name } }
}

function daemonSet(name: string, namespace: string): KubeJson {
  const { spec, metadata } = deployment(name, namespace)
  const { replicas: _none, ...rest } = spec
  return { apiVersion: 'apps/v1', kind: 'DaemonSet', metadata, spec: rest }
}

describe('restart', () => {
  it.each([
    ['Deployment', () => deployment('web', b.namespace, 3)],
    ['StatefulSet', () => statefulSet('db', b.namespace)],
    ['DaemonSet', () => daemonSet('agent', b.namespace)],
  ])('of a %s replaces its pods and waits for the rollout', async (kind, object) => {
    const { metadata } = object()
    await given(b, object())
    await b.handle.kubectl([
      'rollout',
      'status',
      `${kind}/${metadata.name}`,
      '-n',
      b.namespace,
      '--timeout=60s',
    ])
    const planned = await b.plan({ type: 'restart', target: target(kind, metadata.name) })
    expect(planned.title).toBe(
      `Restart all pods of ${kind} ${metadata.name} in ${b.namespace}, one after another`,
    )
    expect(planned.impact[0]).toMatch(/^All \d pods are replaced$/)
    expect(planned.undo).toEqual({ refused: expect.stringContaining('cannot be taken back') })
    const before = await podsOf(metadata.name)
    const outcome = await b.execute(planned)
    expect(outcome).toMatchObject({ state: 'succeeded', verification: { ok: true } })
    const after = await podsOf(metadata.name)
    expect(after).toHaveLength(before.length)
    expect(after.filter((uid) => before.includes(uid))).toEqual([])
  })

  it('is refused where nothing would come of it', async () => {
    await given(b, deployment('held', b.namespace, 1))
    await b.handle.kubectl(['rollout', 'pause', 'deploy/held', '-n', b.namespace])
    await expect(b.plan({ type: 'restart', target: target('Deployment', 'held') })).rejects.toThrow(/paused/)
    await b.handle.kubectl(['create', 'configmap', 'plain', '-n', b.namespace])
    await expect(b.plan({ type: 'restart', target: target('ConfigMap', 'plain') })).rejects.toMatchObject({
      code: 'INVALID_INPUT',
    })
  })
})

describe('rollback', () => {
  it.each([
    ['Deployment', () => deployment('shop', b.namespace, 2)],
    ['StatefulSet', () => statefulSet('store', b.namespace)],
    ['DaemonSet', () => daemonSet('probe', b.namespace)],
  ])('of a %s puts the earlier template back, and its undo the later one', async (kind, object) => {
    const { metadata } = object()
    const { name } = metadata
    await given(b, object())
    const image = async () => (await b.get(`${kind}/${name}`)).spec.template.spec.containers[0].image
    await b.handle.kubectl(['set', 'image', `${kind}/${name}`, 'main=nginx:1.28', '-n', b.namespace])
    await b.handle.kubectl(['rollout', 'status', `${kind}/${name}`, '-n', b.namespace, '--timeout=60s'])

    const planned = await b.plan({ type: 'rollback', target: target(kind, name) })
    expect(planned.title).toBe(`Roll ${kind} ${name} in ${b.namespace} back to revision 1`)
    expect(planned.changes).toContainEqual({
      path: 'spec.template.spec.containers[main].image',
      before: 'nginx:1.28',
      after: 'nginx:1.27',
    })
    expect(await b.execute(planned)).toMatchObject({ state: 'succeeded', verification: { ok: true } })
    expect(await image()).toBe('nginx:1.27')

    if ('refused' in planned.undo) throw new Error(planned.undo.refused)
    const [operation] = planned.undo.operations
    const undo = await b.plan(operation!)
    expect(await b.execute(undo)).toMatchObject({ state: 'succeeded', verification: { ok: true } })
    expect(await image()).toBe('nginx:1.28')
  })

  it('names the revisions there are where the asked one is not', async () => {
    await given(b, deployment('young', b.namespace, 1))
    const asked = { type: 'rollback', target: target('Deployment', 'young') } as const
    await expect(b.plan(asked)).rejects.toThrow(/has not got an earlier revision; there are: 1$/)
    await expect(b.plan({ ...asked, revision: 7 })).rejects.toThrow(/revision 7; there are: 1$/)
    await expect(b.plan({ ...asked, revision: 1 })).rejects.toMatchObject({ code: 'NO_CHANGE' })
  })
})

async function podsOf(app: string): Promise<string[]> {
  const text = await b.handle.kubectl(['get', 'pods', '-l', `app=${app}`, '-n', b.namespace, '-o', 'json'])
  const { items } = JSON.parse(text)
  return items
    .filter(({ metadata }: KubeJson) => !metadata.deletionTimestamp)
    .map(({ metadata }: KubeJson) => metadata.uid)
}
