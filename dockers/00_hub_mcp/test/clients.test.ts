import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { clientSnippets } from '@gatehouse/testing/client-snippets'
import { connectMcp, type Endpoint, type ServerProcess } from '@gatehouse/testing/mcp'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { K8S, type RunningHub, startHub, startK8s } from './harness.ts'

const root = new URL('../../..', import.meta.url).pathname.replace(/\/$/, '')
const page = readFileSync(path.join(root, 'docs/clients.md'), 'utf8')
const TOKEN = 'token-for-the-client-snippets-0123456789'

// What a desktop session gives a client's programs: no configuration of ours, a foreign folder.
const away = mkdtempSync(path.join(tmpdir(), 'gatehouse-client-'))

let k8s: ServerProcess
let hub: RunningHub
beforeAll(async () => {
  k8s = await startK8s({ MCP_TOKEN: TOKEN })
  hub = await startHub(
    { version: 1, servers: [{ ...K8S, url: `${k8s.url}/mcp`, credentials: 'suite' }] },
    { MCP_TOKEN: TOKEN },
  )
  await hub.ready(K8S.id)
})
afterAll(async () => {
  await hub?.[Symbol.asyncDispose]()
  await k8s?.stop()
  rmSync(away, { recursive: true })
})

const found = clientSnippets(page, { root, server: 'gatehouse', token: TOKEN })
const reached = found.filter(({ entry }) => entry.url)
const started = found.filter(({ entry }) => entry.command)

it('the page has every client over every way it knows', () => {
  expect(found.map(({ title }) => title)).toEqual([
    'Claude Code, Over HTTP, bash',
    'Claude Code, Over HTTP, json',
    'VS Code, Over HTTP, json',
    'Cursor, Over HTTP, json',
    'Codex, Over HTTP, toml',
    'Gemini CLI, Over HTTP, json',
    'Claude Desktop, Over stdio, json',
    'Claude Code, Over stdio, bash',
    'VS Code, Over stdio, json',
    'Cursor, Over stdio, json',
    'Codex, Over stdio, toml',
    'Gemini CLI, Over stdio, json',
  ])
  expect([reached.length, started.length]).toEqual([6, 6])
})

describe('over HTTP', () => {
  it.each(reached)('$title', async ({ entry: { url = '', headers = {} } }) => {
    expect([url, headers.Authorization]).toEqual(['http://127.0.0.1:8000/mcp', `Bearer ${TOKEN}`])
    await lists({ url: `${hub.url}/mcp`, headers })
    // The header is what lets the client in.
    await expect(connectMcp({ url: `${hub.url}/mcp` })).rejects.toThrow()
  })
})

describe('over stdio', () => {
  it.each(started)('$title', async ({ entry: { command = '', args = [], env = {} } }) => {
    const errors: string[] = []
    // The hub of this test is at another address than everybody's, and its token in no file of the repository.
    const here = { HUB_URL: `${hub.url}/mcp`, MCP_TOKEN: TOKEN }
    await lists({
      ...{ command, args, cwd: away },
      env: { PATH: '/usr/bin:/bin', HOME: away, ...here, ...env },
      onStderr: (text) => errors.push(text),
    })
    expect(errors.join('')).toBe('')
  })
})

async function lists(endpoint: Endpoint): Promise<void> {
  for (const sdk of ['v1', 'v2'] as const) {
    const connected = await connectMcp(endpoint, sdk)
    const names = (await connected.tools()).map((tool) => tool.name)
    expect(names).toContain('infra_k8s_pods_listPods')
    for (const name of names) expect(`mcp__gatehouse__${name}`).toMatch(/^[A-Za-z0-9_-]{1,64}$/)
    const { structuredContent } = await connected.call('infra_k8s_pods_listPods')
    expect(structuredContent).toMatchObject({ code: 'NO_CLUSTER' })
    await connected.close()
  }
}
