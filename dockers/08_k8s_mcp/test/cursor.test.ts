import { GatehouseError } from '@gatehouse/errors'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { decodeCursor, encodeCursor, type Paging } from '../src/cursor.ts'

const position = fc.record({
  offset: fc.nat({ max: 999_999_999 }),
  before: fc.stringMatching(/^[\w-]{8}$/),
  resourceVersion: fc.stringMatching(/^\d{0,20}$/),
})
const question: fc.Arbitrary<Paging & object> = fc.record({ namespace: fc.string(), kind: fc.string() })

describe('cursors', () => {
  it('lead back to where they came from', () => {
    fc.assert(
      fc.property(position, question, (cursor, asked) => {
        const sent = encodeCursor(cursor, asked)
        expect(decodeCursor({ ...asked, continue: sent })).toEqual(cursor)
        expect(sent).toMatch(/^[A-Za-z0-9_-]{1,300}$/)
      }),
    )
  })

  it('belong to one question, whatever page size it is asked in', () => {
    fc.assert(
      fc.property(position, question, question, (cursor, asked, other) => {
        const sent = encodeCursor(cursor, { ...asked, limit: 5 })
        expect(decodeCursor({ ...asked, limit: 50, continue: sent })).toEqual(cursor)
        fc.pre(JSON.stringify(asked) !== JSON.stringify(other))
        expect(() => decodeCursor({ ...other, continue: sent })).toThrow(/another question/)
      }),
    )
  })

  it('whatever is sent instead is INVALID_INPUT', () => {
    const encoded = (text: string) => Buffer.from(text).toString('base64url')
    const anything = fc.oneof(
      fc.string({ minLength: 1 }),
      fc.string({ minLength: 1 }).map(encoded),
      fc
        .constantFrom('-1', '1.5', 'NaN', '1e999')
        .map((offset) => encoded(`${offset}.abcdefghijkl.12345678.1`)),
    )
    fc.assert(
      fc.property(anything, question, (sent, asked) => {
        try {
          return decodeCursor({ ...asked, continue: sent }) === undefined && sent === ''
        } catch (error) {
          return (
            error instanceof GatehouseError &&
            error.code === 'INVALID_INPUT' &&
            error.hint.includes('leave it out')
          )
        }
      }),
    )
  })
})
