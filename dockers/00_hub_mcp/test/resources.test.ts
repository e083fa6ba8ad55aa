import type { ServerProcess } from '@gatehouse/testing/mcp'
import { Client, StreamableHTTPClientTransport } from '@modelcontextprotocol/client'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { K8S, type RunningHub, startHub, startK8s } from './harness.ts'

let k8s: ServerProcess
let hub: RunningHub
beforeAll(async () => {
  k8s = await startK8s({ KUBECONFIG: '/nowhere' })
  hub = await startHub({ version: 1, servers: [{ ...K8S, url: `${k8s.url}/mcp` }] })
  await hub.ready(K8S.id)
})
afterAll(async () => {
  await hub?.[Symbol.asyncDispose]()
  await k8s?.stop()
})

describe.each([
  ['2025-11-25', {}],
  ['2026-07-28', { versionNegotiation: { mode: { pin: '2026-07-28' } } }],
] as const)('what 08 knows, through the hub in %s', (_revision, options) => {
  it('is listed, read, completed and searched', async () => {
    const client = new Client({ name: 'test', version: '1' }, options)
    await client.connect(new StreamableHTTPClientTransport(new URL(`${hub.url}/mcp`)))
    const { resources } = await client.listResources()
    expect(resources.map((one) => one.uri)).toContain('docs://probes')
    const { resourceTemplates } = await client.listResourceTemplates()
    expect(resourceTemplates.map((one) => one.uriTemplate)).toContain('api://{group}/{version}/{kind}')
    for (const [uri, begins] of [
      ['docs://probes', '# Probes'],
      ['template://deployment?replicas=4', 'apiVersion: apps/v1'],
      ['api://apps/v1/Deployment?field=spec.strategy', ''],
    ] as const) {
      const { contents } = await client.readResource({ uri })
      expect((contents[0] as { text: string }).text.startsWith(begins), uri).toBe(true)
    }
    const { completion } = await client.complete({
      ref: { type: 'ref/resource', uri: 'docs://{topic}' },
      argument: { name: 'topic', value: 'pro' },
    })
    expect(completion.values).toContain('probes')
    await expect(client.readResource({ uri: 'docs://prob' })).rejects.toThrow(/probes/)
    const { structuredContent } = await client.callTool({
      name: 'infra_k8s_docs_search',
      arguments: { query: 'crash loop' },
    })
    expect(structuredContent).toMatchObject({
      items: expect.arrayContaining([expect.objectContaining({ resource: 'docs://crash-loop' })]),
    })
    await client.close()
  })
})
