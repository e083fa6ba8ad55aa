import { createFixture } from '@gatehouse/testing/mcp'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { SettingError } from '../src/index.ts'
import { createViews } from '../src/views.ts'

const { tools } = createFixture()
const views = createViews(tools, ['all'], 'dotted')

describe('the addresses of MCP', () => {
  it.each([
    ['/mcp', 7, 'dotted'],
    ['/mcp/', 7, 'dotted'],
    ['/mcp/all', 7, 'dotted'],
    ['/mcp/essential', 1, 'dotted'],
    ['/mcp/readonly', 6, 'dotted'],
    ['/mcp/test', 7, 'dotted'],
    ['/mcp/test.fail', 3, 'dotted'],
    ['/mcp/test_fail', 3, 'dotted'],
    ['/mcp/names/safe', 7, 'safe'],
    ['/mcp/names/dotted', 7, 'dotted'],
    ['/mcp/essential/names/safe', 1, 'safe'],
    ['/mcp/test.fail/names/safe/', 3, 'safe'],
  ])('%s shows %i tools with %s names', (path, number, names) => {
    const view = views(path)
    expect([view.tools.length, view.names]).toEqual([number, names])
    expect(views(path)).toBe(view)
  })

  it.each([
    '/mcp/nope',
    '/mcp/names',
    '/mcp/names/other',
    '/mcp//',
    '/mcp/a/b',
    '/mcp/..',
    '/mcp/%65ssential',
    '/mcp/Essential',
  ])('%s does not exist, and the answer says what does', (path) => {
    const unknown = expect.objectContaining({
      code: 'NOT_FOUND',
      hint: expect.stringContaining('/mcp/readonly'),
    })
    expect(() => views(path)).toThrow(unknown)
  })

  it('offers the nearest', () => {
    expect(() => views('/mcp/essentail')).toThrow(
      expect.objectContaining({ data: { nearest: ['/mcp/essential'] } }),
    )
  })

  it('keeps nothing for paths that do not exist', () => {
    fc.assert(
      fc.property(fc.string(), (path) => {
        expect(() => views(`/mcp/~${path}`)).toThrow(expect.objectContaining({ code: 'NOT_FOUND' }))
      }),
    )
  })

  it('configured sets bound every address', () => {
    const some = createViews(tools, ['test.echo'], 'safe')
    expect(some('/mcp').tools).toHaveLength(2)
    expect(some('/mcp/readonly').tools).toHaveLength(2)
    expect(() => some('/mcp/test.fail')).toThrow(/There is no toolset/)
  })

  it('a configured set that does not exist stops the start by its setting', () => {
    expect(() => createViews(tools, ['all', 'essentail'], 'safe')).toThrow(SettingError)
    expect(() => createFixture({ toolsets: ['essentail'] })).toThrow(
      'TOOLSETS: name 1 is no toolset; did you mean essential?',
    )
  })
})
