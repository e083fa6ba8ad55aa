import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { createRequire } from 'node:module'
import { createInterface } from 'node:readline'
import { stripVTControlCharacters } from 'node:util'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { type RunningHub, startHub } from './harness.ts'

const fixtures = new URL('../../../shared/testing/conformance/', import.meta.url).pathname
const { resolve } = createRequire(import.meta.url)

let fixture: ChildProcess
let hub: RunningHub

beforeAll(async () => {
  fixture = spawn(process.execPath, [`${fixtures}server.ts`], { stdio: ['ignore', 'pipe', 'inherit'] })
  if (!fixture.stdout) throw new Error('no stdout')
  const [url] = await once(createInterface({ input: fixture.stdout }), 'line')
  hub = await startHub({ version: 1, servers: [{ id: 'fixtures', url, prefixes: ['*'] }] })
  await hub.ready('fixtures')
})
afterAll(async () => {
  await hub?.[Symbol.asyncDispose]()
  fixture?.kill()
})

// The same suites, numbers and named exceptions as directly: shared/testing/test/conformance.test.ts.
it('2026-07-28 through the hub: every required scenario', async () => {
  const { code, text } = await referee('mcp-conformance-2026', ['--requirements', '2026-07-28'])
  const scenarios = passed(text)
  const unscored = [...text.matchAll(/^ {2}[✓✗] (\S+) \((?:extension|pending|added-after-release)\)$/gm)]
  const required = scenarios.filter((name) => !unscored.some((match) => match[1] === name))
  expect(text).toContain('=== SUMMARY ===')
  expect(required, text.slice(-6000)).toHaveLength(37)
  expect(code, text.slice(-3000)).toBe(0)
})

it('2025-11-25 through the hub: all but the named scenarios that need a session', async () => {
  const expected = `${fixtures}expected-failures-2025-11-25.yml`
  const args = ['--suite', 'all', '--expected-failures', expected]
  const { code, text } = await referee('mcp-conformance-2025', args)
  expect(passed(text).length).toBeGreaterThanOrEqual(24)
  expect(code, text.slice(-3000)).toBe(0)
})

function passed(text: string): string[] {
  return [...text.matchAll(/^✓ (\S+): \d+ passed, 0 failed$/gm)].map((match) => match[1] ?? '')
}

async function referee(name: string, args: string[]): Promise<{ code: number | null; text: string }> {
  const script = resolve(`${name}/dist/index.js`)
  const child = spawn(process.execPath, [script, 'server', '--url', `${hub.url}/mcp`, ...args], {
    stdio: 'pipe',
  })
  let text = ''
  child.stdout.on('data', (chunk) => {
    text += chunk
  })
  child.stderr.on('data', (chunk) => {
    text += chunk
  })
  const [code] = await once(child, 'close')
  return { code, text: stripVTControlCharacters(text) }
}
