import { sharedCluster } from '@gatehouse/testing'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type Agent, readsOf, requestsOf, startAgent } from './harness.ts'

const cluster = await sharedCluster()
let agent: Agent
let namespace: string

beforeAll(async () => {
  namespace = await cluster.freshNamespace('scope')
  await cluster.apply(
    `apiVersion: coordination.k8s.io/v1\nkind: Lease\nmetadata: { name: x, namespace: ${namespace} }\nspec: {}`,
  )
  agent = await startAgent(cluster.kubeconfig)
})
afterAll(() => agent?.[Symbol.asyncDispose]())

const asks = (kind: string, more: object = {}): [string, object][] => [
  ['k8s_list', { kind, namespace, ...more }],
  ['k8s_get', { kind, namespace, name: namespace, ...more }],
  ['k8s_delete', { kind, namespace, name: namespace, approved: true, ...more }],
  ['k8s_list_events', { namespace, involvedObject: `${kind}/${namespace}` }],
]
const clusterWide = [
  ...['Node', 'nodes', 'NODES', 'no', 'node', 'Namespace', 'namespaces', 'ns', 'NS'],
  ...[
    'PersistentVolume',
    'pv',
    'CustomResourceDefinition',
    'crd',
    'crds',
    'customresourcedefinitions.apiextensions.k8s.io',
  ],
  ...[
    'ClusterRole',
    'clusterroles',
    'clusterrolebindings',
    'StorageClass',
    'sc',
    'PriorityClass',
    'pc',
    'APIService',
  ],
  ...[
    'csr',
    'validatingwebhookconfigurations',
    'ingressclasses',
    'runtimeclasses',
    'componentstatuses',
    'cs',
  ],
]

describe('what is cluster-wide', () => {
  it.each(clusterWide)('%s is refused for every verb, and only discovery is asked', async (kind) => {
    for (const [tool, input] of asks(kind)) {
      const { id, data } = await agent.call(tool, input)
      expect({ tool, code: data.code }).toEqual({ tool, code: 'BLOCKED_BY_POLICY' })
      expect(await readsOf(cluster, agent, id)).toEqual([])
    }
  })

  it('is refused with its apiVersion too', async () => {
    for (const [kind, apiVersion] of [
      ['Node', 'v1'],
      ['ClusterRole', 'rbac.authorization.k8s.io/v1'],
      ['StorageClass', 'storage.k8s.io/v1'],
    ] as const) {
      for (const [tool, input] of asks(kind, { apiVersion }).slice(0, 3))
        expect(await agent.code(tool, input)).toBe('BLOCKED_BY_POLICY')
    }
  })
})

/** Every tool with an input it takes, but for the namespace. */
const valid: Record<string, object> = {
  k8s_list: { kind: 'Lease' },
  k8s_get: { kind: 'Lease', name: 'x' },
  k8s_list_events: {},
  k8s_pod_logs: { name: 'x' },
  k8s_delete: { kind: 'Lease', name: 'x', approved: true },
}

describe('names and namespaces', () => {
  const fields = ['name', 'namespace', 'kind', 'container', 'continue', 'involvedObject', 'apiVersion']
  const smuggled = [
    ...[
      '',
      ' ',
      '*',
      'a,b',
      'a/b',
      '/',
      '.',
      '..',
      '../x',
      'a/../../nodes',
      'x%2f..',
      '%2e%2e',
      'x?labelSelector=a',
      'x#y',
    ],
    ...[
      'x&fieldSelector=a',
      'app=web',
      'app in (a)',
      '!app',
      'x ',
      ' x',
      'x.',
      'x\n',
      'x\0',
      'x\\y',
      '-n',
      '--all',
      'x'.repeat(300),
    ],
    ...['UPPER/', 'ünïcode', 'x;y', '$(x)', '{x}', '[x]', 'x|y', '\u202ex', 'all namespaces'],
  ]
  const has: Record<string, string[]> = {
    k8s_list: ['namespace', 'kind', 'continue', 'apiVersion'],
    k8s_get: ['name', 'namespace', 'kind', 'apiVersion'],
    k8s_list_events: ['namespace', 'involvedObject'],
    k8s_pod_logs: ['name', 'namespace', 'container'],
    k8s_delete: ['name', 'namespace', 'kind', 'apiVersion'],
  }

  // Well-formed there; the API server or discovery says what it is.
  const allowed: Record<string, RegExp> = { continue: /^[\w+/=-]+$/, involvedObject: /^a\/b$/ }

  it.each(fields)('nothing is smuggled in by %s, and nothing is sent', async (field) => {
    const ids: string[] = []
    for (const [tool, input] of Object.entries(valid)) {
      if (!has[tool]?.includes(field)) continue
      for (const text of smuggled.filter((one) => !allowed[field]?.test(one))) {
        const { id, data } = await agent.call(tool, { namespace, ...input, [field]: text })
        ids.push(id)
        expect({ tool, text, code: data.code }).toEqual({ tool, text, code: 'INVALID_INPUT' })
      }
      for (const value of [null, 1, true, [], ['x'], {}, { x: 1 }]) {
        const { data } = await agent.call(tool, { namespace, ...input, [field]: value })
        expect({ tool, value, code: data.code }).toEqual({ tool, value, code: 'INVALID_INPUT' })
      }
    }
    expect(await requestsOf(cluster, agent, ...ids)).toEqual([])
  })

  it.each(['Upper', 'x_y', 'x.y', 'a'.repeat(64), '0-'])('no namespace is called %s', async (bad) => {
    for (const [tool, input] of Object.entries(valid))
      expect(await agent.code(tool, { ...input, namespace: bad })).toBe('INVALID_INPUT')
  })

  it('a forged cursor of the API server does not leave the namespace', async () => {
    await cluster.kubectl(['get', 'pods', '-A', '-o', 'name'])
    for (const start of [
      '../kube-system/\0',
      '/../../secrets/\0',
      '..\0',
      '../../pods/kube-system/x\0',
      'x/../../\0',
    ]) {
      for (const rv of [1, -1]) {
        const token = JSON.stringify({ v: 'meta.k8s.io/v1', rv, start })
        const { data } = await agent.call('k8s_list', {
          kind: 'Lease',
          namespace,
          continue: Buffer.from(token).toString('base64url'),
        })
        expect(JSON.stringify(data.items ?? [])).not.toContain('kube-')
        expect(data.code ?? 'ok').toMatch(/^(ok|CLUSTER_REFUSED|CURSOR_EXPIRED)$/)
      }
    }
  })
})

describe('parameters that are not there', () => {
  const unknown = [
    ...[
      'labelSelector',
      'fieldSelector',
      'allNamespaces',
      'all_namespaces',
      'context',
      'dryRun',
      'gracePeriodSeconds',
      'force',
    ],
    ...[
      'names',
      'all',
      'propagationPolicy',
      'subresource',
      'path',
      'maxTokens',
      'Approved',
      'APPROVED',
      'approve',
      'kubeconfig',
    ],
    ...['follow', 'sinceSeconds', 'resourceVersion', 'token', 'as', 'constructor', 'toString', '_meta'],
  ]
  it.each(['k8s_list', 'k8s_get', 'k8s_list_events', 'k8s_pod_logs', 'k8s_delete'])(
    '%s refuses them',
    async (tool) => {
      const ids: string[] = []
      for (const key of unknown) {
        for (const value of [true, 'x', ['a', 'b']]) {
          const { id, data } = await agent.call(tool, { namespace, ...valid[tool], [key]: value })
          ids.push(id)
          expect({ key, code: data.code }).toEqual({ key, code: 'INVALID_INPUT' })
        }
      }
      expect(await requestsOf(cluster, agent, ...ids)).toEqual([])
    },
  )

  it('bulk has no shape', async () => {
    for (const more of [
      { name: ['x', 'y'] },
      { name: 'x,y' },
      { name: undefined },
      { name: '' },
      { kind: ['Lease', 'Pod'] },
      { namespace: [namespace] },
      { namespace: '' },
      { namespace: '*' },
    ]) {
      const input = { kind: 'Lease', name: 'x', namespace, approved: true, ...more }
      expect(await agent.code('k8s_delete', input)).toBe('INVALID_INPUT')
    }
    expect(await cluster.kubectl(['get', 'lease', 'x', '-n', namespace, '-o', 'name'])).toContain('/x')
  })
})
