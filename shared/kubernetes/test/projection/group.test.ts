import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { groupRows } from '../../src/projection/group.ts'
import { parseSort } from '../../src/projection/sort.ts'

const group = (rows: Parameters<typeof groupRows>[0], names: string[], sort = '') =>
  groupRows(rows, names, sort ? parseSort(sort) : [], new Set())

describe('groupBy', () => {
  it('counts rows by value, most first, equal counts by value', async () => {
    const rows = ['b', 'a', 'b', 'c', 'a', 'b'].map((node) => ({ node }))
    expect(await group(rows, ['node'])).toEqual([
      { node: 'b', count: 3 },
      { node: 'a', count: 2 },
      { node: 'c', count: 1 },
    ])
  })
  it('counts each distinct value of a list once per row', async () => {
    const rows = [{ images: ['a', 'a', 'b'] }, { images: ['b'] }, { images: [] }]
    expect(await group(rows, ['images'])).toEqual([
      { images: 'b', count: 2 },
      { images: 'a', count: 1 },
      { images: null, count: 1 },
    ])
  })
  it('takes several columns and another order', async () => {
    const rows = [
      { node: 'n2', app: 'x' },
      { node: 'n1', app: 'x' },
      { node: 'n2', app: 'x' },
    ]
    expect(await group(rows, ['app', 'node'], 'node')).toEqual([
      { app: 'x', node: 'n1', count: 1 },
      { app: 'x', node: 'n2', count: 2 },
    ])
  })
  it('keeps 1 and "1" apart, loses no row, and does not depend on the order of the rows', async () => {
    const value = fc.constantFrom(1, '1', 'a', null, true)
    await fc.assert(
      fc.asyncProperty(fc.array(fc.record({ x: value }), { maxLength: 30 }), async (rows) => {
        const groups = await group(rows, ['x'])
        expect(groups.reduce((sum, one) => sum + Number(one.count), 0)).toBe(rows.length)
        expect(groups.length).toBe(new Set(rows.map((row) => JSON.stringify(row.x))).size)
        const other = await group(rows.toReversed(), ['x'])
        expect(new Set(other.map((one) => JSON.stringify(one)))).toEqual(
          new Set(groups.map((one) => JSON.stringify(one))),
        )
      }),
    )
  })
})
