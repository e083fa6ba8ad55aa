import { sharedCluster } from '@gatehouse/testing'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type Agent, startAgent } from './harness.ts'

const cluster = await sharedCluster()
const HELD = 'words-about-what-is-blocked'
let agent: Agent
let namespace: string

const event = (name: string, about: object, message: string, more: object = {}) => ({
  ...{
    apiVersion: 'v1',
    kind: 'Event',
    metadata: { name, namespace },
    type: 'Normal',
    reason: 'R',
    count: 1,
  },
  ...{ involvedObject: { namespace, ...about }, message, lastTimestamp: '2026-11-21T00:00:00Z', ...more },
})

beforeAll(async () => {
  namespace = await cluster.freshNamespace('events')
  const deployment = { kind: 'Deployment', apiVersion: 'apps/v1', name: 'web' }
  const events = [
    event('pod', { kind: 'Pod', apiVersion: 'v1', name: 'web' }, 'of the pod'),
    event('old', { kind: 'Pod', name: 'web' }, 'of a pod, by an old writer'),
    event('deployment', deployment, 'of the deployment', { type: 'Warning' }),
    event(
      'foreign',
      { kind: 'Deployment', apiVersion: 'other.example.org/v1', name: 'web' },
      'of something else',
    ),
    event('secret', { kind: 'Secret', apiVersion: 'v1', name: 'web' }, HELD),
    event('config', { kind: 'ConfigMap', name: 'web' }, HELD),
    event('vault', { kind: 'Secret', apiVersion: 'vault.example.org/v1', name: 'web' }, 'of a foreign kind'),
    ...['z', 'b', 'c'].map((end, index) =>
      event(
        `r${end}`,
        { kind: 'Pod', apiVersion: 'v1', name: `api-7d9f8c6b5-x2k4${end}` },
        `Back-off ${index}0s restarting`,
      ),
    ),
  ]
  await cluster.apply(events.map((one) => JSON.stringify(one)).join('\n---\n'))
  agent = await startAgent(cluster.kubeconfig)
})
afterAll(() => agent?.[Symbol.asyncDispose]())

const ask = (involvedObject?: string) =>
  agent.call('k8s_list_events', { namespace, ...(involvedObject && { involvedObject }) })
const messages = async (involvedObject?: string) =>
  (await ask(involvedObject)).data.items.map(({ message }: { message: string }) => message).sort()

describe('involvedObject', () => {
  it.each(['Pod/web', 'pod/web', 'pods/web', 'po/web', 'PODS/web'])('%s means the pod', async (text) => {
    expect(await messages(text)).toEqual(['of a pod, by an old writer', 'of the pod'])
  })

  it.each(['Deployment/web', 'deploy/web', 'deployments.apps/web', 'Deployment.apps/web'])(
    '%s means the one of apps',
    async (text) => {
      expect(await messages(text)).toEqual(['of the deployment'])
    },
  )

  it('a name alone means all objects of the name, but for what is blocked', async () => {
    expect(await messages('web')).toHaveLength(5)
  })

  it.each([
    ['Nothing/web', 'UNKNOWN_KIND'],
    ['node/web', 'BLOCKED_BY_POLICY'],
    ['Secret/web', 'BLOCKED_BY_POLICY'],
    ['cm/web', 'BLOCKED_BY_POLICY'],
    ['pod/web/log', 'INVALID_INPUT'],
    ['pod/', 'INVALID_INPUT'],
    ['pod/a,involvedObject.kind=Secret', 'INVALID_INPUT'],
  ])('%s: %s', async (text, code) => {
    expect((await ask(text)).data.code).toBe(code)
  })
})

describe('what is said about Secrets and ConfigMaps', () => {
  it('is left out, and that is said', async () => {
    const { whole, data, text } = await ask()
    expect(whole).not.toContain(HELD)
    expect(text).toContain('2 about Secrets or ConfigMaps left out')
    expect(data.events).toBe(8)
  })

  it.each(['Event', 'events.events.k8s.io'])('is left out of a list of the kind %s', async (kind) => {
    const { whole, text, isError } = await agent.call('k8s_list', { kind, namespace })
    expect(isError).toBe(false)
    expect(whole).not.toContain(HELD)
    expect(whole).toContain('of the pod')
    expect(text).toMatch(/\d about Secrets or ConfigMaps left out/)
  })

  it.each(['Event', 'events.events.k8s.io'])('is refused as one object of the kind %s', async (kind) => {
    for (const name of ['secret', 'config']) {
      const { whole, data } = await agent.call('k8s_get', { kind, name, namespace })
      expect(data.code).toBe('BLOCKED_BY_POLICY')
      expect(whole).not.toContain(HELD)
    }
    for (const name of ['pod', 'vault'])
      expect(await agent.code('k8s_get', { kind, name, namespace })).toBe('ok')
  })
})

it('alike ones are merged, warnings first', async () => {
  const { data } = await ask()
  expect(data.items[0].message).toBe('of the deployment')
  expect(data.items).toContainEqual(expect.objectContaining({ object: 'pod/api-*', objects: 3, count: 3 }))
})
