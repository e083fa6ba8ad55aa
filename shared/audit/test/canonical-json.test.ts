import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { canonicalJson, digestOf } from '../src/index.ts'

describe('canonical JSON', () => {
  it('writes the examples of RFC 8785', () => {
    const numbers = [333333333.3333333, 1e30 / 1e30, 4.5, 2e-3, 1e-27]
    expect(canonicalJson({ numbers, literals: [null, true, false] })).toBe(
      '{"literals":[null,true,false],"numbers":[333333333.3333333,1,4.5,0.002,1e-27]}',
    )
    expect(canonicalJson({ string: '\u20ac$\u000f\nA\'B"\\\\"/' })).toBe(
      '{"string":"\u20ac$\\u000f\\nA\'B\\"\\\\\\\\\\"/"}',
    )
    const keys = { '\u20ac': 1, '\r': 2, '\ufb33': 3, '1': 4, '\ud83d\ude00': 5, '\u0080': 6, ö: 7 }
    expect(canonicalJson(keys)).toBe(
      '{"\\r":2,"1":4,"\u0080":6,"ö":7,"\u20ac":1,"\ud83d\ude00":5,"\ufb33":3}',
    )
  })

  it('does not depend on the order of members, and loses nothing', () => {
    const data = fc.jsonValue({ maxDepth: 6 }).filter(isExact)
    fc.assert(
      fc.property(data, (value) => {
        const text = canonicalJson(value)
        expect(canonicalJson(JSON.parse(text))).toBe(text)
        expect(JSON.parse(text)).toEqual(JSON.parse(JSON.stringify(value)))
        expect(canonicalJson(reversed(value))).toBe(text)
      }),
    )
  })

  it('gives different values different texts', () => {
    const data = fc.jsonValue({ maxDepth: 4 }).filter(isExact)
    fc.assert(
      fc.property(data, data, (a, b) => {
        fc.pre(JSON.stringify(reversed(reversed(a))) !== JSON.stringify(reversed(reversed(b))))
        if (canonicalJson(a) === canonicalJson(b)) expect(a).toEqual(b)
      }),
    )
  })

  it.each([
    [{ a: [{ b: 2 ** 53 }] }, 'a.0.b: integer beyond 2^53'],
    [{ a: Number.NaN }, 'a: not a finite number'],
    [[1, undefined], '1: undefined has no JSON form'],
    [{ a: 1n }, 'a: bigint has no JSON form'],
    [{ a: '\udc00' }, 'a: text with a lone surrogate'],
    [{ '\ud800': 1 }, 'lone surrogate'],
    [{ a: new Map() }, 'a: not plain data'],
    [{ a: () => 1 }, 'a: function has no JSON form'],
  ])('refuses what would be lost: %o', (value, message) => {
    expect(() => canonicalJson(value)).toThrow(message)
  })

  it('refuses what goes round in circles', () => {
    const circle: Record<string, unknown> = {}
    circle.self = circle
    expect(() => canonicalJson(circle)).toThrow('more than 100 levels')
  })

  it('is digested under a label', () => {
    expect(digestOf('a', 'x')).not.toBe(digestOf('b', 'x'))
    expect(digestOf('a', '\nx')).not.toBe(digestOf('a\n', 'x'.slice(1)))
  })
})

function isExact(value: unknown): boolean {
  try {
    canonicalJson(value)
    return true
  } catch {
    return false
  }
}

function reversed(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(reversed)
  if (typeof value !== 'object' || value === null) return value
  const entries = Object.entries(value).map(([key, member]) => [key, reversed(member)] as const)
  const result: Record<string, unknown> = Object.create(null)
  for (const [key, member] of entries.reverse()) result[key] = member
  return result
}
