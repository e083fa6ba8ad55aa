import fc from 'fast-check'
import { encode } from 'gpt-tokenizer/encoding/o200k_base'
import { describe, expect, it } from 'vitest'
import { cutToFit, omittedNote } from '../../src/describe/cut.ts'
import { weigh } from '../../src/describe/weigh.ts'

const words = (count: number) => 'word '.repeat(count)

describe('cutToFit', () => {
  it('leaves what fits alone', () => {
    const data = { a: 1, b: { c: 'x' } }
    expect(cutToFit(data, 100)).toEqual({ kept: data, omitted: [] })
  })

  it('leaves out the one large field and names it with its size', () => {
    const data = { metadata: { name: 'cm' }, data: { small: 'x', large: words(1000) } }
    const { kept, omitted } = cutToFit(data, 300)
    expect(kept).toEqual({ metadata: { name: 'cm' }, data: { small: 'x' } })
    expect(omitted).toEqual(['data.large (5002 characters)'])
  })

  it('keeps the first of many alike and counts the rest', () => {
    const { kept, omitted } = cutToFit(
      { env: Array.from({ length: 40 }, (_, index) => ({ name: `SETTING_${index}` })) },
      150,
    )
    const { env = [] } = kept as { env?: { name: string }[] }
    expect(env[0]).toEqual({ name: 'SETTING_0' })
    expect(env.length).toBeGreaterThan(5)
    expect(omitted).toEqual([
      expect.stringMatching(`^env\\[${40 - env.length} of 40 items\\] \\(\\d+ characters\\)$`),
    ])
  })

  it('names the keys of a map of which nothing fits', () => {
    const data = { a: 1, data: { w: words(500), x: words(500), y: words(500), z: words(500) } }
    expect(cutToFit(data, 200).omitted).toEqual(['data.{w, x, y and 1 more} (10008 characters)'])
  })

  it('never cuts inside a value', () => {
    const list = [words(100), words(101), 'c']
    const { kept } = cutToFit({ list }, 200)
    const left = (kept as { list: string[] }).list
    expect(left.length).toBeLessThan(3)
    expect(left.every((one) => list.includes(one))).toBe(true)
  })

  it('keeps within the bound, in order, and accounts for everything', () => {
    const data = fc.dictionary(fc.string({ maxLength: 8 }), fc.jsonValue({ maxDepth: 4 }))
    fc.assert(
      fc.property(data, fc.integer({ min: 20, max: 300 }), (object, most) => {
        const { kept, omitted } = cutToFit(object, most)
        expect(weigh(kept)).toBeLessThanOrEqual(most)
        const order = Object.keys(object)
        const positions = Object.keys(kept).map((key) => order.indexOf(key))
        expect(positions).toEqual([...positions].sort((a, b) => a - b))
        expect(omitted.length > 0).toBe(JSON.stringify(kept) !== JSON.stringify(object))
      }),
    )
  })

  it('names at most eight paths in the note', () => {
    const note = omittedNote(Array.from({ length: 14 }, (_, index) => `f${index} (9 characters)`))
    expect(note).toContain('f7 (9 characters) and 6 more; raise maxTokens')
    expect(note).not.toContain('f8')
  })
})

describe('weigh', () => {
  it.each([
    ['words', { text: words(300) }],
    ['numbers', { text: Array.from({ length: 300 }, (_, index) => (index * 7919) % 9973).join(',') }],
    ['a digest', { text: 'sha256:'.concat('0a9f3c'.repeat(40)) }],
    ['base64', { text: Buffer.from('a certificate or something like it'.repeat(20)).toString('base64') }],
    [
      'fields',
      {
        spec: {
          containers: Array.from({ length: 20 }, (_, index) => ({
            name: `c${index}`,
            image: `registry.example.com/team/app:1.2.${index}`,
            ports: [{ containerPort: 8080 }],
          })),
        },
      },
    ],
  ])('is never far below the real number of tokens: %s', (_, data) => {
    expect(weigh(data)).toBeGreaterThan(0.9 * encode(JSON.stringify(data)).length)
    expect(weigh(data)).toBeLessThan(2.5 * encode(JSON.stringify(data)).length)
  })
})
