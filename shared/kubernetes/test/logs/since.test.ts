import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { parseSince } from '../../src/logs/since.ts'

describe('parseSince', () => {
  it.each([
    ['90s', '90'],
    ['15m', '900'],
    ['1h30m', '5400'],
    ['2d', '172800'],
    ['1w1s', '604801'],
  ])('reads %s', (text, sinceSeconds) => {
    expect(parseSince(text)).toEqual({ sinceSeconds })
  })

  it.each(['2026-11-21T07:00:00Z', '2026-11-21T07:00:00.123+02:00'])('passes the time %s on', (sinceTime) => {
    expect(parseSince(sinceTime)).toEqual({ sinceTime })
  })

  it('asks for nothing without a value', () => {
    expect(parseSince(undefined)).toEqual({})
  })

  it.each([
    '',
    '0s',
    '15',
    'm',
    '-5m',
    '15m ago',
    '5m1h',
    '2026-11-21',
    '2026-13-41T00:00:00Z',
    '1e3s',
    '5ms',
  ])('refuses "%s" by the name of the field', (text) => {
    expect(() => parseSince(text)).toThrow(
      expect.objectContaining({ code: 'INVALID_INPUT', message: expect.stringMatching(/^since:/) }),
    )
  })

  it('adds up every unit, or refuses; never anything else', () => {
    const parts = fc.tuple(...[99, 99, 99, 99].map((max) => fc.nat({ max })))
    fc.assert(
      fc.property(parts, ([d = 0, h = 0, m = 0, s = 0]) => {
        const text = [
          [d, 'd'],
          [h, 'h'],
          [m, 'm'],
          [s, 's'],
        ]
          .filter(([n]) => n !== 0)
          .map((one) => one.join(''))
          .join('')
        fc.pre(text !== '')
        expect(parseSince(text)).toEqual({ sinceSeconds: String(d * 86_400 + h * 3_600 + m * 60 + s) })
      }),
    )
    fc.assert(
      fc.property(fc.string(), (text) => {
        try {
          const { sinceSeconds, sinceTime } = parseSince(text)
          expect(sinceTime ?? sinceSeconds).toMatch(/^\d/)
        } catch (error) {
          expect(error).toHaveProperty('code', 'INVALID_INPUT')
        }
      }),
    )
  })
})
