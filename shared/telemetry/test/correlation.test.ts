import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  CORRELATION_META_KEY,
  currentCorrelation,
  resolveCorrelation,
  traceparentOf,
  withCorrelation,
} from '../src/index.ts'

const TRACE = '4bf92f3577b34da6a3ce929d0e0e4736'
const parent = (flags = '01', trace = TRACE, span = '00f067aa0ba902b7') => `00-${trace}-${span}-${flags}`

describe('whose id counts', () => {
  it.each([
    [
      'X-Correlation-ID first',
      { 'x-correlation-id': 'a', 'x-request-id': 'b' },
      { [CORRELATION_META_KEY]: 'c' },
      'a',
    ],
    ['then X-Request-ID', { 'x-request-id': 'b' }, { [CORRELATION_META_KEY]: 'c' }, 'b'],
    ['then _meta', {}, { [CORRELATION_META_KEY]: 'c' }, 'c'],
    ['then the trace of the header', { traceparent: parent() }, {}, TRACE],
    ['then the trace of _meta', {}, { traceparent: parent() }, TRACE],
    ['an invalid one falls through', { 'x-correlation-id': 'a b', 'x-request-id': 'b' }, {}, 'b'],
    [
      'two headers of one name are no id',
      { 'x-correlation-id': ['a', 'b'] },
      { [CORRELATION_META_KEY]: 'c' },
      'c',
    ],
  ])('%s', (_case, headers, meta, expected) => {
    expect(resolveCorrelation(headers, meta).correlationId).toBe(expected)
  })

  it.each(['', ' ', 'a b', 'a\n', 'a,b', 'ü', '<script>', '../x', 'a'.repeat(129), '"', '%41'])(
    '%j is never taken over',
    (id) => {
      const { correlationId, traceId } = resolveCorrelation({ 'x-correlation-id': id })
      expect(correlationId).toBe(traceId)
    },
  )

  it('_meta.traceparent wins over the header, and the sampled flag is kept', () => {
    const other = '1'.repeat(32)
    const found = resolveCorrelation({ traceparent: parent('00', other) }, { traceparent: parent('01') })
    expect(found).toMatchObject({ traceId: TRACE, sampled: true })
    expect(resolveCorrelation({ traceparent: parent('00', other) })).toMatchObject({
      traceId: other,
      sampled: false,
    })
  })

  it.each([
    parent('01', '0'.repeat(32)),
    parent('01', TRACE, '0'.repeat(16)),
    parent('01', TRACE.toUpperCase()),
    parent().replace('00-', 'ff-'),
    `${parent()}-extra`,
    'garbage',
  ])('traceparent %s is not joined', (traceparent) => {
    expect(resolveCorrelation({ traceparent }).traceId).not.toBe(TRACE)
  })

  it('whatever is sent, the ids have their form and the onward traceparent is valid', () => {
    const anything = fc.oneof(fc.string(), fc.constant(undefined), fc.array(fc.string()))
    fc.assert(
      fc.property(
        anything,
        anything,
        anything,
        fc.anything(),
        fc.anything(),
        (id, other, trace, meta, metaTrace) => {
          const headers = { 'x-correlation-id': id, 'x-request-id': other, traceparent: trace }
          const found = resolveCorrelation(headers, { [CORRELATION_META_KEY]: meta, traceparent: metaTrace })
          expect(found.correlationId).toMatch(/^[A-Za-z0-9._-]{1,128}$/)
          expect(found.traceId).toMatch(/^[0-9a-f]{32}$/)
          expect(traceparentOf(found)).toMatch(/^00-[0-9a-f]{32}-[0-9a-f]{16}-0[01]$/)
          expect(resolveCorrelation({ traceparent: traceparentOf(found) }).traceId).toBe(found.traceId)
        },
      ),
    )
  })

  it('a valid id is taken over unchanged', () => {
    fc.assert(
      fc.property(fc.stringMatching(/^[A-Za-z0-9._-]{1,128}$/), (id) => {
        expect(resolveCorrelation({ 'x-correlation-id': id }).correlationId).toBe(id)
      }),
    )
  })
})

describe('withCorrelation', () => {
  it('keeps concurrent calls apart', async () => {
    const seen = await Promise.all(
      ['a', 'b', 'c'].map((id) =>
        withCorrelation(resolveCorrelation({ 'x-correlation-id': id }), async () => {
          await new Promise((resolve) => setImmediate(resolve))
          return currentCorrelation()?.correlationId
        }),
      ),
    )
    expect(seen).toEqual(['a', 'b', 'c'])
    expect(currentCorrelation()).toBeUndefined()
  })
})
