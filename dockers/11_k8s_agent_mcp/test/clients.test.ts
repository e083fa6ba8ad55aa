import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { clientSnippets } from '@gatehouse/testing/client-snippets'
import { connectMcp } from '@gatehouse/testing/mcp'
import { afterAll, expect, it } from 'vitest'

const root = new URL('../../..', import.meta.url).pathname.replace(/\/$/, '')
const page = readFileSync(new URL('../README.md', import.meta.url), 'utf8')
const found = clientSnippets(page, { root, server: 'k8s-agent' })

// What a desktop session gives a client's programs: no configuration of ours, no kubeconfig, a foreign folder.
const away = mkdtempSync(path.join(tmpdir(), 'gatehouse-agent-client-'))
afterAll(() => rmSync(away, { recursive: true }))

it('the README has every client', () => {
  expect(found.map(({ title }) => title.split(',')[0])).toEqual([
    'Claude Desktop',
    'Claude Code',
    'VS Code',
    'Cursor',
  ])
})

it.each(found)('$title starts it exactly as written', async ({ entry }) => {
  const { command = '', args = [], env = {} } = entry
  for (const sdk of ['v1', 'v2'] as const) {
    const endpoint = { command, args, cwd: away, env: { PATH: '/usr/bin:/bin', HOME: away, ...env } }
    const client = await connectMcp(endpoint, sdk)
    expect(await client.tools()).toHaveLength(5)
    const reply = await client.call('k8s_list', { kind: 'Pod', namespace: 'shop' })
    expect(reply.structuredContent).toMatchObject({ code: 'NO_CLUSTER' })
    await client.close()
  }
})
