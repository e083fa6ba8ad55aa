import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { parseQuantity, quantityText } from '../../src/describe/quantity.ts'

describe('quantities', () => {
  it.each([
    ['100m', 0.1],
    ['1.5Gi', 1.5 * 2 ** 30],
    ['1e3', 1000],
    ['3k', 3000],
    ['1E', 1e18],
    ['.5', 0.5],
    ['0', 0],
    [64, 64],
  ])('%s is %d', (text, value) => {
    expect(parseQuantity(text)).toBeCloseTo(value, 6)
  })

  it.each(['', 'x', '1Zi', '1 Gi', '--1', undefined])('%s is none', (text) => {
    expect(parseQuantity(text)).toBeNaN()
  })

  it('milli is a thousandth of any number', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 1e9 }), (number) => {
        expect(parseQuantity(`${number}m`)).toBeCloseTo(number / 1000, 6)
      }),
    )
  })

  it('is printed short', () => {
    expect(quantityText(2.3 * 2 ** 30, true)).toBe('2.3Gi')
    expect(quantityText(0.25, false)).toBe('0.25')
    expect(quantityText(0, true)).toBe('0')
  })
})
