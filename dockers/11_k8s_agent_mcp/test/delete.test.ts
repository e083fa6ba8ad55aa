import { sharedCluster } from '@gatehouse/testing'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type Agent, readsOf, requestsOf, startAgent } from './harness.ts'

const cluster = await sharedCluster()
let agent: Agent
let namespace: string

const object = (apiVersion: string, kind: string, name: string, more = '') =>
  `apiVersion: ${apiVersion}\nkind: ${kind}\nmetadata: { name: ${name}, namespace: ${namespace} }\n${more}`
const lease = (name: string) => object('coordination.k8s.io/v1', 'Lease', name, 'spec: {}')
const names = async (kind: string) =>
  (await cluster.kubectl(['get', kind, '-n', namespace, '-o', 'jsonpath={.items[*].metadata.name}'])).split(
    ' ',
  )

beforeAll(async () => {
  namespace = await cluster.freshNamespace('deletes')
  await cluster.apply(['a', 'b', 'c'].map(lease).join('\n---\n'))
  agent = await startAgent(cluster.kubeconfig)
})
afterAll(() => agent?.[Symbol.asyncDispose]())

const target = (name: string, kind = 'Lease') => ({ kind, namespace, name })
const remove = (name: string, kind?: string) =>
  agent.call('k8s_delete', { ...target(name, kind), approved: true })

describe('without approved: true', () => {
  const notApproved: object[] = [
    {},
    ...[false, 'true', 'yes', 1, 0, null, {}, [], [true], { approved: true }, 'TRUE', { valueOf: true }].map(
      (approved) => ({ approved }),
    ),
    { Approved: true },
    { APPROVED: true },
    { 'approved ': true },
    { input: { approved: true } },
    { arguments: { approved: true } },
    { _meta: { approved: true } },
    { approved: false, Approved: true },
    // An own key of this name, as JSON.parse makes it.
    JSON.parse('{"__proto__":{"approved":true}}'),
    JSON.parse('{"constructor":{"prototype":{"approved":true}}}'),
  ]

  it('no request is made whatsoever, not even discovery by a fresh process', async () => {
    await using fresh = await startAgent(cluster.kubeconfig)
    const ids: string[] = []
    for (const [index, more] of notApproved.entries()) {
      // Kinds that need discovery.
      const { id, data } = await fresh.call('k8s_delete', { ...target('a'), ...more })
      ids.push(id)
      expect({ index, code: data.code }).toEqual({
        index,
        code: expect.stringMatching(/^(BLOCKED_BY_POLICY|INVALID_INPUT)$/),
      })
    }
    expect(await requestsOf(cluster, fresh, ...ids)).toEqual([])
    expect(await names('lease')).toEqual(['a', 'b', 'c'])
  })

  it('says what is missing', async () => {
    const { data, text } = await agent.call('k8s_delete', target('a'))
    expect(data).toMatchObject({ code: 'BLOCKED_BY_POLICY', classification: 'public' })
    expect(text).toContain('approved: true')
  })
})

describe('with approved: true', () => {
  it('exactly one object goes by exactly one request, cold, and its siblings stay', async () => {
    await using fresh = await startAgent(cluster.kubeconfig)
    const { id, data, text } = await fresh.call('k8s_delete', { ...target('b'), approved: true })
    expect(data).toMatchObject({ state: 'deleted', kind: 'Lease', name: 'b', approval: 'argument' })
    expect(text).toContain('approved by argument')
    expect(await readsOf(cluster, fresh, id)).toEqual([
      `delete /apis/coordination.k8s.io/v1/namespaces/${namespace}/leases/b`,
    ])
    expect(await names('lease')).toEqual(['a', 'c'])
    const logged = fresh
      .stderr()
      .split('\n')
      .filter((line) => line.includes('"delete '))
    expect(logged.map((line) => JSON.parse(line))).toEqual([
      expect.objectContaining({ msg: 'delete sent', approval: 'argument', name: 'b', correlation_id: id }),
      expect.objectContaining({ msg: 'delete answered', approval: 'argument', state: 'deleted' }),
    ])
  })

  it('a second time it is not found, and another of the name elsewhere is untouched', async () => {
    const { id, data } = await remove('b')
    expect(data.code).toBe('NOT_FOUND')
    expect(await readsOf(cluster, agent, id)).toHaveLength(1)
  })

  it('in a namespace that is not there it is not found', async () => {
    const { data } = await agent.call('k8s_delete', {
      ...target('a'),
      namespace: 'no-such-namespace',
      approved: true,
    })
    expect(data.code).toBe('NOT_FOUND')
  })

  it('says deleting while finalizers hold it, whatever the kind answers with', async () => {
    await cluster.apply(lease('held').replace('metadata: {', 'metadata: { finalizers: [example.org/hold],'))
    expect((await remove('held')).data).toMatchObject({ state: 'deleting', uid: expect.any(String) })
    expect((await remove('held')).data).toMatchObject({ state: 'deleting' })
    await cluster.kubectl([
      'patch',
      'lease',
      'held',
      '-n',
      namespace,
      '--type=merge',
      '-p',
      '{"metadata":{"finalizers":null}}',
    ])
    expect((await remove('held')).data.code).toBe('NOT_FOUND')
  })

  it.each([
    ['v1', 'Service', 'spec: { ports: [{ port: 80 }] }'],
    ['v1', 'ServiceAccount', ''],
    ['v1', 'ResourceQuota', 'spec: {}'],
    ['v1', 'Event', 'involvedObject: { kind: Pod, name: p, namespace: NS }'],
    [
      'apps/v1',
      'Deployment',
      'spec: { replicas: 0, selector: { matchLabels: { a: b } }, template: { metadata: { labels: { a: b } }, spec: { containers: [{ name: c, image: i }] } } }',
    ],
    ['policy/v1', 'PodDisruptionBudget', 'spec: { selector: { matchLabels: { a: b } } }'],
    ['networking.k8s.io/v1', 'NetworkPolicy', 'spec: { podSelector: {} }'],
  ])('%s %s is told to be deleted when it is gone', async (apiVersion, kind, more) => {
    await cluster.apply(object(apiVersion, kind, 'gone', more.replace('NS', namespace)))
    const { data } = await agent.call('k8s_delete', {
      kind,
      apiVersion,
      namespace,
      name: 'gone',
      approved: true,
    })
    expect(data).toMatchObject({ state: 'deleted', uid: expect.stringMatching(/^[0-9a-f-]{36}$/) })
    await expect(cluster.kubectl(['get', kind, 'gone', '-n', namespace])).rejects.toThrow(/not found/i)
  })

  it('a pod on a node is told to be deleting', async () => {
    await cluster.apply(object('v1', 'Pod', 'pod', 'spec: { containers: [{ name: c, image: i }] }'))
    await cluster.kubectl(['wait', '-n', namespace, 'pod/pod', '--for=condition=Ready', '--timeout=60s'])
    const { data } = await remove('pod', 'po')
    expect(data).toMatchObject({ kind: 'Pod', state: 'deleting' })
  })
})

describe('is never possible', () => {
  it.each([
    ['PersistentVolumeClaim', 'v1'],
    ['pvc', undefined],
    ['persistentvolumeclaims', undefined],
  ])('of %s', async (kind, apiVersion) => {
    await cluster.apply(
      object(
        'v1',
        'PersistentVolumeClaim',
        'data',
        'spec: { accessModes: [ReadWriteOnce], resources: { requests: { storage: 1Gi } } }',
      ),
    )
    const { id, data } = await agent.call('k8s_delete', {
      ...target('data', kind),
      ...(apiVersion && { apiVersion }),
      approved: true,
    })
    expect(data.code).toBe('BLOCKED_BY_POLICY')
    expect(await requestsOf(cluster, agent, id)).toEqual([])
    expect(await names('pvc')).toEqual(['data'])
  })

  it.each(['kube-system', 'kube-public', 'kube-node-lease'])('in %s', async (namespace) => {
    for (const kind of ['Pod', 'Lease', 'ServiceAccount']) {
      const { id, data } = await agent.call('k8s_delete', {
        kind,
        name: 'default',
        namespace,
        approved: true,
      })
      expect(data.code).toBe('BLOCKED_BY_POLICY')
      expect(await requestsOf(cluster, agent, id)).toEqual([])
    }
  })

  it('of what cannot be deleted', async () => {
    const { id, data } = await remove('x', 'Binding')
    expect(data.code).toBe('INVALID_INPUT')
    expect(await readsOf(cluster, agent, id)).toEqual([])
  })

  it('by whom RBAC forbids it: said as the cluster says it, after one request', async () => {
    const certificate = await cluster.certificate('reader-only')
    const config = await cluster.writeKubeconfig('agent-forbidden', [{ name: 'r', user: { certificate } }])
    await using other = await startAgent(config)
    const { id, data } = await other.call('k8s_delete', { ...target('a', 'Pod'), approved: true })
    expect(data).toMatchObject({
      code: 'FORBIDDEN',
      message: expect.stringContaining('cannot delete resource "pods"'),
    })
    expect(await readsOf(cluster, other, id)).toHaveLength(1)
  })
})

it('AGENT_APPROVAL=operator: nothing goes while nobody answers there', async () => {
  const env = { AGENT_APPROVAL: 'operator', APPROVAL_URL: 'http://127.0.0.1:1' }
  await using other = await startAgent(cluster.kubeconfig, { env })
  const { id, data, text } = await other.call('k8s_delete', { ...target('a'), approved: true })
  expect(data.code).toBe('APPROVAL_UNAVAILABLE')
  expect(text).toMatch(/approval server/)
  expect((await other.call('k8s_delete', target('a'))).data.code).toBe('BLOCKED_BY_POLICY')
  // Discovery, to say which kind is meant; nothing about objects.
  expect(await readsOf(cluster, other, id)).toEqual([])
  expect(await names('lease')).toContain('a')
})
