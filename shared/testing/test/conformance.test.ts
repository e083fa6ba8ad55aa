import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { createRequire } from 'node:module'
import { createInterface } from 'node:readline'
import { stripVTControlCharacters } from 'node:util'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'

const folder = new URL('../conformance/', import.meta.url).pathname
const { resolve } = createRequire(import.meta.url)

let fixture: ChildProcess
let url = ''

beforeAll(async () => {
  fixture = spawn(process.execPath, [`${folder}server.ts`], { stdio: ['ignore', 'pipe', 'inherit'] })
  if (!fixture.stdout) throw new Error('no stdout')
  const [line] = await once(createInterface({ input: fixture.stdout }), 'line')
  url = line
})
afterAll(() => fixture?.kill())

describe('the official conformance suites pass against our host and door', () => {
  it('2026-07-28: every required scenario', async () => {
    const { code, text } = await referee('mcp-conformance-2026', ['--requirements', '2026-07-28'])
    const scenarios = passed(text)
    const unscored = [...text.matchAll(/^ {2}[✓✗] (\S+) \((?:extension|pending|added-after-release)\)$/gm)]
    const required = scenarios.filter((name) => !unscored.some((match) => match[1] === name))
    expect(text).toContain('=== SUMMARY ===')
    // The revision requires 37; a referee that ran fewer has proved nothing.
    expect(required).toHaveLength(37)
    expect(code, text.slice(-3000)).toBe(0)
  })

  it('2025-11-25: all but the named scenarios that need a session', async () => {
    const expected = `${folder}expected-failures-2025-11-25.yml`
    const args = ['--suite', 'all', '--expected-failures', expected]
    const { code, text } = await referee('mcp-conformance-2025', args)
    expect(passed(text).length).toBeGreaterThanOrEqual(24)
    expect(code, text.slice(-3000)).toBe(0)
  })
})

function passed(text: string): string[] {
  return [...text.matchAll(/^✓ (\S+): \d+ passed, 0 failed$/gm)].map((match) => match[1] ?? '')
}

async function referee(name: string, args: string[]): Promise<{ code: number | null; text: string }> {
  const script = resolve(`${name}/dist/index.js`)
  const child = spawn(process.execPath, [script, 'server', '--url', url, ...args], { stdio: 'pipe' })
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
