import { annotationsOf } from '@gatehouse/policy'
import { type AnyTool, createMcpDoor, fullSchema, safeName, toolset, wireSchema } from '@gatehouse/tools'
import { countTokens } from 'gpt-tokenizer/encoding/o200k_base'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { connectMcp, type McpTestClient } from './mcp-client.ts'
import { postRaw } from './mcp-raw.ts'

export interface ContractOptions {
  name: string
  tools: readonly AnyTool[]
  /** What the longest host puts before a tool's name. */
  hostPrefix?: string
  /** Most o200k tokens of tools/list. */
  tokens?: { all: number; essential: number }
  /** A running server of these tools, for what both doors must agree on. A server with one door has none. */
  start?(): Promise<{ url: string; headers?: Record<string, string>; close(): Promise<unknown> }>
  /** Inputs to compare by, where a tool's own examples do not fit; an empty list leaves the tool out. */
  inputs?: Record<string, Record<string, unknown>[]>
  /** Fields that may differ between two calls, such as ages. */
  volatile?: readonly string[]
}

const HOST_LIMIT = 64
const LONGEST_DESCRIPTION = 140

/** What every server's tools must hold; call it once in a test file of the server. */
export function contractSuite(options: ContractOptions): void {
  describe(`the contract of ${options.name}`, () => {
    nameRules(options)
    describe.each(options.tools.map((tool) => [tool.name, tool] as const))('%s', (_name, tool) =>
      toolRules(tool),
    )
    tokenRules(options)
    if (options.start) doorRules({ ...options, start: options.start })
  })
}

function nameRules({ tools, hostPrefix = 'mcp__gatehouse-k8s__' }: ContractOptions): void {
  it('names are unique, also once they are safe', () => {
    const names = tools.map((tool) => tool.name)
    expect(new Set(names).size).toBe(names.length)
    expect(new Set(names.map((name) => safeName(name).toLowerCase())).size).toBe(names.length)
  })

  it(`safe names fit ${HOST_LIMIT} characters behind ${hostPrefix} and lead back to their tool`, () => {
    for (const { name } of tools) {
      const safe = safeName(name)
      expect(safe).toMatch(/^[A-Za-z][A-Za-z0-9_]*$/)
      expect((hostPrefix + safe).length, safe).toBeLessThanOrEqual(HOST_LIMIT)
      const called = tools.filter((one) => one.name === safe || safeName(one.name) === safe)
      expect(called.map((one) => one.name)).toEqual([name])
    }
  })
}

function toolRules(tool: AnyTool): void {
  const schema = wireSchema(tool.input)

  it('has a portable schema: an object, no combinators at the top, no references', () => {
    expect(schema.type).toBe('object')
    for (const key of ['anyOf', 'oneOf', 'allOf', 'not', 'if', '$ref']) expect(schema).not.toHaveProperty(key)
    expect(JSON.stringify(schema)).not.toContain('"$ref"')
  })

  it('refuses parameters it does not know', () => {
    expect(tool.input.strict().safeParse({ noSuchParameter: 1 }).success).toBe(false)
  })

  it('is described in one short phrase', () => {
    expect(tool.title.length).toBeGreaterThan(2)
    expect(tool.description.length).toBeGreaterThan(5)
    expect(tool.description.length).toBeLessThanOrEqual(LONGEST_DESCRIPTION)
    expect(tool.description).not.toMatch(/[\n.]$|\n/)
  })

  it('has examples, and its own schema takes them', () => {
    expect(tool.examples.length).toBeGreaterThan(0)
    for (const { title, input } of tool.examples) {
      const parsed = tool.input.strict().safeParse(input)
      expect(parsed.error?.issues ?? [], `${tool.name}: ${title}`).toEqual([])
    }
  })

  it('says by annotations what its risk is, and offers GET only for reads', () => {
    const door = createMcpDoor({
      name: '',
      title: '',
      version: '',
      instructions: '',
      tools: [tool],
      invoke: () => Promise.reject(new Error('not called')),
    })
    const [listed] = door.list({ tools: [tool], names: 'safe', caller: '' })
    expect(listed?.annotations).toEqual(annotationsOf(tool.risk))
    expect(listed?.annotations?.readOnlyHint).toBe(tool.risk === 'read')
    if (tool.risk !== 'read') expect(tool.rest?.method).not.toBe('GET')
  })

  it('promises an object', () => {
    expect(fullSchema(tool.output, 'output').type).toBe('object')
  })

  it('names in its REST path only parameters it has', () => {
    const named = [...(tool.rest?.path ?? '').matchAll(/\{(\w+)\}/g)].map((match) => match[1] ?? '')
    for (const name of named) expect(Object.keys(tool.input.shape)).toContain(name)
  })
}

function tokenRules({ tools, tokens = { all: 4000, essential: 1500 } }: ContractOptions): void {
  it(`tools/list costs at most ${tokens.all} tokens, the essential ones ${tokens.essential}`, () => {
    const door = createMcpDoor({
      name: '',
      title: '',
      version: '',
      instructions: '',
      tools,
      invoke: () => Promise.reject(new Error('not called')),
    })
    for (const names of ['safe', 'dotted'] as const) {
      const cost = (set: string) => {
        const short = set === 'essential'
        const listed = door.list({ tools: toolset(tools, set), names, short, caller: '' })
        return countTokens(JSON.stringify({ tools: listed }))
      }
      expect(cost('all'), `all, ${names}`).toBeLessThanOrEqual(tokens.all)
      expect(cost('essential'), `essential, ${names}`).toBeLessThanOrEqual(tokens.essential)
    }
  })
}

type WithDoors = ContractOptions & Required<Pick<ContractOptions, 'start'>>

function doorRules({ tools, start, inputs = {}, volatile = [] }: WithDoors): void {
  describe('MCP and REST', () => {
    let server: Awaited<ReturnType<WithDoors['start']>>
    let client: McpTestClient
    beforeAll(async () => {
      server = await start()
      const { url, headers = {} } = server
      client = await connectMcp({
        url: `${url}/mcp`,
        headers: { ...headers, 'x-correlation-id': 'contract' },
      })
    })
    afterAll(async () => {
      await client?.close()
      await server?.close()
    })

    const cases = tools.flatMap((tool) =>
      (inputs[tool.name] ?? tool.examples.map((example) => example.input)).map(
        (input) => [tool.name, input] as const,
      ),
    )
    it.each(cases)('give the same for %s %j', async (name, input) => {
      const headers = { ...server.headers, 'x-correlation-id': 'contract' }
      const [mcp, rest] = await Promise.all([
        client.call(name, input),
        postRaw(`${server.url}/tools/${name}`, JSON.stringify(input), { headers }),
      ])
      const { type, title, status, ...body } = JSON.parse(rest.text)
      const asSent = mcp.isError ? body : JSON.parse(rest.text)
      expect(without(asSent, volatile)).toEqual(without(mcp.structuredContent, volatile))
      expect(rest.status >= 400).toBe(mcp.isError === true)
      if (mcp.isError)
        expect({ type, title, status }).toEqual({
          type: 'about:blank',
          title: body.message,
          status: rest.status,
        })
    })
  })
}

function without(data: unknown, fields: readonly string[]): unknown {
  return JSON.parse(JSON.stringify(data), (key, value) => (fields.includes(key) ? undefined : value))
}
