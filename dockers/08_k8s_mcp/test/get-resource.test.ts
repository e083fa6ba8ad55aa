import { type ClusterHandle, sharedCluster } from '@gatehouse/testing'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type Running, start } from './harness.ts'

const GET = 'infra.k8s.resources.getResource'
const VALUE = 'the-same-value-in-both'

let cluster: ClusterHandle
let server: Running
let namespace: string

beforeAll(async () => {
  cluster = await sharedCluster()
  namespace = await cluster.freshNamespace('get')
  await cluster.apply(`
apiVersion: v1
kind: Secret
metadata: { name: one, namespace: ${namespace} }
stringData: { password: ${VALUE}, user: alice-of-one }
---
apiVersion: v1
kind: Secret
metadata: { name: two, namespace: ${namespace} }
stringData: { password: ${VALUE}, user: bob-of-two }
---
apiVersion: v1
kind: ConfigMap
metadata: { name: large, namespace: ${namespace} }
data: { first: small, page: "${'lorem ipsum '.repeat(4000)}" }
---
apiVersion: v1
kind: Pod
metadata: { name: web-0, namespace: ${namespace} }
spec: { containers: [{ name: web, image: registry.example.com/web:1 }] }
`)
  server = await start({ KUBECONFIG: cluster.kubeconfig })
})

afterAll(async () => server?.[Symbol.asyncDispose]())

const get = (input: object) => server.call(GET, { namespace, ...input })

describe('getResource', () => {
  it('shows that two Secrets hold the same value without showing it', async () => {
    const [one, two] = await Promise.all([
      get({ kind: 'secret', name: 'one' }),
      get({ kind: 'Secret', name: 'two' }),
    ])
    const [first, second] = [one.body.object.data, two.body.object.data]
    expect(first.password).toMatch(/^\[redacted:[a-z-]+:[0-9a-f]{12}\] \(22 bytes\)$/)
    expect(second.password).toBe(first.password)
    expect(second.user).not.toBe(first.user)
    for (const reply of [one.text, two.text]) {
      expect(reply).not.toContain(VALUE)
      expect(reply).not.toContain(Buffer.from(VALUE).toString('base64'))
      expect(reply).not.toContain('alice-of-one')
    }
  })

  it('gives the object without managedFields and defaults, in the target that was asked', async () => {
    const { body } = await get({ kind: 'po', name: 'web-0' })
    expect(body.target).toMatchObject({ namespace })
    expect(body.object).toMatchObject({ apiVersion: 'v1', kind: 'Pod', metadata: { name: 'web-0' } })
    expect(body.object.metadata).not.toHaveProperty('managedFields')
    expect(body.object.spec).not.toHaveProperty('dnsPolicy')
    expect(body.object.spec.containers).toHaveLength(1)
    expect(JSON.stringify(body.object)).not.toContain('kube-api-access')
  })

  it('leaves out a field that does not fit and says which', async () => {
    const { body } = await get({ kind: 'cm', name: 'large', maxTokens: 500 })
    expect(body.object.data).toEqual({ first: 'small' })
    expect(body.note).toMatch(
      /^left out to fit the reply: data\.page \(48\d\d\d characters\); raise maxTokens/,
    )
    const whole = await get({ kind: 'cm', name: 'large', maxTokens: 20_000 })
    expect(whole.body.object.data.page).toHaveLength(48_000)
    expect(whole.body).not.toHaveProperty('note')
  })

  it('offers near names, says when there is none at all, and when the namespace does not exist', async () => {
    const near = await get({ kind: 'secret', name: 'onne' })
    expect(near.status).toBe(404)
    expect(near.body).toMatchObject({ code: 'NOT_FOUND', nearest: ['one'] })
    const none = await get({ kind: 'Ingress', name: 'x' })
    expect(JSON.stringify(none.body)).toContain(
      `There is no Ingress \\"x\\" in namespace \\"${namespace}\\"; there are none at all`,
    )
    const nowhere = await get({ kind: 'secret', name: 'one', namespace: `${namespace}x` })
    expect(JSON.stringify(nowhere.body)).toContain(
      `There is no namespace \\"${namespace}x\\"; did you mean ${namespace}`,
    )
  })

  it('refuses a name that would leave its path', async () => {
    const { body } = await get({ kind: 'pod', name: '../secrets/one' })
    expect(body.code).toBe('INVALID_INPUT')
  })

  it('costs one API request when warm', async () => {
    await get({ kind: 'pod', name: 'web-0' })
    const id = `get-${namespace}`
    await server.call(GET, { kind: 'pod', name: 'web-0', namespace }, { headers: { 'x-correlation-id': id } })
    await expect.poll(async () => (await requestsOf(id)).length).toBeGreaterThan(0)
    expect(await requestsOf(id)).toEqual([`get pods web-0`])
  })
})

describe('getPod', () => {
  it('gives the object, or explains it', async () => {
    const pod = { name: 'web-0', namespace }
    const whole = await server.call('infra.k8s.pods.getPod', pod)
    expect(whole.body.object.spec.containers[0].image).toBe('registry.example.com/web:1')
    const explained = await server.call('infra.k8s.pods.getPod', { ...pod, format: 'describe' })
    expect(explained.body).toMatchObject({ kind: 'Pod', name: 'web-0' })
    expect(explained.body.facts.containers[0]).toMatchObject({
      name: 'web',
      image: 'registry.example.com/web:1',
    })
    expect(explained.body).not.toHaveProperty('object')
  })

  it('answers on its REST route', async () => {
    const { status, body } = await server.get(`/cluster/pod/${namespace}/web-0`, {
      headers: { accept: 'application/json' },
    })
    expect(status).toBe(200)
    expect(body.object.metadata.name).toBe('web-0')
  })
})

async function requestsOf(id: string): Promise<string[]> {
  const audit = await cluster.audit()
  return audit
    .filter((entry) => entry.userAgent?.includes(`cid=${id}`))
    .map(({ verb, objectRef }) => `${verb} ${objectRef?.resource} ${objectRef?.name}`)
}
