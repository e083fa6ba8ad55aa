import { randomBytes } from 'node:crypto'
import { sharedCluster } from '@gatehouse/testing'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type Agent, requestsOf, startAgent } from './harness.ts'

// Kinds of somebody else's that share a name with what is blocked.
const cluster = await sharedCluster()
const GROUP = `g${randomBytes(4).toString('hex')}.example.org`
const apiVersion = `${GROUP}/v1`
const password = `pw7${randomBytes(12).toString('hex')}`
const kinds = [
  { kind: 'Secret', plural: 'secrets', names: 'singular: secret' },
  { kind: 'Setting', plural: 'configmaps', names: 'singular: setting' },
  { kind: 'Comment', plural: 'comments', names: 'singular: comment, shortNames: [cm]' },
]

const definition = ({ kind, plural, names }: (typeof kinds)[number]) => `
apiVersion: apiextensions.k8s.io/v1
kind: CustomResourceDefinition
metadata: { name: ${plural}.${GROUP} }
spec:
  group: ${GROUP}
  scope: Namespaced
  names: { kind: ${kind}, plural: ${plural}, ${names} }
  versions:
    - name: v1
      served: true
      storage: true
      additionalPrinterColumns:
        - { name: Text, type: string, jsonPath: .status.text }
        - { name: Pass, type: string, jsonPath: .status.password }
      schema: { openAPIV3Schema: { type: object, x-kubernetes-preserve-unknown-fields: true } }
`
const object = ({ kind }: (typeof kinds)[number], namespace: string) => `
apiVersion: ${apiVersion}
kind: ${kind}
metadata: { name: x, namespace: ${namespace} }
spec: { password: ${password} }
status: { text: "postgres://app:${password}@db/app", password: ${password}, state: fine }
`

let agent: Agent
let namespace: string

beforeAll(async () => {
  namespace = await cluster.freshNamespace('crds')
  await cluster.apply(kinds.map(definition).join('---'))
  await cluster.apply(kinds.map((one) => object(one, namespace)).join('---'))
  agent = await startAgent(cluster.kubeconfig)
})
afterAll(async () => {
  await agent?.[Symbol.asyncDispose]()
  await cluster.kubectl(['delete', 'crd', ...kinds.map(({ plural }) => `${plural}.${GROUP}`)])
})

const spellings: [string, string][] = [
  ['Secret', 'secrets'],
  ['secret', 'secrets'],
  ['SECRETS', 'secrets'],
  [`secrets.${GROUP}`, 'secrets'],
  [`Secret.${GROUP}`, 'secrets'],
  ['configmaps', 'configmaps'],
  ['Setting', 'configmaps'],
  ['setting', 'configmaps'],
  ['cm', 'comments'],
  ['comments', 'comments'],
]

describe.each(spellings)('%s, of a group of its own,', (kind, plural) => {
  it('is reached with its apiVersion, and sanitized', async () => {
    const list = await agent.call('k8s_list', { kind, apiVersion, namespace })
    expect(list.data).toMatchObject({ apiVersion, shown: 1, items: [{ name: 'x' }] })
    const got = await agent.call('k8s_get', { kind, apiVersion, namespace, name: 'x' })
    expect(got.data.object.status.state).toBe('fine')
    for (const { whole } of [list, got]) {
      expect(whole).toContain('[redacted:')
      expect(whole).not.toContain(password.slice(0, 8))
    }
    expect(await requestsOf(cluster, agent, got.id)).toEqual([
      `get /apis/${apiVersion}/namespaces/${namespace}/${plural}/x`,
    ])
  })

  it('is never found without it where the name is a blocked one', async () => {
    const isBlocked = /^(secrets?|configmaps|cm)(\.|$)/i.test(kind) || plural !== 'comments'
    for (const more of [{}, { apiVersion: 'v1' }]) {
      const code = await agent.code('k8s_get', { kind, namespace, name: 'x', ...more })
      if (isBlocked && !('apiVersion' in more)) expect(code).toBe('BLOCKED_BY_POLICY')
      else expect(code).toMatch('apiVersion' in more ? /^(BLOCKED_BY_POLICY|UNKNOWN_KIND)$/ : /^ok$/)
    }
  })
})

it('can be deleted with its apiVersion and approval, and the core object of the name stays', async () => {
  await cluster.kubectl(['create', 'secret', 'generic', 'x', '-n', namespace, '--from-literal=a=b'])
  const input = { kind: 'Secret', namespace, name: 'x', approved: true }
  expect(await agent.code('k8s_delete', input)).toBe('BLOCKED_BY_POLICY')
  expect((await agent.call('k8s_delete', { ...input, apiVersion })).data).toMatchObject({
    state: 'deleted',
    apiVersion,
  })
  expect(await agent.code('k8s_get', { kind: 'Secret', apiVersion, namespace, name: 'x' })).toBe('NOT_FOUND')
  expect(await cluster.kubectl(['get', 'secrets', 'x', '-n', namespace, '-o', 'name'])).toContain('secret/x')
})
