import { GatehouseError } from '@gatehouse/errors'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { decodeCursor, encodeCursor } from '../src/index.ts'

const question = fc.stringMatching(/^[A-Za-z0-9_-]{12}$/)

describe('cursors', () => {
  it('lead back to where they came from', () => {
    fc.assert(
      fc.property(fc.nat(), question, (offset, asked) => {
        const cursor = encodeCursor({ offset, question: asked })
        expect(decodeCursor(cursor, asked)).toBe(offset)
        expect(cursor).toMatch(/^[A-Za-z0-9_-]+$/)
      }),
    )
  })

  it('belong to one question', () => {
    fc.assert(
      fc.property(fc.nat(), question, question, (offset, asked, other) => {
        fc.pre(asked !== other)
        expect(() => decodeCursor(encodeCursor({ offset, question: asked }), other)).toThrow(
          /another question/,
        )
      }),
    )
  })

  it('no cursor is the beginning', () => {
    expect(decodeCursor(undefined, 'x')).toBe(0)
    expect(decodeCursor('', 'x')).toBe(0)
  })

  it('whatever is sent instead, the answer is a position or INVALID_INPUT', () => {
    const anything = fc.oneof(
      fc.string(),
      fc.string().map((text) => Buffer.from(text).toString('base64url')),
      fc
        .tuple(fc.string(), question)
        .map(([offset, asked]) => Buffer.from(`${offset}.${asked}`).toString('base64url')),
    )
    fc.assert(
      fc.property(anything, question, (cursor, asked) => {
        try {
          expect(decodeCursor(cursor, asked)).toBeGreaterThanOrEqual(0)
        } catch (error) {
          expect(error).toBeInstanceOf(GatehouseError)
          expect(error).toMatchObject({
            code: 'INVALID_INPUT',
            hint: expect.stringContaining('leave it out'),
          })
        }
      }),
    )
  })

  it.each(['-1', '1.5', 'NaN', 'x', '1e999'])('the position %s is none', (offset) => {
    const cursor = Buffer.from(`${offset}.q`).toString('base64url')
    expect(() => decodeCursor(cursor, 'q')).toThrow(GatehouseError)
  })
})
