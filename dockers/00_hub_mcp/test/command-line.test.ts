import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { eventually } from '@gatehouse/testing'
import { runToEnd } from '@gatehouse/testing/mcp'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type FaultyServer, startFaulty } from './faulty-server.ts'
import { type RunningHub, startHub } from './harness.ts'

const main = new URL('../../../scripts/hub.ts', import.meta.url).pathname
const folder = mkdtempSync(path.join(tmpdir(), 'gatehouse-hub-cli-'))
const file = path.join(folder, 'hub.yaml')
let one: FaultyServer
let hub: RunningHub

beforeAll(async () => {
  one = await startFaulty(['read', 'otherRead'])
  const registry = {
    version: 1,
    servers: [
      { id: 'one', url: one.url, add: 'a.b' },
      { id: 'away', url: 'http://127.0.0.1:9/mcp', prefixes: ['away'] },
    ],
    pins: { file: path.join(folder, 'pins.json') },
  }
  writeFileSync(path.join(folder, 'pins.json'), '{}')
  writeFileSync(file, JSON.stringify(registry))
  hub = await startHub({ ...registry, pins: undefined })
  await hub.ready('one')
})
afterAll(async () => {
  await hub?.[Symbol.asyncDispose]()
  await one?.[Symbol.asyncDispose]()
  rmSync(folder, { recursive: true })
})

const run = (...args: string[]) =>
  runToEnd({ main, args: [...args, '--file', file, '--url', `${hub.url}/mcp`] })

describe('npm run hub --', () => {
  it('check: tools and tokens per address, who was not asked; 1 for what is wrong', async () => {
    const { code, stdout } = await run('check')
    expect(stdout).toMatch(/^\/mcp +2 tools, about \d+ tokens$/m)
    expect(stdout).toContain('not asked  away: ')
    expect(code).toBe(0)
    one.tools = ['read', 'otherRead', 'x'.repeat(70)]
    const wrong = await run('check', '--json')
    one.tools = ['read', 'otherRead']
    expect([wrong.code, JSON.parse(wrong.stdout).findings]).toMatchObject([1, [{ level: 'error' }]])
  })

  it('check of a file with a mistake names it', async () => {
    const bad = path.join(folder, 'bad.yaml')
    writeFileSync(bad, 'version: 1\nservers:\n  - id: one\n    url: nowhere\n    add: a\n')
    const { code, stderr } = await runToEnd({ main, args: ['check', '--file', bad] })
    expect([code, stderr]).toEqual([
      1,
      'bad.yaml line 4, servers[0].url: expected an http or https URL without credentials\n',
    ])
  })

  it('route: the server and what it calls it there, else the nearest names', async () => {
    for (const name of ['a.b.read', 'a_b_read']) {
      const { stdout } = await run('route', name, '--json')
      expect(JSON.parse(stdout)).toMatchObject({ canonical: 'a.b.read', own: 'read', server: 'one' })
    }
    const wrong = await run('route', 'a.b.raed')
    expect([wrong.code, wrong.stderr]).toEqual([1, expect.stringContaining('did you mean a.b.read')])
    expect((await run('route', 'away.x')).stderr).toContain('its server away is down')
  })

  it('tools and call, through the running hub', async () => {
    expect((await run('tools')).stdout).toMatch(/^a_b_read +A tool with faults$/m)
    expect(await run('call', 'a.b.read', '{"x":1}')).toMatchObject({ code: 0, stdout: 'fine\n' })
    expect(await run('call', 'a.b.nope')).toMatchObject({
      code: 1,
      stderr: expect.stringContaining('no tool'),
    })
    expect((await run('call', 'a.b.read', 'x')).code).toBe(2)
  })

  it('logs: the lines of one id, from standard input or files, in order of time', async () => {
    const line = (time: string, id: string, msg: string) =>
      JSON.stringify({ time, level: 'info', service: 'hub-mcp', correlation_id: id, msg, tool: 'a.b.read' })
    const input = `hub-1  | ${line('2', 'id-1', 'second')}\nhub-1  | ${line('3', 'id-2', 'other')}\nk8s-1 | ${line('1', 'id-1', 'first')}\nnoise id-1\n`
    const { code, stdout } = await runToEnd({ main, args: ['logs', 'id-1'] }, input)
    expect(code).toBe(0)
    expect(stdout.indexOf('first')).toBeLessThan(stdout.indexOf('second'))
    expect(stdout).not.toContain('other')
    expect((await runToEnd({ main, args: ['logs', 'id-9'] }, input)).code).toBe(1)
  })

  it('nothing of others reaches the terminal as it is, and no line ends the reading', async () => {
    const odd = {
      time: { toString: 1 },
      correlation_id: 'id-1',
      msg: '\u001b[2J\u009b1mred',
      err: ['\u001b[0m'],
    }
    const { code, stdout } = await runToEnd({ main, args: ['logs', 'id-1'] }, `${JSON.stringify(odd)}\n`)
    expect([code, stdout]).toEqual([0, expect.stringContaining('\\u001b[2J\\u009b1mred')])
    expect(stdout).not.toMatch(/(?!\n)\p{Cc}/u)
    one.descriptions.read = 'Clears \u001b]0;title\u0007 the screen'
    hub.write({ version: 1, servers: [{ id: 'one', url: one.url, add: 'a.b', queue: 1 }] })
    const shown = await eventually('the new text', async () => {
      const { stdout: listed } = await run('tools')
      return listed.includes('Clears') && listed
    })
    expect(shown).not.toMatch(/(?!\n)\p{Cc}/u)
    delete one.descriptions.read
  })

  it('a token for a name that is none is not made', async () => {
    const { code, stdout } = await run('token', 'ci\n    readonly: false')
    expect([code, stdout]).toEqual([1, ''])
  })

  it('token: what is shown once, and what the registry keeps', async () => {
    const { stdout } = await run('token', 'ci')
    expect(stdout).toMatch(/^[\w-]{43}\n[\s\S]*name: ci\n {4}tokenSha256: [0-9a-f]{64}\n/)
  })

  it('pin refuses while a server does not answer', async () => {
    const { code, stderr } = await run('pin')
    expect([code, stderr]).toEqual([1, 'Nothing was pinned: away did not answer\n'])
  })

  it('anything else is told how', async () => {
    for (const args of [[], ['nope'], ['route'], ['--nope']])
      expect((await runToEnd({ main, args })).code).toBe(2)
    expect((await runToEnd({ main, args: ['--help'] })).stdout).toContain('npm run hub')
  })
})
