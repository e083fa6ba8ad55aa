import { sharedCluster } from '@gatehouse/testing'
import { Client, StreamableHTTPClientTransport } from '@modelcontextprotocol/client'
import { Client as FirstClient } from '@modelcontextprotocol/sdk/client/index.js'
import { StreamableHTTPClientTransport as FirstHttp } from '@modelcontextprotocol/sdk/client/streamableHttp.js'
import { countTokens } from 'gpt-tokenizer/encoding/o200k_base'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { topics } from '../../src/documentation/topics.ts'
import { templates } from '../../src/templates/index.ts'
import { type Running, start } from '../harness.ts'

let server: Running
beforeAll(async () => {
  const { kubeconfig } = await sharedCluster()
  server = await start({ KUBECONFIG: kubeconfig })
})
afterAll(() => server[Symbol.asyncDispose]())

// biome-ignore lint/suspicious/noExplicitAny: both generations of the client have these methods
const clients: Record<string, () => Promise<any>> = {
  'SDK v1': async () => {
    const client = new FirstClient({ name: 'test', version: '1' })
    await client.connect(new FirstHttp(new URL(`${server.url}/mcp`)) as never)
    return client
  },
  'SDK v2': async () => {
    const client = new Client({ name: 'test', version: '1' })
    await client.connect(new StreamableHTTPClientTransport(new URL(`${server.url}/mcp`)))
    return client
  },
  'SDK v2 at 2026-07-28': async () => {
    const client = new Client(
      { name: 'test', version: '1' },
      { versionNegotiation: { mode: { pin: '2026-07-28' } } },
    )
    await client.connect(new StreamableHTTPClientTransport(new URL(`${server.url}/mcp`)))
    return client
  },
}

for (const [name, connect] of Object.entries(clients)) {
  it(`${name} lists, reads and completes resources`, async () => {
    const client = await connect()
    const { resources } = await client.listResources()
    expect(resources.length).toBe((await topics()).length + (await templates()).length)
    const { resourceTemplates } = await client.listResourceTemplates()
    expect(resourceTemplates.map((one: { uriTemplate: string }) => one.uriTemplate)).toEqual([
      'docs://{topic}',
      'template://{name}',
      'api://{group}/{version}/{kind}',
    ])
    const text = async (uri: string) => (await client.readResource({ uri })).contents[0].text as string
    expect(await text('docs://probes')).toMatch(/^# Probes\n/)
    expect(await text('template://deployment?replicas=7')).toContain('replicas: 7')
    expect(await text('api://apps/v1/Deployment?field=spec.strategy')).toContain('rollingUpdate')
    const values = async (uri: string, argument: string, value: string, chosen?: Record<string, string>) => {
      const context = chosen ? { context: { arguments: chosen } } : {}
      const ref = { type: 'ref/resource', uri }
      const { completion } = await client.complete({ ref, argument: { name: argument, value }, ...context })
      return completion.values as string[]
    }
    expect(await values('docs://{topic}', 'topic', 'pro')).toContain('probes')
    expect(await values('template://{name}', 'name', 'deploy')).toEqual(['deployment'])
    const api = 'api://{group}/{version}/{kind}'
    expect(await values(api, 'group', 'app')).toContain('apps')
    expect(await values(api, 'kind', 'Dep', { group: 'apps', version: 'v1' })).toEqual(['Deployment'])
    await client.close()
  })
}

describe('reading', () => {
  const read = (uri: string) => server.rpc('resources/read', { uri })

  it('stays within the budget of a reply, whatever is read', async () => {
    const { resources } = await server.rpc('resources/list')
    const uris = [
      ...resources.map((one: { uri: string }) => one.uri),
      'api://core/v1/Pod',
      'api://core/v1/Pod?field=spec',
      'api://core/v1/Pod?field=spec.containers',
      'api://apps/v1/StatefulSet?field=spec',
    ]
    for (const uri of uris) {
      const { contents } = await read(uri)
      expect(countTokens(contents[0].text), uri).toBeLessThanOrEqual(4_000)
    }
  })

  it('names the nearest for what is not there', async () => {
    for (const [uri, near] of [
      ['docs://prob', 'probes'],
      ['template://deploymnt', 'deployment'],
      ['api://apps/v1/Deploymint', 'Deployment'],
      ['doc://probes', 'docs://'],
      ['template://deployment?replica=3', 'replicas'],
      ['docs://../../package', 'resources/list'],
    ] as const) {
      const error = await read(uri)
      expect([-32002, -32602], uri).toContain(error.code)
      if (!uri.includes('..')) expect(error.message).toContain(near)
    }
  })

  it('fences what the cluster says of its kinds, as data', async () => {
    const { contents } = await read('api://core/v1/Pod')
    expect(contents[0].text).toMatch(/API reference/)
  })
})

describe('the search tool', () => {
  it('finds what can then be read', async () => {
    const { structuredContent, content } = await server.tool('infra.k8s.docs.search', { query: 'crash loop' })
    const [first] = structuredContent.items
    expect(first).toMatchObject({ kind: 'topic', resource: 'docs://crash-loop' })
    expect(content[0].text).toContain('docs://crash-loop')
    const { contents } = await server.rpc('resources/read', { uri: first.resource })
    expect(contents[0].text).toMatch(/^# Crash loops/)
  })

  it('is bounded and says how much there is', async () => {
    const { structuredContent, content } = await server.tool('infra.k8s.docs.search', {
      query: 'pod',
      limit: 50,
      maxTokens: 400,
    })
    expect(structuredContent.shown).toBeLessThan(structuredContent.total)
    expect(countTokens(content[0].text)).toBeLessThanOrEqual(480)
  })
})
