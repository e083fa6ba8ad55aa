import { describe, expect, it } from 'vitest'
import { buildCatalogue } from '../src/catalogue/catalogue.ts'
import type { Listing } from '../src/catalogue/listing.ts'
import { lint } from '../src/lint/lint.ts'
import { readRegistry } from '../src/registry/read.ts'

const registry = readRegistry(
  JSON.stringify({ version: 1, servers: [{ id: 'one', url: 'http://127.0.0.1:1/mcp', prefixes: ['*'] }] }),
  'hub.yaml',
)
const offering = (...names: string[]) => {
  const tools = names.map((name) => ({
    name,
    description: 'A tool',
    inputSchema: { type: 'object' as const },
  }))
  const listing = {
    version: '',
    instructions: '',
    capabilities: { tools: {} },
    tools,
    prompts: [],
    resources: [],
  }
  return buildCatalogue(
    registry,
    new Map([['one', { ...listing, templates: [], digest: '' } satisfies Listing]]),
  )
}
const whats = (...names: string[]) =>
  lint(offering(...names)).findings.map(({ level, what }) => `${level} ${what}`)

describe('the linter', () => {
  it('has nothing to say about names that fit everywhere', () => {
    expect(whats('infra.k8s.pods.listPods', 'infra.k8s.pods.getPod')).toEqual([])
  })

  it('measures names with what hosts put in front of them', () => {
    const name = `a.${'b'.repeat(46)}`
    expect(whats(name)).toEqual([])
    expect(whats(`${name}b`)).toEqual([
      expect.stringMatching(
        /^error a_b+: 65 characters as mcp__gatehouse__a_b+, at most 64 \(Claude Code\)$/,
      ),
    ])
  })

  it('finds names that are refused and those that look like a separator', () => {
    expect(whats('a.x-y')).toEqual([
      expect.stringContaining('a_x-y: has characters that are refused (Cursor)'),
      expect.anything(),
    ])
    expect(whats('a._b')).toEqual(['warning a__b: hosts use __ as their own separator'])
    expect(whats('a.ü')).toEqual(['error one: a.ü has characters that hosts refuse'])
  })

  it('counts tools and tokens per address, and names who would not take them', () => {
    const names = Array.from(
      { length: 60 },
      (_, index) => `infra.${index < 45 ? 'k8s' : 'other'}.tool${index}`,
    )
    const { endpoints, findings } = lint(offering(...names))
    const told = endpoints.map(({ path, tools, tooManyFor }) => [path, tools, tooManyFor.length])
    expect(told).toEqual([
      ['/mcp', 60, 2],
      ['/mcp/names/dotted', 60, 2],
      ['/mcp/readonly', 0, 0],
      ['/mcp/infra', 60, 2],
      ['/mcp/infra.k8s', 45, 1],
      ['/mcp/infra.other', 15, 0],
    ])
    expect(endpoints[0]?.tokens).toBeGreaterThan(1_000)
    expect(findings.every(({ level }) => level === 'warning')).toBe(true)
    expect(findings.map(({ what }) => what)).toContain(
      '/mcp has 60 tools, more than Antigravity takes; use a scoped address',
    )
  })
})
