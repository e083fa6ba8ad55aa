import { type Cluster, fillCluster, startCluster } from '@gatehouse/testing'
import { encode } from 'gpt-tokenizer/encoding/o200k_base'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type Running, start } from './harness.ts'

// A cluster of its own: hundreds of pods would slow down every other test.
let cluster: Cluster
let server: Running

beforeAll(async () => {
  cluster = await startCluster()
  await fillCluster(cluster, { pods: 500, events: 1500 })
  server = await start({ KUBECONFIG: cluster.kubeconfig })
}, 300_000)

afterAll(async () => {
  await server?.[Symbol.asyncDispose]()
  await cluster?.stop()
})

async function ask(tool: string, input: object) {
  const { content, structuredContent } = await server.tool(`infra.k8s.${tool}`, input)
  const text: string = content[0].text
  return {
    text,
    data: structuredContent,
    tokens: encode(text).length,
    dataTokens: encode(JSON.stringify(structuredContent)).length,
  }
}

describe('what agents ask, in tokens (o200k)', () => {
  it('images of 500 pods with how many pods each: one call of at most 500', async () => {
    const { data, text, tokens } = await ask('resources.listResources', {
      kind: 'pods',
      namespace: 'load',
      groupBy: ['images'],
    })
    expect(data).toMatchObject({ grouped: 500, total: 57, shown: 57 })
    expect(data.items[0]).toEqual({ images: 'registry.example.com/mesh/proxy:3.1.4', count: 500 })
    const apps = data.items.slice(1).reduce((sum: number, item: { count: number }) => sum + item.count, 0)
    expect(apps).toBe(500)
    expect(text).toContain('catalog:1.0.0')
    expect(tokens).toBeLessThanOrEqual(500)
  })

  it('which node runs the most pods: one call of at most 300', async () => {
    const { data, tokens, dataTokens } = await ask('resources.listResources', {
      kind: 'pods',
      namespace: 'load',
      groupBy: ['node'],
    })
    expect(data.items.reduce((sum: number, item: { count: number }) => sum + item.count, 0)).toBe(500)
    expect(data.items[0].count).toBeGreaterThanOrEqual(167)
    expect(Math.max(tokens, dataTokens)).toBeLessThanOrEqual(300)
  })

  it('overview of 500 pods: at most 2,000, as text and as data', async () => {
    const { data, text, tokens, dataTokens } = await ask('pods.listPods', { namespace: 'load' })
    expect(data).toMatchObject({ total: 500, overview: { unhealthy: 0, status: { Running: 500 } } })
    expect(data.shown).toBeGreaterThanOrEqual(20)
    expect(text).toMatch(/\d+ of 500 shown; continue: "/)
    expect(Math.max(tokens, dataTokens)).toBeLessThanOrEqual(2000)
  })

  it('1,500 events: counted, merged, every warning shown, in at most 2,000', async () => {
    const { data, tokens, dataTokens } = await ask('events.listEvents', { namespace: 'events' })
    expect(data.overview).toMatchObject({ types: { Warning: 900, Normal: 600 }, reasons: { BackOff: 300 } })
    expect(data).toMatchObject({ grouped: 1500, total: 40 })
    // Eight workloads, three kinds of warning; the rows of normal events follow.
    const warnings = data.items.filter((item: { type: string }) => item.type === 'Warning')
    expect(warnings).toHaveLength(24)
    expect(data.items.slice(0, 24)).toEqual(warnings)
    expect(data.items[24].type).toBe('Normal')
    expect(data.continue).toEqual(expect.any(String))
    expect(Math.max(tokens, dataTokens)).toBeLessThanOrEqual(2000)
  })

  it('leaves nothing out when the reply may be longer', async () => {
    const { data } = await ask('events.listEvents', { namespace: 'events', maxTokens: 8000 })
    expect(data.shown).toBe(40)
    expect(data.continue).toBeUndefined()
    const counted = data.items.reduce((sum: number, item: { count: number }) => sum + item.count, 0)
    const planted = Array.from({ length: 1500 }, (_, index) => 1 + (index % 9))
    expect(counted).toBe(planted.reduce((sum, count) => sum + count, 0))
  })
})
