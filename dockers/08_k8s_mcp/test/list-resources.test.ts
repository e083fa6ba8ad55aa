import { applyDemo, type ClusterHandle, eventually, sharedCluster } from '@gatehouse/testing'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type Running, start } from './harness.ts'

const LIST = 'infra.k8s.resources.listResources'

let cluster: ClusterHandle
let server: Running
let namespace: string

beforeAll(async () => {
  cluster = await sharedCluster()
  namespace = await cluster.freshNamespace('list')
  await applyDemo(cluster)
  await cluster.apply(manifests(namespace))
  server = await start({ KUBECONFIG: cluster.kubeconfig })
  await eventually('pods of the demo are in their states', async () => {
    const { items } = await list('pods', { namespace: 'shop', groupBy: ['status'] })
    return items.some((item: { status: string }) => item.status === 'CrashLoopBackOff')
  })
})

afterAll(async () => server?.[Symbol.asyncDispose]())

const list = async (kind: string, more = {}) => (await server.call(LIST, { kind, ...more })).body

describe('listResources', () => {
  it('lists any kind with its printed columns, CRDs with their own', async () => {
    const { items, total, target } = await list('ltn', { namespace })
    expect(target).toEqual({ context: 'gatehouse-test', namespace, identity: 'gatehouse-test' })
    expect(total).toBe(3)
    expect(items[0]).toEqual({ name: 'a', size: 10, secretWord: expect.anything(), made: expect.any(String) })
    const zones = await list('zones.test.gatehouse.dev')
    expect(zones.target.namespace).toBe('')
    expect(zones.items.map((item: { name: string }) => item.name)).toContain(namespace)
  })

  it('projects printed columns, paths and derived columns side by side', async () => {
    const columns = ['name', 'ready', 'images', 'owner', 'spec.nodeName', "metadata.labels['app']"]
    const { items } = await list('pods', {
      namespace: 'shop',
      columns,
      labelSelector: 'app=catalog',
      sort: 'name',
    })
    expect(items).toHaveLength(2)
    expect(items[0]).toEqual({
      name: expect.stringMatching(/^catalog-/),
      ready: '1/1',
      images: ['registry.example.com/shop/catalog:3.2.1'],
      owner: expect.stringMatching(/^ReplicaSet\/catalog-/),
      'spec.nodeName': expect.stringMatching(/^node-/),
      "metadata.labels['app']": 'catalog',
    })
  })

  it('answers from printed columns with one request and without objects', async () => {
    const before = (await cluster.audit()).length
    const { items } = await list('deployments', {
      namespace,
      columns: ['name', 'images', 'ready'],
      where: "images.exists(i, i.contains('idle'))",
    })
    expect(items).toEqual([{ name: 'idle', images: ['registry.example.com/idle:1'], ready: '0/0' }])
    // The namespace is this file's own, and controllers watch instead of listing it.
    const sent = (await cluster.audit()).slice(before)
    const own = sent.filter((entry) => entry.requestURI.includes(`/namespaces/${namespace}/deployments?`))
    const asked = own.map((entry) => new URL(entry.requestURI, 'http://x').searchParams.get('includeObject'))
    expect(asked).toEqual(['None'])
  })

  it('filters with CEL over cells and fields', async () => {
    const where = "status.phase == 'Running' && status == 'CrashLoopBackOff' && labels['app'] == 'cart'"
    const { items, total, note } = await list('pods', {
      namespace: 'shop',
      where,
      columns: ['name', 'status', 'status.phase'],
    })
    expect(total).toBe(2)
    expect(items[0]).toMatchObject({ status: 'CrashLoopBackOff', 'status.phase': 'Running' })
    expect(note).toMatch(/^where matches 2 of \d+/)
  })

  it('says how many rows a condition could not be evaluated for', async () => {
    const { total, note } = await list('pods', {
      namespace: 'shop',
      where: "spec.nodeSelector.disktype == 'nvme'",
    })
    expect(total).toBeLessThanOrEqual(1)
    expect(note).toMatch(
      /could not be evaluated for \d+ of them, which do not match: field not found: nodeSelector/,
    )
  })

  it('groups, sorts and takes the top', async () => {
    expect((await list('ltn', { namespace, groupBy: ['spec.colors'] })).items).toEqual([
      { 'spec.colors': 'red', count: 3 },
      { 'spec.colors': 'blue', count: 1 },
    ])
    const { items, total, shown } = await list('ltn', {
      namespace,
      columns: ['name', 'size'],
      sort: '-size',
      top: 2,
    })
    expect(items).toEqual([
      { name: 'a', size: 10 },
      { name: 'b', size: 9 },
    ])
    expect({ total, shown }).toEqual({ total: 3, shown: 2 })
  })

  it('adds the namespace over all namespaces', async () => {
    const { items, overview } = await list('ltn', { allNamespaces: true, columns: ['name'], sort: 'name' })
    expect(items).toContainEqual({ namespace, name: 'a' })
    expect(overview.unhealthy).toBe(0)
  })

  it('is deterministic', async () => {
    const ask = async () => {
      const { items } = await list('pods', {
        namespace: 'shop',
        columns: ['name', 'images', 'labels'],
        where: "labels['app'] in ['catalog', 'frontend']",
      })
      return JSON.stringify(items)
    }
    expect(await ask()).toBe(await ask())
  })

  const refused: [string, object, RegExp][] = [
    [
      'an unknown column',
      { columns: ['imagse'] },
      /columns: there is no column "imagse"; did you mean images/,
    ],
    ['an unknown group', { groupBy: ['nod'] }, /groupBy: there is no column "nod"; did you mean node/],
    [
      'an unknown sort key',
      { sort: '-restrats' },
      /sort: there is no column "restrats"; did you mean restarts/,
    ],
    [
      'a sort key that is no part of the groups',
      { groupBy: ['node'], sort: 'name' },
      /sort: "name" is not part of the groups/,
    ],
    ['a condition that is none', { where: "status = 'x'" }, /where: not a CEL expression at position 8/],
    ['a name no object has', { where: "pod.name == 'x'" }, /where: there is no column or field "pod"/],
    ['a limit of 0', { limit: 0 }, /limit: Too small/],
    ['a negative limit', { limit: -1 }, /limit: Too small/],
    ['a huge limit', { limit: 1e9 }, /limit: Too big/],
    ['a limit that is text', { limit: '10' }, /limit: Invalid input: expected number, received string/],
    [
      'a namespace that does not exist',
      { namespace: 'shpo' },
      /There is no namespace "shpo"; did you mean shop/,
    ],
  ]
  for (const [what, input, message] of refused) {
    it(`refuses ${what} and names the nearest`, async () => {
      const reply = await server.call(LIST, { kind: 'pods', namespace: 'shop', ...input })
      expect(reply.status).toBeGreaterThanOrEqual(400)
      expect(reply.body.message ?? reply.body.detail).toMatch(message)
    })
  }
})

const manifests = (ns: string) => `
apiVersion: apps/v1
kind: Deployment
metadata: { name: idle, namespace: ${ns} }
spec:
  replicas: 0
  selector: { matchLabels: { app: idle } }
  template:
    metadata: { labels: { app: idle } }
    spec: { containers: [{ name: idle, image: "registry.example.com/idle:1" }] }
---
apiVersion: apiextensions.k8s.io/v1
kind: CustomResourceDefinition
metadata: { name: lanterns.test.gatehouse.dev }
spec:
  group: test.gatehouse.dev
  scope: Namespaced
  names: { plural: lanterns, singular: lantern, kind: Lantern, shortNames: [ltn] }
  versions:
    - name: v1
      served: true
      storage: true
      schema: { openAPIV3Schema: { type: object, x-kubernetes-preserve-unknown-fields: true } }
      additionalPrinterColumns:
        - { name: Size, type: integer, jsonPath: .spec.size }
        - { name: Secret Word, type: string, jsonPath: .spec.word }
        - { name: Made, type: date, jsonPath: .metadata.creationTimestamp }
---
apiVersion: apiextensions.k8s.io/v1
kind: CustomResourceDefinition
metadata: { name: zones.test.gatehouse.dev }
spec:
  group: test.gatehouse.dev
  scope: Cluster
  names: { plural: zones, singular: zone, kind: Zone }
  versions:
    - name: v1
      served: true
      storage: true
      schema: { openAPIV3Schema: { type: object, x-kubernetes-preserve-unknown-fields: true } }
---
apiVersion: test.gatehouse.dev/v1
kind: Lantern
metadata: { name: a, namespace: ${ns} }
spec: { size: 10, word: x, colors: [red, red, blue] }
---
apiVersion: test.gatehouse.dev/v1
kind: Lantern
metadata: { name: b, namespace: ${ns} }
spec: { size: 9, word: x, colors: [red] }
---
apiVersion: test.gatehouse.dev/v1
kind: Lantern
metadata: { name: c, namespace: ${ns} }
spec: { size: 1, word: x, colors: [red] }
---
apiVersion: test.gatehouse.dev/v1
kind: Zone
metadata: { name: ${ns} }
`
