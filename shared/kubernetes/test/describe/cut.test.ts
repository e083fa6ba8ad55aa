import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { cutToFit, omittedNote } from '../../src/describe/cut.ts'

describe('cutToFit', () => {
  it('leaves what fits alone', () => {
    const data = { a: 1, b: { c: 'x' } }
    expect(cutToFit(data, 100)).toEqual({ kept: data, omitted: [] })
  })

  it('leaves out the one large field and names it with its size', () => {
    const data = { metadata: { name: 'cm' }, data: { small: 'x', large: 'y'.repeat(5000) } }
    const { kept, omitted } = cutToFit(data, 600)
    expect(kept).toEqual({ metadata: { name: 'cm' }, data: { small: 'x' } })
    expect(omitted).toEqual(['data.large (5002 characters)'])
  })

  it('never cuts inside a value', () => {
    const { kept } = cutToFit({ list: ['a'.repeat(400), 'b'.repeat(400), 'c'] }, 600)
    expect((kept as { list?: string[] }).list?.every((one) => /^(a{400}|b{400}|c)$/.test(one))).toBe(true)
  })

  it('says one path for a subtree of which nothing fits', () => {
    const { omitted } = cutToFit({ a: 1, deep: { x: 'x'.repeat(900), y: 'y'.repeat(900) } }, 500)
    expect(omitted).toEqual(['deep (1815 characters)'])
  })

  it('keeps within the bound, in order, and accounts for everything', () => {
    fc.assert(
      fc.property(
        fc.dictionary(fc.string({ maxLength: 8 }), fc.jsonValue({ maxDepth: 4 })),
        fc.integer({ min: 200, max: 3000 }),
        (data, most) => {
          const { kept, omitted } = cutToFit(data, most)
          expect(JSON.stringify(kept).length).toBeLessThanOrEqual(most)
          const order = Object.keys(data)
          const positions = Object.keys(kept).map((key) => order.indexOf(key))
          expect(positions).toEqual([...positions].sort((a, b) => a - b))
          if (JSON.stringify(kept) !== JSON.stringify(data)) expect(omitted.length).toBeGreaterThan(0)
        },
      ),
    )
  })

  it('names at most ten paths in the note', () => {
    const note = omittedNote(Array.from({ length: 14 }, (_, index) => `f${index} (9 characters)`))
    expect(note).toContain('f9 (9 characters) and 4 more; raise maxTokens')
    expect(note).not.toContain('f10')
  })
})
