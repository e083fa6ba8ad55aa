import { type ClusterHandle, sharedCluster } from '@gatehouse/testing'
import { loadAll } from 'js-yaml'
import { lexer, type Token, type Tokens } from 'marked'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { GROUPS } from '../../src/documentation/topic.ts'
import { topics } from '../../src/documentation/topics.ts'
import { type DryRun, dryRunAgainst, type Json } from '../templates/dry-run.ts'

const ALL = await topics()

const codes = (tokens: readonly Token[]): Tokens.Code[] =>
  tokens.flatMap((token) => (token.type === 'code' ? [token as Tokens.Code] : []))

let cluster: ClusterHandle
let api: DryRun

beforeAll(async () => {
  cluster = await sharedCluster()
  api = await dryRunAgainst(cluster.kubeconfig, await cluster.freshNamespace('topics'))
})

afterAll(() => cluster.kubectl(['delete', 'namespace', api.namespace, '--wait=false']))

it('there are at least forty, in five groups', () => {
  expect(ALL.length).toBeGreaterThanOrEqual(40)
  expect([...new Set(ALL.map((topic) => topic.group))]).toEqual([...GROUPS])
})

describe('every whole manifest of a topic is accepted by the API server', () => {
  for (const topic of ALL) {
    const manifests = codes(lexer(topic.body)).filter((one) => one.lang === 'yaml')
    if (manifests.length === 0) continue
    it(topic.name, async () => {
      const objects = manifests.flatMap(({ text }) => loadAll(text) as Json[])
      expect(objects.length).toBeGreaterThan(0)
      const made = objects.filter(({ kind }) => kind === 'Namespace').map(({ metadata }) => metadata.name)
      for (const object of objects) {
        // A namespace that the manifest makes is not there in a dry run.
        const known = made.includes(object.metadata.namespace) || object.metadata.namespace === 'shop'
        const here = known
          ? { ...object, metadata: { ...object.metadata, namespace: api.namespace } }
          : object
        const { status, body } = await api.apply(here)
        expect([status, body.message].slice(0, status < 300 ? 1 : 2)).toEqual([expect.toBeOneOf([200, 201])])
      }
    })
  }
})
