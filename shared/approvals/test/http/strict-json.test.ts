import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { parseStrictJson } from '../../src/http/strict-json.ts'

describe('parseStrictJson', () => {
  it.each([
    ['a member twice', '{"a":1,"a":2}', /^a: is there twice/],
    ['a member twice, spelt differently', '{"a":1,"\\u0061":2}', /^a: is there twice/],
    ['a member twice, deep', '{"x":[{},{"a":{"b":1,"b":1}}]}', /^x\.1\.a\.b: is there twice/],
    ['an integer beyond 2^53', '{"a":9007199254740993}', /^a: is a number beyond/],
    ['an infinite number', '{"a":[1,1e400]}', /^a\.1: is a number beyond/],
    ['a lone surrogate', '{"a":"\\ud800"}', /^a: has a lone surrogate/],
    ['__proto__', '{"__proto__":{}}', /is no name that can be used/],
    ['65 levels', '['.repeat(65) + ']'.repeat(65), /more than 64 levels/],
    ['no JSON', '{"a":', /not valid JSON/],
    ['two values', '{} {}', /not valid JSON/],
    ['NaN', '{"a":NaN}', /not valid JSON/],
  ])('refuses %s', (_what, text, message) => {
    expect(() => parseStrictJson(text)).toThrow(message)
  })

  it('reads what is plain as JSON.parse does', () => {
    fc.assert(
      fc.property(fc.json({ maxDepth: 6 }), (text) => {
        const plain = JSON.parse(text)
        let strict: unknown
        try {
          strict = parseStrictJson(text)
        } catch (thrown) {
          // Random objects are free of duplicates; what is refused is a large number or a strange name.
          expect(String(thrown)).toMatch(/beyond 2\^53|no name|surrogate/)
          return
        }
        expect(strict).toEqual(plain)
      }),
    )
  })

  it('finds a second member wherever it is put', () => {
    fc.assert(
      fc.property(fc.dictionary(fc.string(), fc.jsonValue({ maxDepth: 2 }), { minKeys: 1 }), (members) => {
        const [name] = Object.keys(members)
        const text = JSON.stringify(members)
        const twice = `${text.slice(0, -1)},${JSON.stringify(name)}:1}`
        expect(() => parseStrictJson(twice)).toThrow()
      }),
    )
  })

  it('is linear on hostile text', () => {
    const text = `{"a":"${'\\\\'.repeat(500_000)}"}`
    expect(parseStrictJson(text)).toBeTypeOf('object')
    expect(() => parseStrictJson('"'.repeat(300_000))).toThrow('not valid JSON')
  })
})
