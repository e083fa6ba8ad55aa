import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { quantityOf, secondsOf } from '../../src/projection/magnitude.ts'
import { comparator, compare, parseSort } from '../../src/projection/sort.ts'
import type { Value } from '../../src/projection/value.ts'

const sorted = (values: Value[], sort: string, times: string[] = []) =>
  values
    .map((value) => ({ x: value }))
    .sort(comparator(parseSort(sort), (row: { x: Value }) => row.x, new Set(times)))
    .map((row) => row.x)

describe('sort', () => {
  it('takes numbers as numbers, also inside names', () => {
    expect(sorted([10, 9, 100], 'x')).toEqual([9, 10, 100])
    expect(sorted(['web-10', 'web-9', 'api-1'], 'x')).toEqual(['api-1', 'web-9', 'web-10'])
  })
  it('takes ages as time', () => {
    const ages = ['3d4h', '90s', '5m', '2y5d', '47h']
    expect(sorted(ages, '-x', ['x'])).toEqual(['2y5d', '3d4h', '47h', '5m', '90s'])
  })
  it('takes quantities by size: 500m is half of 1 where the column is no time', () => {
    expect(sorted(['2', '500m', '1'], 'x')).toEqual(['500m', '1', '2'])
    expect(sorted(['1Gi', '512Mi', '2G'], 'x')).toEqual(['512Mi', '1Gi', '2G'])
  })
  it('puts what is missing last in both directions', () => {
    expect(sorted([null, 2, '', 1, []], 'x')).toEqual([1, 2, null, '', []])
    expect(sorted([null, 2, '', 1], '-x')).toEqual([2, 1, null, ''])
  })
  it('parses several keys, and commas inside brackets as part of a key', () => {
    expect(parseSort("-restarts, name,labels['a,b']")).toEqual([
      { name: 'restarts', descending: true },
      { name: 'name', descending: false },
      { name: "labels['a,b']", descending: false },
    ])
    expect(() => parseSort('name,,x')).toThrow(/a column is missing/)
  })
  it('is a total order', () => {
    const cell = fc.oneof(
      fc.integer(),
      fc.constantFrom('5m', '3d4h', '1Gi', '500m', 'web-2', 'web-10', 'x', '0'),
      fc.string(),
    )
    fc.assert(
      fc.property(cell, cell, cell, fc.boolean(), (a, b, c, time) => {
        const sign = (x: Value, y: Value) => Math.sign(compare(x, y, time))
        expect(sign(a, b) + sign(b, a)).toBe(0)
        if (sign(a, b) <= 0 && sign(b, c) <= 0) expect(sign(a, c)).toBeLessThanOrEqual(0)
      }),
    )
  })
})

describe('magnitudes', () => {
  it('reads what kubectl prints as age', () => {
    expect(secondsOf('3d4h')).toBe(273_600)
    expect(secondsOf('5m30s')).toBe(330)
    expect(secondsOf('<unknown>')).toBeUndefined()
    expect(secondsOf('')).toBeUndefined()
  })
  it('reads quantities', () => {
    expect(quantityOf('1500m')).toBe(1.5)
    expect(quantityOf('2Ki')).toBe(2048)
    expect(quantityOf('2k')).toBe(2000)
    expect(quantityOf('x')).toBeUndefined()
  })
})
