import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { clientSnippets } from '@gatehouse/testing/client-snippets'
import {
  connectMcp,
  type Endpoint,
  type McpTestClient,
  type ServerProcess,
  startServer,
} from '@gatehouse/testing/mcp'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'

const root = new URL('../../..', import.meta.url).pathname.replace(/\/$/, '')
const page = readFileSync(path.join(root, 'docs/clients.md'), 'utf8')
const TOKEN = 'token-for-the-client-snippets-0123456789'

// What a desktop session gives a client's programs: no configuration of ours, no kubeconfig, a foreign folder.
const away = mkdtempSync(path.join(tmpdir(), 'gatehouse-client-'))
const desktop = { PATH: '/usr/bin:/bin', HOME: away }

let server: ServerProcess
beforeAll(async () => {
  server = await startServer({
    main: path.join(root, 'dockers/08_k8s_mcp/src/main.ts'),
    env: { MCP_TOKEN: TOKEN },
  })
})
afterAll(async () => {
  await server?.stop()
  rmSync(away, { recursive: true })
})

const found = clientSnippets(page, { root, server: 'gatehouse-k8s', token: TOKEN })
const started = found.filter(({ entry }) => entry.command?.startsWith('/'))
const reached = found.filter(({ entry }) => entry.url)

it('the page has this server over both ways', () => {
  expect(found.map(({ title }) => title)).toEqual([
    'Claude Desktop, One server alone, json',
    'Claude Code, One server alone, bash',
    'Claude Code, One server alone, json',
  ])
  expect([started.length, reached.length]).toEqual([2, 1])
})

describe('over stdio', () => {
  it.each(started)('$title', async ({ entry }) => {
    const { command = '', args = [], env = {} } = entry
    const errors: string[] = []
    const endpoint = {
      command,
      args,
      env: { ...desktop, ...env },
      cwd: away,
      onStderr: (text: string) => errors.push(text),
    }
    await lists(endpoint)
    for (const line of errors.join('').split('\n').filter(Boolean))
      expect(() => JSON.parse(line), line).not.toThrow()
  })
})

describe('over HTTP', () => {
  it.each(reached)('$title', async ({ entry }) => {
    const { url = '', headers = {} } = entry
    expect(headers.Authorization).toBe(`Bearer ${TOKEN}`)
    await lists({ url: url.replace('http://127.0.0.1:8008', server.url), headers })
    // The header is what lets the client in.
    await expect(connectMcp({ url: url.replace('http://127.0.0.1:8008', server.url) })).rejects.toThrow()
  })
})

async function lists(endpoint: Endpoint): Promise<void> {
  for (const sdk of ['v1', 'v2'] as const) {
    const connected: McpTestClient = await connectMcp(endpoint, sdk)
    const names = (await connected.tools()).map((tool) => tool.name)
    expect(names).toContain('infra_k8s_pods_listPods')
    for (const name of names) expect(`mcp__gatehouse-k8s__${name}`).toMatch(/^[A-Za-z0-9_-]{1,64}$/)
    expect((await connected.call('infra_k8s_pods_listPods')).structuredContent).toMatchObject({
      code: 'NO_CLUSTER',
    })
    await connected.close()
  }
}
