import { type Cluster, eventually, startCluster } from '@gatehouse/testing'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { tools as all } from '../src/tools/index.ts'
import { type Running, start } from './harness.ts'
import { searchable } from './reference/responsive.ts'
import { events, manifests, measured } from './same-bytes/manifests.ts'

// A cluster of its own: in the shared one others create and delete, and "the same" would mean nothing.
let cluster: Cluster
let servers: Running[] = []

// The others only propose a change, to an approval service.
const tools = all.filter((tool) => tool.risk === 'read')
const namespace = 'shop'
const KEY = 'the-same-key-for-both-servers-0123456789'
const SAME_ID = { headers: { 'x-correlation-id': 'same-bytes' } }

/** What to ask each tool besides its examples; a tool without an entry fails the test. */
const QUESTIONS: Record<string, object[]> = {
  'infra.k8s.cluster.getContexts': [],
  'infra.k8s.cluster.getCurrentContext': [],
  'infra.k8s.cluster.getClusterInfo': [],
  'infra.k8s.cluster.listNamespaces': [{}],
  'infra.k8s.cluster.listNodes': [{}],
  'infra.k8s.cluster.listApiResources': [{}, { maxTokens: 20_000 }, { apiGroup: 'ap' }],
  'infra.k8s.cluster.explainResource': [{ kind: 'pod' }, { kind: 'shelf', field: 'spec' }],
  'infra.k8s.pods.listPods': [
    { namespace, groupBy: ['node'] },
    { namespace, sort: 'status' },
    { namespace: 'shpo' },
  ],
  'infra.k8s.pods.getPod': [{ name: 'web-5', namespace }],
  'infra.k8s.pods.getPodLogs': [{ name: 'web-0', namespace, tail: -1, grep: 'token' }],
  'infra.k8s.deployments.listDeployments': [{ allNamespaces: true }],
  'infra.k8s.deployments.getRolloutStatus': [{ name: 'fronted', namespace }],
  'infra.k8s.services.listServices': [{ allNamespaces: true }],
  'infra.k8s.events.listEvents': [
    { namespace },
    { allNamespaces: true, maxTokens: 20_000 },
    { namespace, types: ['Warning'] },
  ],
  'infra.k8s.resources.listResources': [
    { kind: 'pods', namespace, groupBy: ['images', 'node'], sort: '-count' },
    // Every pod ties with every other.
    { kind: 'pods', namespace, sort: '-restarts', columns: ['name', 'restarts', 'labels'] },
    { kind: 'pods', allNamespaces: true, limit: 2 },
    { kind: 'secrets', namespace, columns: ['name', 'data', 'labels'] },
    { kind: 'secrets', namespace, groupBy: ['type'] },
    { kind: 'configmaps', namespace, columns: ['name', 'data'] },
    { kind: 'shelves', namespace, columns: ['name', 'spec', 'metadata.annotations'] },
    { kind: 'shelves', namespace, groupBy: ['spec.colour'] },
    { kind: 'deploy', namespace, columns: ['name', 'nope'] },
    { kind: 'serviceaccounts', allNamespaces: true, maxTokens: 300 },
    { kind: 'shelv' },
  ],
  'infra.k8s.resources.getResource': [
    ...['frontend', 'tied-a'].map((name) => ({ kind: 'configmap', name, namespace })),
    { kind: 'shelf', name: 'full', namespace },
    { kind: 'crd', name: 'shelves.same.example.org', maxTokens: 20_000 },
    { kind: 'secret', name: 'payment', namespace },
  ],
  'infra.k8s.resources.describeResource': [
    { kind: 'secret', name: 'payment-api', namespace },
    { kind: 'statefulset', name: 'web', namespace },
    { kind: 'pod', name: 'web-1', namespace },
    { kind: 'shelf', name: 'full', namespace },
    { kind: 'namespace', name: namespace },
    { kind: 'node', name: 'node-1' },
  ],
  'infra.k8s.resources.findReferences': [
    { kind: 'secret', name: 'payment-api', namespace },
    { kind: 'deployment', name: 'frontend', namespace },
    { kind: 'service', name: 'catalog', namespace },
    { kind: 'serviceaccount', name: 'default', namespace },
    { kind: 'configmap', name: 'kube-root-ca.crt', namespace },
  ],
  'infra.k8s.apply.diffManifest': [
    {
      yamlContent: `apiVersion: v1\nkind: Secret\nmetadata: {name: payment-api, namespace: ${namespace}}\nstringData: {key: other, added: x1y2z3}`,
    },
    { yamlContent: manifests.replaceAll('nginx:1.29', 'nginx:1.30'), maxTokens: 20_000 },
  ],
  'infra.k8s.metrics.topPods': [{ namespace }],
  'infra.k8s.metrics.topNodes': [],
  'infra.k8s.operations.getOperation': [],
  'infra.k8s.operations.listOperations': [{}],
  'infra.k8s.operations.waitForOperation': [],
  'infra.k8s.docs.search': [{ query: 'probes', kind: 'topic' }],
  'infra.k8s.getMetrics': [],
}

beforeAll(async () => {
  cluster = await startCluster({ nodes: 2 })
  await cluster.apply(manifests)
  await cluster.apply(measured)
  await cluster.writeLog(namespace, 'web-0', 'web', 'started\ntoken=abcdefgh12345678 taken\nserving\n')
  await settled()
  await cluster.kubectl(['delete', 'events', '--all', '--all-namespaces'])
  await cluster.apply(events)
  servers = await Promise.all([1, 2].map(() => start({ KUBECONFIG: cluster.kubeconfig, SANITIZER_KEY: KEY })))
  await Promise.all(servers.map(searchable))
})
afterAll(async () => {
  for (const server of servers) await server[Symbol.asyncDispose]()
  await cluster?.stop()
})

/** Every pod runs, and nothing but leases and heartbeats has been written for a while. */
async function settled(): Promise<void> {
  await cluster.kubectl(['rollout', 'status', 'deployment,statefulset', '--namespace', namespace])
  const kinds = 'pods,deployments,replicasets,statefulsets,services,endpointslices,events,shelves'
  const state = () => cluster.kubectl(['get', kinds, '--all-namespaces', '--output', 'json'])
  let before = ''
  const stays = async () => {
    const last = before
    before = await state()
    return last === before
  }
  await eventually('a state that stays', stays, { timeout: 90_000, interval: 3_000 })
}

describe('two servers with one key say the same, byte for byte', () => {
  let compared = 0
  let identical = 0

  it.each(tools.map((tool) => tool.name))('%s', async (name) => {
    const own = QUESTIONS[name]
    expect(own, 'has no entry above').toBeDefined()
    const examples = tools.find((tool) => tool.name === name)?.examples.map((one) => one.input) ?? []
    for (const input of [...examples, ...(own ?? [])]) {
      const replies: string[] = []
      // Twice each: what a server has learned meanwhile must not show either.
      for (const server of [...servers, ...servers]) {
        const { structuredContent, content } = await server.tool(name, input)
        const { text } = await server.call(name, input, SAME_ID)
        replies.push(
          `${withoutIds(content[0].text)}\n${withoutIds(JSON.stringify(structuredContent))}\n${text}`,
        )
      }
      // It counts its own calls.
      if (name === 'infra.k8s.getMetrics') continue
      const [first = '', ...others] = replies
      for (const other of others) {
        compared++
        if (other === first) identical++
        else expect({ input, reply: withoutTime(other) }).toEqual({ input, reply: withoutTime(first) })
      }
    }
  })

  it('nearly always without a second having passed in between', () => {
    expect(compared).toBeGreaterThan(150)
    expect(identical / compared).toBeGreaterThan(0.6)
  })

  it('and another key gives other digests', async () => {
    await using other = await start({ KUBECONFIG: cluster.kubeconfig, SANITIZER_KEY: KEY.toUpperCase() })
    const input = { kind: 'secret', name: 'payment-api', namespace }
    const digests = async (server: Running) =>
      (await server.call('infra.k8s.resources.getResource', input)).text.match(
        /redacted:secret:[0-9a-f]{12}/g,
      )
    const [one, two] = await Promise.all([digests(servers[0] as Running), digests(other)])
    expect(one).toHaveLength(two?.length ?? 0)
    expect(one?.some((digest) => two?.includes(digest))).toBe(false)
  })
})

/** Errors name the call, and over MCP each call has an id of its own. */
function withoutIds(text: string): string {
  return text.replaceAll(/(correlation_id"?: ?"?)[0-9a-f]{32}/g, '$1<id>')
}

/**
 * What grows while we ask, and nothing else: ages, as whole words such as 8s, 2m3s or 5d19h; the version of the whole
 * cluster inside a cursor, which each lease of a node moves; and the boundary of a fence, a digest of what is inside.
 */
function withoutTime(text: string): string {
  return text
    .replaceAll(/(continue"?: ?")([\w-]+)/g, (_all, before: string, cursor: string) => {
      const parts = Buffer.from(cursor, 'base64url').toString().split('.')
      return `${before}${parts.slice(0, 3).join('.')}`
    })
    .replaceAll(/(?<![\w.=-])(?:\d+m)?\d+[sm](?![\w.-])|(?<![\w.=-])\d+d(?:\d+h)?(?![\w.-])/g, '<age>')
    .replaceAll(/(\[\/?untrusted:)[0-9a-f]{16}/g, '$1<boundary>')
}
