import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { lineFilter } from '../../src/logs/line-filter.ts'

const refused = (message: RegExp) =>
  expect.objectContaining({ code: 'INVALID_INPUT', message: expect.stringMatching(message) })

describe('lineFilter', () => {
  it('finds plain text in any case and takes no sign of it as special', async () => {
    const filter = await lineFilter('a.b|[c')
    expect(filter('x A.B|[C y')).toBe(true)
    expect(filter('axb')).toBe(false)
    expect(filter('[c')).toBe(false)
  })

  it('takes text between slashes as RE2, with i for any case', async () => {
    expect((await lineFilter('/time.?out|refused$/'))('connection refused')).toBe(true)
    expect((await lineFilter('/REFUSED/'))('connection refused')).toBe(false)
    expect((await lineFilter('/REFUSED/i'))('connection refused')).toBe(true)
    expect((await lineFilter('/api/v1'))('GET /api/v1/pods')).toBe(true)
  })

  it.each(['/(a|b/', '/(a)\\1/', '/(?=a)b/', '/a{1001}/'])('refuses %s with the reason', async (grep) => {
    await expect(lineFilter(grep)).rejects.toThrow(refused(/^grep: RE2 refuses this pattern: \S/))
  })

  it('refuses patterns that are too large to be quick', async () => {
    await expect(lineFilter('/[ab]*a[ab]{900}c/')).rejects.toThrow(
      refused(/^grep: this pattern is too large/),
    )
  })

  // With a backtracking engine this test would not end: 2^60 steps.
  it.each(['/^(a+)+$/', '/(a|aa)+$/', '/(.*)*x/', '/^(([a-z])+.)+[A-Z]([a-z])+$/'])(
    'is not held up by %s',
    async (grep) => {
      const filter = await lineFilter(grep)
      expect(filter(`${'a'.repeat(60)}!`)).toBe(false)
      expect(filter(`${'a'.repeat(100_000)}!`)).toBeTypeOf('boolean')
    },
  )

  it('agrees with includes on plain text', async () => {
    const text = fc.string({ minLength: 1, maxLength: 5 }).filter((one) => !/^\/.+\/i?$/s.test(one))
    await fc.assert(
      fc.asyncProperty(text, fc.string(), async (grep, line) => {
        expect((await lineFilter(grep))(line)).toBe(line.toLowerCase().includes(grep.toLowerCase()))
      }),
    )
  })
})
