import { readFileSync } from 'node:fs'
import { eventually } from '@gatehouse/testing'
import { postModern, runToEnd } from '@gatehouse/testing/mcp'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { RegistryError, readRegistry } from '../src/registry/read.ts'
import { type FaultyServer, startFaulty } from './faulty-server.ts'
import { type RunningHub, startHub } from './harness.ts'

const problems = (text: string): readonly string[] => {
  try {
    readRegistry(text, 'hub.yaml')
    return []
  } catch (error) {
    if (error instanceof RegistryError) return error.problems
    throw error
  }
}
const GOOD = `version: 1
servers:
  - id: k8s
    url: http://127.0.0.1:8008/mcp
    prefixes: [infra.k8s]
  - id: other
    url: http://127.0.0.1:8009/mcp
    add: infra.other
`

describe('a mistake in hub.yaml is named with its line and field', () => {
  it.each([
    [GOOD, []],
    ['', ['hub.yaml: expected a document, but the input is empty']],
    [GOOD.replace('version: 1', 'version: 2'), ['hub.yaml line 1, version: expected 1']],
    [
      GOOD.replace('prefixes: [infra.k8s]', 'prefixs: [infra.k8s]'),
      [
        'hub.yaml line 5, servers[0].prefixs: there is no such field; did you mean prefixes?',
        'hub.yaml line 3, servers[0].prefixes: expected, unless there is add',
      ],
    ],
    [
      GOOD.replace('http://127.0.0.1:8009/mcp', 'http://me:secret@127.0.0.1/mcp'),
      ['hub.yaml line 7, servers[1].url: expected an http or https URL without credentials'],
    ],
    [GOOD.replace('id: other', 'id: k8s'), ['hub.yaml line 6, servers[1].id: this id is there twice']],
    [
      GOOD.replace('add: infra.other', 'add: infra.k8s'),
      ['hub.yaml line 6, servers[1].prefixes: a prefix of this server is there twice'],
    ],
    [
      `${GOOD}    timeout: soon\n`,
      ['hub.yaml line 9, servers[1].timeout: expected a time span such as 500ms, 30s or 2m'],
    ],
    [
      GOOD.replace('    add: infra.other\n', ''),
      ['hub.yaml line 6, servers[1].prefixes: expected, unless there is add'],
    ],
    [`${GOOD}  - id: [`, [expect.stringMatching(/^hub\.yaml line \d+: /)]],
    [`${GOOD}version: 1\n`, [expect.stringMatching(/^hub\.yaml line 9: .*duplicate/)]],
    [
      `${GOOD}callers:\n  - name: ci\n    tokenSha256: abc\n`,
      ['hub.yaml line 11, callers[0].tokenSha256: expected the SHA-256 of the token, 64 hex digits'],
    ],
  ])('%#', (text, expected) => {
    expect(problems(text)).toEqual(expected)
  })

  it('addresses may name variables', () => {
    // biome-ignore lint/suspicious/noTemplateCurlyInString: hub.yaml expands it, not we
    const text = GOOD.replace('http://127.0.0.1:8008/mcp', '${K8S:-http://a/mcp}')
    expect(readRegistry(text, 'f').servers[0]?.url).toBe('http://a/mcp')
    expect(readRegistry(text, 'f', { K8S: 'http://b/mcp' }).servers[0]?.url).toBe('http://b/mcp')
  })

  it('the one beside the program is good', () => {
    const file = new URL('../hub.yaml', import.meta.url)
    expect(readRegistry(readFileSync(file, 'utf8'), 'hub.yaml').servers.map(({ id }) => id)).toEqual([
      '08_k8s_mcp',
      '09_remediation_mcp',
    ])
  })
})

describe('hub.yaml while the hub runs', () => {
  let one: FaultyServer
  let two: FaultyServer
  let hub: RunningHub
  const entry = (id: string, { url }: FaultyServer, more = {}) => ({ id, url, prefixes: [id], ...more })

  beforeAll(async () => {
    one = await startFaulty(['one.read'])
    two = await startFaulty(['two.read'])
    hub = await startHub({ version: 1, servers: [entry('one', one)] })
    await hub.ready('one')
  })
  afterAll(async () => {
    await hub?.[Symbol.asyncDispose]()
    await one?.[Symbol.asyncDispose]()
    await two?.[Symbol.asyncDispose]()
  })
  const call = (name: string) => postModern(`${hub.url}/mcp`, 'tools/call', { name, arguments: {} })

  it('a server that is added is there at once, and a call under way is not cut off', async () => {
    one.fault = { slowMs: 1_200 }
    const slow = call('one.read')
    await eventually('it arrives', async () => one.calls.length > 0)
    hub.write({ version: 1, servers: [entry('one', one, { timeout: '20s' }), entry('two', two)] })
    await hub.ready('one', 'two')
    expect((await call('two.read')).message?.result).toMatchObject({ structuredContent: { fine: true } })
    expect((await slow).message?.result).toMatchObject({ structuredContent: { fine: true } })
    one.fault = 'none'
  })

  it('another limit for a server fails none of its calls', async () => {
    hub.write({ version: 1, servers: [entry('one', one, { inFlight: 9 }), entry('two', two)] })
    const loaded = () => hub.process.logs.filter(({ msg }) => msg === 'registry loaded').length
    const before = loaded()
    while (loaded() === before) {
      expect((await call('one.read')).message?.result).toMatchObject({ structuredContent: { fine: true } })
    }
    for (let count = 0; count < 20; count++) {
      expect((await call('one.read')).message?.result).toMatchObject({ structuredContent: { fine: true } })
    }
  })

  it('a mistake leaves the last good one in force and is told in health and log', async () => {
    hub.write('version: 1\nservers: []\n')
    await eventually('told', async () => (await hub.health()).registry !== undefined)
    expect(await hub.health()).toMatchObject({
      state: 'degraded',
      registry: expect.stringContaining('hub.yaml line 2, servers: '),
    })
    expect((await call('one.read')).message?.result).toMatchObject({ structuredContent: { fine: true } })
    expect(await hub.process.logged(({ level }) => level === 'error')).toMatchObject({
      err: expect.stringContaining('line 2'),
    })
    hub.write({ version: 1, servers: [entry('one', one), entry('two', two, { enabled: false })] })
    await eventually('healed', async () => (await hub.health()).state === 'healthy')
    expect((await call('two.read')).message?.error?.message).toContain('its server two is disabled')
  })
})

it('a start with a mistake ends with 2 and names it', async () => {
  const main = new URL('../src/main.ts', import.meta.url).pathname
  const ended = await runToEnd({ main, env: { HUB_FILE: '/nonexistent/hub.yaml' } })
  expect([ended.code, ended.stderr]).toEqual([
    2,
    'hub.yaml: the file cannot be read (ENOENT)\nSee --help for the settings.\n',
  ])
})
