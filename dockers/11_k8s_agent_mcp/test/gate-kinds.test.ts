import { sharedCluster } from '@gatehouse/testing'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type Agent, readsOf, requestsOf, startAgent } from './harness.ts'

// RBAC would allow everything: these are the administrator's credentials, and only the gate says no.
const cluster = await sharedCluster()
const VALUE = 'Zq7wPlantedSecretValue0123'

let agent: Agent
let namespace: string

beforeAll(async () => {
  namespace = await cluster.freshNamespace('kinds')
  await cluster.apply(
    ['Secret', 'ConfigMap']
      .map((kind) => {
        const data = kind === 'Secret' ? 'stringData' : 'data'
        return `apiVersion: v1\nkind: ${kind}\nmetadata: { name: x, namespace: ${namespace} }\n${data}: { k: ${VALUE} }`
      })
      .join('\n---\n'),
  )
  agent = await startAgent(cluster.kubeconfig)
})
afterAll(() => agent?.[Symbol.asyncDispose]())

const words = ['secret', 'secrets', 'secretlist', 'configmap', 'configmaps', 'configmaplist', 'cm']
const upper = (word: string) => word.toUpperCase()
const mixed = (word: string) => [...word].map((c, at) => (at % 2 ? c.toUpperCase() : c)).join('')
const named = ['Secret', 'ConfigMap', 'SecretList', 'ConfigMapList', 'CM', 'Cm']
const grouped = words.flatMap((word) => [
  `${word}.v1`,
  `${word}.core`,
  `${word}.v1.core`,
  `${word}.example.org`,
])
/** What names one of the two kinds and nothing else. */
const blocked = [...words, ...words.map(upper), ...words.map(mixed), ...named, ...grouped]

const around = (word: string) => [
  ` ${word}`,
  `${word} `,
  `\t${word}`,
  `${word}\n`,
  `${word}\0`,
  `\0${word}`,
  `${word}.`,
  `${word}.v1.`,
  `${word}..`,
  `.${word}`,
  `${word}/x`,
  `${word}/status`,
  `/${word}`,
  `../${word}`,
  `pods/../${word}`,
  `pods,${word}`,
  `${word},pods`,
  `v1/${word}`,
  `api/v1/${word}`,
  `${word}?limit=1`,
  `${word}#`,
  `${word}*`,
  `%73${word.slice(1)}`,
  `${word}%00`,
  `${word[0]} ${word.slice(1)}`,
  `${word[0]}\u200b${word.slice(1)}`,
  `\ufeff${word}`,
  `${word}\u0301`,
  `${word}\u00ad`,
  `${word}\u202e`,
]
const lookAlikes = [
  'ſecret',
  'ſecrets',
  'ſECRETS',
  's\u0435cret',
  'seсrets',
  'ｓｅｃｒｅｔｓ',
  'Ｓecret',
  'secretﬆ',
  'conﬁgmaps',
  'confıgmaps',
  'confİgmaps',
  'с\u043cs',
  'ⅽm',
  'ᶜᵐ',
  '𝐬𝐞𝐜𝐫𝐞𝐭𝐬',
]
const subresources = [
  'pods/log',
  'pods/exec',
  'pods/proxy',
  'pods/status',
  'serviceaccounts/token',
  'services/proxy',
]
/** What is no name of a kind at all. */
const malformed = [
  ...words.slice(0, 2).flatMap(around),
  ...around('cm'),
  ...lookAlikes,
  ...subresources,
  '*',
  ',',
  '.',
]

const asks = (kind: string, more: object = {}): [string, object][] => [
  ['k8s_list', { kind, namespace, ...more }],
  ['k8s_get', { kind, namespace, name: 'x', ...more }],
  ['k8s_delete', { kind, namespace, name: 'x', approved: true, ...more }],
]

describe('Secrets and ConfigMaps', () => {
  it('are refused by each of their names, for each verb, before any request', async () => {
    const ids: string[] = []
    for (const kind of blocked) {
      for (const [tool, input] of [...asks(kind), ...asks(kind, { apiVersion: 'v1' })]) {
        const { id, data, whole } = await agent.call(tool, input)
        ids.push(id)
        expect({ tool, input, code: data.code }).toEqual({ tool, input, code: 'BLOCKED_BY_POLICY' })
        expect(whole).not.toContain(VALUE)
      }
    }
    expect(await requestsOf(cluster, agent, ...ids)).toEqual([])
  })

  it('are not found behind anything that is no plain name', async () => {
    const ids: string[] = []
    for (const kind of malformed) {
      for (const [tool, input] of asks(kind)) {
        const { id, data, whole } = await agent.call(tool, input)
        ids.push(id)
        expect({ tool, input, code: data.code }).toEqual({ tool, input, code: 'INVALID_INPUT' })
        expect(whole).not.toContain(VALUE)
      }
    }
    expect(await requestsOf(cluster, agent, ...ids)).toEqual([])
  })

  it('are not what an event is asked about', async () => {
    const ids: string[] = []
    for (const kind of [...blocked, ...malformed]) {
      const { id, data } = await agent.call('k8s_list_events', { namespace, involvedObject: `${kind}/x` })
      ids.push(id)
      expect({ kind, code: data.code }).toEqual({
        kind,
        code: expect.stringMatching(/^(BLOCKED_BY_POLICY|INVALID_INPUT)$/),
      })
    }
    expect(await requestsOf(cluster, agent, ...ids)).toEqual([])
  })

  it.each([
    'core/v1',
    '/v1',
    'v1/',
    ' v1',
    'v1 ',
    'V1',
    'v1\0',
    'v1\n',
    'api/v1',
    '../api/v1',
    'apps/v1/../../../api/v1',
  ])('are not reached by the apiVersion %j', async (apiVersion) => {
    for (const kind of ['Secret', 'secrets', 'cm']) {
      for (const [tool, input] of asks(kind, { apiVersion })) {
        const { id, data, whole } = await agent.call(tool, input)
        expect(data.code).toMatch(/^(BLOCKED_BY_POLICY|INVALID_INPUT|UNKNOWN_KIND)$/)
        expect(whole).not.toContain(VALUE)
        expect(await readsOf(cluster, agent, id)).toEqual([])
      }
    }
  })

  it.each(['apps/v1', 'batch/v1', 'events.k8s.io/v1', 'metrics.k8s.io/v1beta1', 'v1/v1'])(
    'do not exist in %s, and nothing but discovery is asked',
    async (apiVersion) => {
      for (const [tool, input] of [...asks('Secret', { apiVersion }), ...asks('cm', { apiVersion })]) {
        const { id, data } = await agent.call(tool, input)
        expect(data.code).toBe('UNKNOWN_KIND')
        expect(await readsOf(cluster, agent, id)).toEqual([])
      }
    },
  )

  it('are still there after all that', async () => {
    const names = await cluster.kubectl(['get', 'secret,cm', 'x', '-n', namespace, '-o', 'name'])
    expect(names.trim().split('\n')).toEqual(['secret/x', 'configmap/x'])
  })
})
