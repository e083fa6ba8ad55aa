import { randomBytes } from 'node:crypto'
import { type ClusterHandle, sharedCluster } from '@gatehouse/testing'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type Running, start } from './harness.ts'

// A condition, a group or an order over a secret would tell it bit by bit, whatever the reply shows.
const LIST = 'infra.k8s.resources.listResources'
const password = `pw${randomBytes(12).toString('hex')}`
const other = `zz${randomBytes(12).toString('hex')}`

let cluster: ClusterHandle
let server: Running
let namespace: string

beforeAll(async () => {
  cluster = await sharedCluster()
  namespace = await cluster.freshNamespace('oracle')
  await cluster.apply(manifests(namespace))
  server = await start({ KUBECONFIG: cluster.kubeconfig })
})

afterAll(async () => server?.[Symbol.asyncDispose]())

const ask = async (kind: string, question: object) => {
  const { body, text, status } = await server.call(LIST, { kind, namespace, ...question })
  expect(status).toBe(200)
  for (const secret of [password, other, base64(password), base64(other)]) expect(text).not.toContain(secret)
  return body
}

describe('secrets cannot be asked for through a projection', () => {
  const first = JSON.stringify(base64(password).slice(0, 4))
  const conditions: [string, string][] = [
    ['secrets', `data.password.startsWith(${first})`],
    ['secrets', `data['password'].startsWith(${first})`],
    ['secrets', `object.data.password == '${base64(password)}'`],
    ['secrets', `object.data.exists(k, object.data[k].contains(${first}))`],
    ['secrets', `metadata.annotations.exists(k, metadata.annotations[k].contains('${password}'))`],
    ['secrets', `annotations.exists(k, annotations[k].contains('${base64(password)}'))`],
    [
      'pods',
      `spec.containers.exists(c, c.env.exists(e, has(e.value) && e.value.contains('${password.slice(0, 6)}')))`,
    ],
    ['pods', `spec.containers.exists(c, c.args.exists(a, a.contains('${password}')))`],
    ['strongboxes', `password.startsWith('${password.slice(0, 3)}')`],
    ['strongboxes', `spec.password.startsWith('${password.slice(0, 3)}')`],
    ['strongboxes', `url.contains('${password}') || spec.url.contains('${password}')`],
    ['strongboxes', `object.spec.exists(k, string(object.spec[k]).contains('${password}'))`],
  ]
  for (const [kind, where] of conditions) {
    it(`${kind}: ${where.replaceAll(password, '<password>')}`, async () => {
      const { total } = await ask(kind, { where })
      expect(total).toBe(0)
    })
  }

  it('the planted objects are found by what is no secret', async () => {
    expect((await ask('secrets', { where: "name == 'one'" })).total).toBe(1)
    expect((await ask('strongboxes', { where: 'spec.size == 3' })).total).toBe(1)
    expect(
      (await ask('pods', { where: "spec.containers.exists(c, c.env.exists(e, e.name == 'DB_PASSWORD'))" }))
        .total,
    ).toBe(1)
  })

  it('groups show digests, equal for equal values', async () => {
    const { items } = await ask('secrets', { groupBy: ['data.password'] })
    expect(items.map((item: { count: number }) => item.count)).toEqual([2, 1])
    for (const item of items) expect(item['data.password']).toMatch(/redacted/)
    expect((await ask('strongboxes', { groupBy: ['password'] })).items[0].password).toMatch(/redacted/)
  })

  it('columns show digests', async () => {
    const { items } = await ask('secrets', {
      columns: ['name', 'data.password', 'object.data', 'annotations'],
    })
    expect(items[0]['data.password']).toMatch(/redacted/)
  })

  it('the order of secrets is the order of their digests, not of the values', async () => {
    const { items } = await ask('secrets', { columns: ['name', 'data.password'], sort: 'data.password' })
    const digests = items.map((item: Record<string, string>) => item['data.password'])
    // Numbers in texts count as numbers, in digests as well.
    const natural = new Intl.Collator('en', { numeric: true })
    expect(digests).toEqual(digests.toSorted(natural.compare))
  })
})

function base64(text: string): string {
  return Buffer.from(text).toString('base64')
}

const secret = (ns: string, name: string, value: string) => `
apiVersion: v1
kind: Secret
metadata:
  name: ${name}
  namespace: ${ns}
  annotations:
    kubectl.kubernetes.io/last-applied-configuration: '{"data":{"password":"${base64(value)}"},"stringData":{"password":"${value}"}}'
stringData: { password: ${value} }
---`

const manifests = (
  ns: string,
) => `${secret(ns, 'one', password)}${secret(ns, 'two', password)}${secret(ns, 'three', other)}
apiVersion: v1
kind: Pod
metadata: { name: app, namespace: ${ns} }
spec:
  containers:
    - name: app
      image: registry.example.com/app:1
      args: ["--password=${password}", "--level=info"]
      env: [{ name: DB_PASSWORD, value: ${password} }]
---
apiVersion: apiextensions.k8s.io/v1
kind: CustomResourceDefinition
metadata: { name: strongboxes.oracle.gatehouse.dev }
spec:
  group: oracle.gatehouse.dev
  scope: Namespaced
  names: { plural: strongboxes, singular: strongbox, kind: Strongbox }
  versions:
    - name: v1
      served: true
      storage: true
      schema: { openAPIV3Schema: { type: object, x-kubernetes-preserve-unknown-fields: true } }
      additionalPrinterColumns:
        - { name: Password, type: string, jsonPath: .spec.password }
        - { name: URL, type: string, jsonPath: .spec.url }
---
apiVersion: oracle.gatehouse.dev/v1
kind: Strongbox
metadata: { name: one, namespace: ${ns} }
spec: { size: 3, password: ${password}, url: "postgres://app:${password}@db.example.com/app" }
`
