import { createFixture } from '@gatehouse/testing/mcp'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { type AnyTool, createMcpDoor, defineTool, safeName, toolset, toolsets } from '../src/index.ts'
import { nameTable } from '../src/names.ts'

const { tools, invoke } = createFixture()
const [first] = tools as [AnyTool]
const called = (name: string): AnyTool => ({ ...first, name })
const segment = fc.stringMatching(/^[a-z][A-Za-z0-9]{0,6}$/)
const dotted = fc.array(segment, { minLength: 2, maxLength: 4 }).map((parts) => parts.join('.'))

describe('the table of names', () => {
  it('finds every tool by both its names, and never another', () => {
    fc.assert(
      fc.property(fc.uniqueArray(dotted, { minLength: 1, maxLength: 20 }), (names) => {
        const table = nameTable(names.map(called))
        for (const name of names) {
          expect(table.get(name)?.name).toBe(name)
          expect(table.get(safeName(name))?.name).toBe(name)
          expect(safeName(name)).toMatch(/^[A-Za-z][A-Za-z0-9_]*$/)
        }
        expect(table.size).toBe(names.length * 2)
      }),
    )
  })

  it('refuses two tools that would share a name', () => {
    expect(() => nameTable([called('a.b'), called('a.b')])).toThrow('two tools are called "a.b"')
    expect(() => nameTable([called('a.b.c'), called('a.b_c')])).toThrow('two tools are called "a_b_c"')
    expect(() => createMcpDoor({ ...info, tools: [called('a.b'), called('a.b')], invoke })).toThrow(
      'two tools',
    )
  })
})

describe('defineTool', () => {
  it.each([
    'nodots',
    'A.b',
    'a.b_c',
    'a..b',
    'a.b-c',
    'a.b c',
    '.a.b',
    'a.b.',
    'a.1b',
    `a.${'b'.repeat(44)}`,
    '',
  ])('refuses the name %j', (name) => expect(() => defineTool(called(name))).toThrow(/dotted camelCase/))
  it('takes a name of 45 characters', () => {
    expect(defineTool(called(`a.${'b'.repeat(43)}`)).name).toHaveLength(45)
  })
})

describe('toolsets', () => {
  const names = (set: string) => toolset(tools, set).map((tool) => tool.name)
  it.each([
    ['all', 7],
    ['readonly', 6],
    ['essential', 1],
    ['test', 7],
    ['test.fail', 3],
    ['test_fail', 3],
    ['test.echo.say', 1],
    ['test.ech', 0],
    ['', 0],
    ['.', 0],
    ['Test', 0],
    ['__proto__', 0],
  ])('%j has %i tools', (set, number) => expect(names(set)).toHaveLength(number))

  it('readonly holds reads only', () => {
    expect(toolset(tools, 'readonly').every((tool) => tool.risk === 'read')).toBe(true)
  })
  it('several are joined without doubles, in the order of the tools', () => {
    const joined = toolsets(tools, ['test.wait', 'test.echo', 'essential']).map((tool) => tool.name)
    expect(joined).toEqual(['test.echo.say', 'test.echo.count', 'test.wait.hold'])
    expect(() => toolsets(tools, ['all', 'nope'])).toThrow('there is no toolset "nope"')
  })
})

const info = { name: 'n', title: 't', version: '1', instructions: 'i' }
describe('tools/list', () => {
  const door = createMcpDoor({ ...info, tools, invoke })
  const view = { tools, caller: 'x' }

  it('is built once per set and style', () => {
    expect(door.list({ ...view, names: 'safe' })).toBe(door.list({ ...view, names: 'safe', caller: 'y' }))
    expect(door.list({ ...view, names: 'dotted' })).not.toBe(door.list({ ...view, names: 'safe' }))
  })
  it('carries the dotted id in the title where names are safe', () => {
    expect(door.list({ ...view, names: 'safe' })[0]).toMatchObject({
      name: 'test_echo_say',
      title: 'test.echo.say',
    })
    expect(door.list({ ...view, names: 'dotted' })[0]).toMatchObject({ name: 'test.echo.say', title: 'Say' })
  })
  it('annotates by risk', () => {
    const change = door.list({ ...view, names: 'dotted' }).find((tool) => tool.name === 'test.write.change')
    expect(change?.annotations).toEqual({ readOnlyHint: false, destructiveHint: true })
  })
})
