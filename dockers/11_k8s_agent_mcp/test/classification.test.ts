import { sharedCluster } from '@gatehouse/testing'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type Agent, startAgent } from './harness.ts'

const cluster = await sharedCluster()
let agent: Agent
let namespace: string
const note = (text: string) => `annotations: { note: "${text}" }`

beforeAll(async () => {
  namespace = await cluster.freshNamespace('classes')
  const lease = (name: string, more: string) =>
    `apiVersion: coordination.k8s.io/v1\nkind: Lease\nmetadata: { name: ${name}, namespace: ${namespace}, ${more} }\nspec: {}`
  const pod = (name: string) =>
    `apiVersion: v1\nkind: Pod\nmetadata: { name: ${name}, namespace: ${namespace} }\nspec: { containers: [{ name: app, image: i }] }`
  const event = (name: string, message: string) =>
    `apiVersion: v1\nkind: Event\nmetadata: { name: ${name}, namespace: ${namespace} }\ninvolvedObject: { kind: Pod, apiVersion: v1, name: ${name}, namespace: ${namespace} }\nmessage: ${message}\nreason: R\ntype: Normal`
  await cluster.apply(
    [
      ...[
        lease('plain', note('nothing')),
        lease('secret', note('password=Zq7wClassified0123')),
        lease('gone', note('x')),
      ],
      ...[
        pod('plain'),
        pod('secret'),
        event('plain', 'nothing'),
        event('secret', 'password=Zq7wClassified0123'),
      ],
    ].join('\n---\n'),
  )
  for (const name of ['plain', 'secret'])
    await cluster.kubectl(['wait', '-n', namespace, `pod/${name}`, '--for=condition=Ready', '--timeout=60s'])
  await cluster.writeLog(namespace, 'plain', 'app', 'nothing\n')
  await cluster.writeLog(namespace, 'secret', 'app', 'password=Zq7wClassified0123\n')
  agent = await startAgent(cluster.kubeconfig)
})
afterAll(() => agent?.[Symbol.asyncDispose]())

const cases: [string, string, object][] = [
  // The program's own words only.
  ['public', 'k8s_list', { kind: 'Secret' }],
  ['public', 'k8s_get', { kind: 'Lease', name: '../x' }],
  ['public', 'k8s_list_events', { involvedObject: 'secret/x' }],
  ['public', 'k8s_pod_logs', { name: 'plain', tailLines: 9_999 }],
  ['public', 'k8s_delete', { kind: 'Lease', name: 'plain' }],
  ['public', 'k8s_delete', { kind: 'pvc', name: 'x', approved: true }],
  // Something of a cluster.
  ['internal', 'k8s_list', { kind: 'ServiceAccount' }],
  ['internal', 'k8s_list', { kind: 'Leese' }],
  ['internal', 'k8s_list', { kind: 'PriorityLevelConfiguration' }],
  ['internal', 'k8s_get', { kind: 'Lease', name: 'plain' }],
  ['internal', 'k8s_get', { kind: 'Lease', name: 'absent' }],
  ['internal', 'k8s_list_events', { involvedObject: 'pod/plain' }],
  ['internal', 'k8s_pod_logs', { name: 'plain' }],
  ['internal', 'k8s_pod_logs', { name: 'absent' }],
  ['internal', 'k8s_delete', { kind: 'Lease', name: 'gone', approved: true }],
  ['internal', 'k8s_delete', { kind: 'Lease', name: 'absent', approved: true }],
  // Something was taken out.
  ['sensitive-redacted', 'k8s_get', { kind: 'Lease', name: 'secret' }],
  ['sensitive-redacted', 'k8s_list', { kind: 'Event' }],
  ['sensitive-redacted', 'k8s_list_events', {}],
  ['sensitive-redacted', 'k8s_list_events', { involvedObject: 'pod/secret' }],
  ['sensitive-redacted', 'k8s_pod_logs', { name: 'secret' }],
  ['sensitive-redacted', 'k8s_list', { kind: 'Lease', 'password=Zq7wClassified0123': 1 }],
]

describe('every reply carries its class', () => {
  it.each(cases)('%s: %s %j', async (wanted, tool, input) => {
    const { data, text, whole } = await agent.call(tool, { namespace, ...input })
    expect(whole).not.toContain('Zq7wClassified')
    if (wanted === 'sensitive-redacted' && data.code) {
      // A name that is no word is not repeated at all, which leaves nothing to take out.
      expect(data.classification).toMatch(/^(public|sensitive-redacted)$/)
      return
    }
    expect(data.classification).toBe(wanted)
    expect(text.split('\n')[0]).toBe(`classification: ${wanted}`)
    expect(Object.keys(data)[0]).toBe('classification')
  })
})

it('where masking took something out that is not shown, the higher one', async () => {
  const { data, whole } = await agent.call('k8s_list', { kind: 'Lease', namespace })
  expect(data.classification).toBe('sensitive-redacted')
  expect(whole).not.toContain('[redacted:')
})

it('without a cluster too', async () => {
  await using other = await startAgent('/nonexistent/nowhere')
  const { data } = await other.call('k8s_list', { kind: 'Pod', namespace })
  expect([data.code, data.classification]).toEqual(['NO_CLUSTER', 'internal'])
})
