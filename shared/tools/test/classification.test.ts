import { GatehouseError } from '@gatehouse/errors'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { type Circumstances, classOf } from '../src/classification.ts'

const refusal = new GatehouseError('INVALID_INPUT', 'text: too long', { data: { fields: ['text'] } })
const near = new GatehouseError('UNKNOWN_KIND', 'no kind "pdo"', { data: { nearest: ['pods'] } })
const hinted = new GatehouseError('UNKNOWN_CONTEXT', undefined, { hint: 'there are: prod-eu, prod-us' })
const named = new GatehouseError('NOT_FOUND', 'There is no namespace "x"; did you mean shop-prod?')
const quoted = new GatehouseError('FORBIDDEN', 'User "a" cannot list pods', { quotesCluster: true })
const plain = new GatehouseError('TIMEOUT')

describe('the class of a reply', () => {
  it.each<[string, Partial<Circumstances>, string]>([
    ['an answer', { reached: true }, 'internal'],
    ['an answer without its cluster', { reached: false }, 'internal'],
    ['an answer in which something was redacted', { reached: true, redacted: true }, 'sensitive-redacted'],
    ['a refusal before anything was asked', { error: refusal }, 'public'],
    ['the same from a tool', { error: refusal, reached: true }, 'internal'],
    ['a refusal of what held a secret', { error: refusal, redacted: true }, 'sensitive-redacted'],
    ['an error with nearest names', { error: near, reached: true }, 'internal'],
    ['an error with names in its hint', { error: hinted, reached: true }, 'internal'],
    ['an error with names in its message', { error: named, reached: true }, 'internal'],
    ['an error that quotes a cluster', { error: quoted, reached: true }, 'internal'],
    ['the same before the tool', { error: quoted }, 'internal'],
    ['an error in the words of the catalogue', { error: plain, reached: true }, 'public'],
    ['the same with a redaction', { error: plain, reached: true, redacted: true }, 'sensitive-redacted'],
  ])('%s: %j is %s', (_case, circumstances, expected) => {
    expect(classOf({ redacted: false, reached: false, ...circumstances })).toBe(expected)
  })

  it('never sinks when more is known against it, and is public only for words of the program', () => {
    const RANK = ['public', 'internal', 'sensitive-redacted']
    const rank = (circumstances: Circumstances) => RANK.indexOf(classOf(circumstances))
    const errors = fc.constantFrom(undefined, refusal, near, hinted, named, quoted, plain)
    fc.assert(
      fc.property(fc.boolean(), fc.boolean(), errors, (redacted, reached, error) => {
        const own = rank({ redacted, reached, error })
        expect(rank({ redacted: true, reached, error })).toBe(2)
        expect(rank({ redacted, reached: true, error })).toBeGreaterThanOrEqual(own)
        expect(rank({ redacted, reached, error: undefined })).toBeGreaterThanOrEqual(own)
        if (own === 0) expect([redacted, error?.quotesCluster]).toEqual([false, false])
        if (own === 0 && reached) expect(error).toBe(plain)
      }),
    )
  })
})
