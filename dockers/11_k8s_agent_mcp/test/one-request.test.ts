import { sharedCluster } from '@gatehouse/testing'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type Agent, requestsOf, startAgent } from './harness.ts'

const cluster = await sharedCluster()
let agent: Agent
let namespace: string

const lease = (name: string) =>
  `apiVersion: coordination.k8s.io/v1\nkind: Lease\nmetadata: { name: ${name}, namespace: ${namespace} }\nspec: {}`

beforeAll(async () => {
  namespace = await cluster.freshNamespace('counting')
  await cluster.apply(
    [
      ...['cold', 'warm', 'one', 'two', 'three'].map(lease),
      `apiVersion: v1\nkind: Pod\nmetadata: { name: web, namespace: ${namespace} }\nspec: { containers: [{ name: app, image: i }, { name: side, image: i }] }`,
      `apiVersion: v1\nkind: Event\nmetadata: { name: e, namespace: ${namespace} }\ninvolvedObject: { kind: Pod, apiVersion: v1, name: web, namespace: ${namespace} }\nmessage: hello\nreason: R\ntype: Normal`,
    ].join('\n---\n'),
  )
  await cluster.kubectl(['wait', '-n', namespace, 'pod/web', '--for=condition=Ready', '--timeout=60s'])
  agent = await startAgent(cluster.kubeconfig)
})
afterAll(() => agent?.[Symbol.asyncDispose]())

/** Every tool, with what it must ask of the cluster. */
const calls = (lease: string): [string, object, RegExp][] => [
  ['k8s_list', { kind: 'pods' }, /^list \/api\/v1\/namespaces\/NS\/pods\?/],
  [
    'k8s_list',
    { kind: 'Lease', limit: 2 },
    /^list \/apis\/coordination.k8s.io\/v1\/namespaces\/NS\/leases\?.*limit=2$/,
  ],
  [
    'k8s_get',
    { kind: 'Lease', name: 'warm' },
    /^get \/apis\/coordination.k8s.io\/v1\/namespaces\/NS\/leases\/warm$/,
  ],
  [
    'k8s_get',
    { kind: 'ServiceAccount', name: 'default' },
    /^get \/api\/v1\/namespaces\/NS\/serviceaccounts\/default$/,
  ],
  ['k8s_list_events', {}, /^list \/api\/v1\/namespaces\/NS\/events\?limit=\d+$/],
  [
    'k8s_list_events',
    { involvedObject: 'po/web' },
    /^list \/api\/v1\/namespaces\/NS\/events\?.*fieldSelector=involvedObject.name%3Dweb$/,
  ],
  [
    'k8s_pod_logs',
    { name: 'web', container: 'app' },
    /^get \/api\/v1\/namespaces\/NS\/pods\/web\/log\?container=app&tailLines=\d+$/,
  ],
  [
    'k8s_pod_logs',
    { name: 'web', container: 'app', previous: true, tailLines: 500 },
    /^get \/api\/v1\/namespaces\/NS\/pods\/web\/log\?.*previous=true/,
  ],
  [
    'k8s_delete',
    { kind: 'Lease', name: lease, approved: true },
    new RegExp(`^delete /apis/coordination.k8s.io/v1/namespaces/NS/leases/${lease}$`),
  ],
]

const isDiscovery = (request: string) => /^get \/apis?$/.test(request)

const expected = (pattern: RegExp) => new RegExp(pattern.source.replaceAll('NS', namespace))

describe('one tool, one request', () => {
  it('of each tool in a process that knows nothing yet: discovery, at most twice, and the one', async () => {
    for (const [tool, input, pattern] of calls('cold')) {
      await using fresh = await startAgent(cluster.kubeconfig)
      const { id, isError, text } = await fresh.call(tool, { namespace, ...input })
      expect(isError, text).toBe(false)
      const requests = await requestsOf(cluster, fresh, id)
      const own = requests.filter((one) => !isDiscovery(one))
      expect({ tool, own }).toEqual({ tool, own: [expect.stringMatching(expected(pattern))] })
      expect(new Set(requests.filter(isDiscovery)).size).toBe(requests.length - 1)
      expect(requests.length).toBeLessThanOrEqual(3)
    }
  })

  it('of each tool when discovery is known: exactly the one', async () => {
    await agent.call('k8s_get', { kind: 'Lease', name: 'warm', namespace })
    for (const [tool, input, pattern] of calls('one')) {
      const { id, isError, text } = await agent.call(tool, { namespace, ...input })
      expect(isError, text).toBe(false)
      const requests = await requestsOf(cluster, agent, id)
      expect({ tool, requests }).toEqual({ tool, requests: [expect.stringMatching(expected(pattern))] })
    }
  })

  it('and not more where the answer is an error', async () => {
    const failing: [string, object][] = [
      ['k8s_get', { kind: 'Lease', name: 'absent' }],
      ['k8s_pod_logs', { name: 'web' }],
      ['k8s_pod_logs', { name: 'absent' }],
      ['k8s_delete', { kind: 'Lease', name: 'absent', approved: true }],
      ['k8s_list', { kind: 'Lease', continue: 'Zm9v' }],
    ]
    for (const [tool, input] of failing) {
      const { id, isError } = await agent.call(tool, { namespace, ...input })
      expect(isError).toBe(true)
      expect(await requestsOf(cluster, agent, id)).toHaveLength(1)
    }
  })

  it('also where many calls run at once', async () => {
    const answers = await Promise.all(
      Array.from({ length: 12 }, (_, index) =>
        index % 2
          ? agent.call('k8s_get', { kind: 'Lease', name: ['two', 'three'][(index >> 1) % 2], namespace })
          : agent.call('k8s_list_events', { namespace }),
      ),
    )
    expect(answers.every(({ isError }) => !isError)).toBe(true)
    // Identical reads at the same moment may share a request, but none makes two.
    for (const { id } of answers) expect((await requestsOf(cluster, agent, id)).length).toBeLessThanOrEqual(1)
  })
})

describe('no request', () => {
  it('where the gate refuses, of any tool, by a process that knows nothing yet', async () => {
    await using fresh = await startAgent(cluster.kubeconfig)
    const refused: [string, object][] = [
      ['k8s_list', { kind: 'secrets' }],
      ['k8s_get', { kind: 'cm', name: 'x' }],
      ['k8s_get', { kind: 'Lease', name: '../x' }],
      ['k8s_list_events', { involvedObject: 'secret/x' }],
      ['k8s_pod_logs', { name: 'web', tailLines: 501 }],
      ['k8s_pod_logs', { name: 'web', tailLines: 0 }],
      ['k8s_pod_logs', { name: 'web/log' }],
      ['k8s_delete', { kind: 'Pod', name: 'web' }],
      ['k8s_delete', { kind: 'Secret', name: 'x', approved: true }],
      ['k8s_delete', { kind: 'ns', name: namespace, approved: true }],
      ['k8s_delete', { kind: 'Node', name: 'x', approved: true }],
    ]
    const ids: string[] = []
    for (const [tool, input] of refused) {
      const { id, data } = await fresh.call(tool, { namespace, ...input })
      ids.push(id)
      expect({ tool, code: data.code }).toEqual({
        tool,
        code: expect.stringMatching(/^(BLOCKED_BY_POLICY|INVALID_INPUT)$/),
      })
    }
    expect(await requestsOf(cluster, fresh, ...ids)).toEqual([])
  })

  it('for tools/list, and for a tool that is not there', async () => {
    await using fresh = await startAgent(cluster.kubeconfig)
    await expect(fresh.call('k8s_apply', { kind: 'Pod', namespace })).rejects.toThrow(/UNKNOWN_TOOL|no tool/)
    await expect(fresh.call('infra.k8s.pods.listPods', {})).rejects.toThrow(/no tool/)
    expect(await requestsOf(cluster, fresh, 'none')).toEqual([])
  })
})
