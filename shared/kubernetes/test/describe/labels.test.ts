import { describe, expect, it } from 'vitest'
import { selectorQuery, selects, serviceSelects } from '../../src/describe/labels.ts'

describe('selectors', () => {
  it('an absent selector finds nothing, an empty one everything; an empty Service selector nothing', () => {
    expect(selects(undefined, { a: 'b' })).toBe(false)
    expect(selects({}, undefined)).toBe(true)
    expect(serviceSelects({}, { a: 'b' })).toBe(false)
    expect(serviceSelects(undefined, { a: 'b' })).toBe(false)
  })

  it.each([
    ['In', ['x', 'y'], { k: 'y' }, true],
    ['In', ['x'], {}, false],
    ['NotIn', ['x'], {}, true],
    ['NotIn', ['x'], { k: 'x' }, false],
    ['Exists', undefined, { k: '' }, true],
    ['DoesNotExist', undefined, { k: '' }, false],
  ])('%s %j on %j is %s', (operator, values, labels, expected) => {
    const expression = { key: 'k', operator, ...(values && { values }) }
    expect(selects({ matchExpressions: [expression] }, labels as Record<string, string>)).toBe(expected)
  })

  it('is written the way the API takes it', () => {
    const matchExpressions = [
      { key: 'tier', operator: 'In', values: ['a', 'b'] },
      { key: 'old', operator: 'DoesNotExist' },
      { key: 'new', operator: 'Exists' },
      { key: 'env', operator: 'NotIn', values: ['dev'] },
    ]
    expect(selectorQuery({ matchLabels: { app: 'web' }, matchExpressions })).toBe(
      'app=web,tier in (a,b),!old,new,env notin (dev)',
    )
  })
})
