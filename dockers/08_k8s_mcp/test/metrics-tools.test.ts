import { type Cluster, startCluster } from '@gatehouse/testing'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type Body, type Running, start } from './harness.ts'

const PODS = 'infra.k8s.metrics.topPods'
const NODES = 'infra.k8s.metrics.topNodes'

// A cluster of its own: kinds called "pods" in a second group would be in the way of every other test.
let cluster: Cluster
let server: Running

beforeAll(async () => {
  cluster = await startCluster({ controllers: false, nodes: 2 })
})
afterAll(async () => {
  await server?.[Symbol.asyncDispose]()
  await cluster?.stop()
})

describe('without metrics.k8s.io', () => {
  it.each([PODS, NODES])('%s says what is missing', async (tool) => {
    await using bare = await start({ KUBECONFIG: cluster.kubeconfig })
    const { status, body } = await bare.call(tool)
    expect([status, body.code]).toEqual([503, 'METRICS_ABSENT'])
    expect(body.message).toBe('This cluster serves no metrics.k8s.io API')
  })
})

describe('with metrics.k8s.io', () => {
  beforeAll(async () => {
    await cluster.apply(
      [crd('pods', 'PodMetrics', 'Namespaced'), crd('nodes', 'NodeMetrics', 'Cluster')].join('---\n'),
    )
    await cluster.apply([namespace('shop'), namespace('empty')].join('---\n'))
    await cluster.apply(MEASURED)
    server = await start({ KUBECONFIG: cluster.kubeconfig })
  })

  const call = async (tool: string, input: object = {}): Promise<Body> =>
    (await server.call(tool, input)).body

  it('lists pods, most CPU first, containers added up', async () => {
    const { items, total } = await call(PODS, { allNamespaces: true })
    expect(total).toBe(3)
    expect(items).toEqual([
      { name: 'busy', namespace: 'shop', cpu: '2000m', memory: '10Mi' },
      { name: 'web', namespace: 'shop', cpu: '102m', memory: '20Mi' },
      { name: 'idle', namespace: 'default', cpu: '0m', memory: '1Mi' },
    ])
  })

  it('lists one namespace, by label too, and names one that is not there', async () => {
    expect((await call(PODS, { namespace: 'shop', labelSelector: 'app=web' })).items).toEqual([
      { name: 'web', cpu: '102m', memory: '20Mi' },
    ])
    expect(await call(PODS, { namespace: 'empty' })).toMatchObject({ total: 0, items: [] })
    expect((await call(PODS, { namespace: 'shpo' })).message).toBe(
      'There is no namespace "shpo"; did you mean shop?',
    )
  })

  it('lists nodes with the share of what they can give', async () => {
    const { items } = await call(NODES)
    expect(items).toEqual([
      { name: 'node-2', cpu: '16000m', cpuPercent: '25%', memory: '1024Mi', memoryPercent: '0%' },
      { name: 'node-1', cpu: '6400m', cpuPercent: '10%', memory: '131072Mi', memoryPercent: '50%' },
    ])
  })

  it('pages, and reads as a table', async () => {
    const { content } = await server.tool(PODS, { allNamespaces: true, limit: 1 })
    expect(content[0].text).toMatch(/busy {2}shop {2}2000m {2}10Mi\n1 of 3 shown; continue: "/)
  })
})

const namespace = (name: string) => `apiVersion: v1\nkind: Namespace\nmetadata: { name: ${name} }\n`

const crd = (plural: string, kind: string, scope: string) => `apiVersion: apiextensions.k8s.io/v1
kind: CustomResourceDefinition
metadata: { name: ${plural}.metrics.k8s.io, annotations: { api-approved.kubernetes.io: "unapproved, test" } }
spec:
  group: metrics.k8s.io
  scope: ${scope}
  names: { kind: ${kind}, plural: ${plural}, singular: ${kind.toLowerCase()} }
  versions: [{ name: v1beta1, served: true, storage: true, schema: { openAPIV3Schema: { type: object, x-kubernetes-preserve-unknown-fields: true } } }]
`

const pod = (name: string, where: string, containers: string) => `apiVersion: metrics.k8s.io/v1beta1
kind: PodMetrics
metadata: { name: ${name}, namespace: ${where}, labels: { app: ${name} } }
containers: [${containers}]
`

const node = (name: string, usage: string) => `apiVersion: metrics.k8s.io/v1beta1
kind: NodeMetrics
metadata: { name: ${name} }
usage: { ${usage} }
`

const MEASURED = [
  pod('idle', 'default', '{ name: a, usage: { cpu: "0", memory: 1Mi } }'),
  pod(
    'web',
    'shop',
    '{ name: a, usage: { cpu: 100m, memory: 10Mi } }, { name: b, usage: { cpu: 1500000n, memory: 10240Ki } }',
  ),
  pod('busy', 'shop', '{ name: a, usage: { cpu: "2", memory: 10Mi } }'),
  node('node-1', 'cpu: 6400000000n, memory: 128Gi'),
  node('node-2', 'cpu: "16", memory: 1048576Ki'),
].join('---\n')
