import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { parseFieldLists } from '../src/fields/field-lists.ts'
import { addPath, type FieldPath, type FieldTree, parseFieldPath } from '../src/fields/field-path.ts'
import { selectFields } from '../src/fields/select-fields.ts'

const KEYS = [
  'a',
  'b',
  'spec',
  'env',
  'value',
  '__proto__',
  'constructor',
  'toString',
  '[]',
  '*',
  'a.b',
  '',
  '0',
  'length',
]
const key = fc.oneof(fc.constantFrom(...KEYS), fc.string({ maxLength: 4 }))
const plainKey = fc.constantFrom('a', 'b', 'spec', 'env', 'value', '__proto__', 'constructor', 'a.b', '0')
const entries = (value: fc.Arbitrary<unknown>) =>
  fc.array(fc.tuple(key, value), { maxLength: 5 }).map((pairs) => Object.fromEntries(pairs))
const { value } = fc.letrec((tie) => ({
  value: fc.oneof(
    { depthSize: 'small', withCrossShrink: true },
    fc.oneof(fc.string(), fc.integer(), fc.boolean(), fc.constant(null)),
    entries(tie('value')),
    fc.array(tie('value'), { maxLength: 4 }),
  ),
}))
const object = entries(value)
const step = fc.oneof({ weight: 4, arbitrary: plainKey }, { weight: 1, arbitrary: fc.constant('*') })
const path: fc.Arbitrary<FieldPath> = fc
  .array(fc.tuple(step, fc.boolean()), { minLength: 1, maxLength: 4 })
  .map((steps) => steps.flatMap(([name, items]) => (items ? [name, '[]'] : [name])))

/** Every leaf of a value with the way to it; an empty object or list is one too. */
function leaves(data: unknown, way: (string | number)[] = []): { way: (string | number)[]; leaf: string }[] {
  if (data === null || typeof data !== 'object' || Object.keys(data).length === 0)
    return [{ way, leaf: JSON.stringify(data) }]
  const inside = Array.isArray(data) ? [...data.entries()] : Object.entries(data)
  return inside.flatMap(([name, child]) => leaves(child, [...way, name]))
}
/** Whether a path names a place above or at the way: written without the code under test. */
function covers(allowed: FieldPath, way: readonly (string | number)[]): boolean {
  if (allowed.length > way.length) return false
  return allowed.every((want, index) => {
    const is = way[index]
    if (typeof is === 'number') return want === '[]'
    if (want === '*') return true
    return want !== '[]' && want === is
  })
}
const at = (data: unknown, way: readonly (string | number)[]): unknown =>
  way.reduce<unknown>((inside, name) => (inside as Record<string | number, unknown>)[name], data)

describe('selectFields', () => {
  it('shows nothing that is not below an allowed path, and nothing but what is there', () => {
    fc.assert(
      fc.property(object, fc.array(path, { maxLength: 5 }), (data, paths) => {
        const tree: FieldTree = new Map()
        for (const one of paths) addPath(tree, one)
        const before = JSON.stringify(data)
        const { shown } = selectFields(data, tree)
        for (const { way, leaf } of leaves(shown)) {
          // What was emptied on the way may stay as an empty shell.
          if (leaf === '{}' || leaf === '[]' || leaf === undefined) continue
          expect(
            paths.some((one) => covers(one, way)),
            `${JSON.stringify(way)} by ${JSON.stringify(paths)}`,
          ).toBe(true)
          // Items that were left out keep their place.
          expect(JSON.stringify(at(data, way)) ?? 'undefined').toBe(leaf)
        }
        expect(JSON.stringify(data)).toBe(before)
        expect(Object.getPrototypeOf(shown)).toBe(Object.prototype)
      }),
      { numRuns: 5_000 },
    )
  })

  it('names what it hides, each once, and all of a field that no path reaches', () => {
    fc.assert(
      fc.property(object, (data) => {
        const { shown, hidden } = selectFields(data, new Map([['a', true]]))
        expect(Object.keys(shown).filter((name) => name !== 'a')).toEqual([])
        expect(new Set(hidden).size).toBe(hidden.length)
        expect(hidden).toEqual(
          Object.keys(data)
            .filter((name) => name !== 'a')
            .sort(),
        )
      }),
    )
  })

  it('keys of the data that look like steps are none', () => {
    const tree: FieldTree = new Map()
    addPath(tree, ['list', '[]', 'name'])
    addPath(tree, ['map', '*', 'name'])
    const data = {
      list: { '[]': { name: 'x', secret: 's' } },
      map: { '*': { name: 'y', secret: 's' } },
      '[]': 's',
      '*': 's',
    }
    expect(JSON.stringify(selectFields(data, tree).shown)).not.toContain('"s"')
  })
})

describe('parseFieldPath', () => {
  it.each([
    ['spec', ['spec']],
    ['spec.containers[].image', ['spec', 'containers', '[]', 'image']],
    ['metadata.annotations."example.org/a.b"', ['metadata', 'annotations', 'example.org/a.b']],
    ['a."b"[].c', ['a', 'b', '[]', 'c']],
    ['a.*', ['a', '*']],
    ['*[].x', ['*', '[]', 'x']],
    ['"__proto__".x', ['__proto__', 'x']],
  ])('%s', (text, expected) => {
    expect(parseFieldPath(text)).toEqual(expected)
  })

  it.each([
    ...[
      '',
      '.',
      '..',
      '.a',
      'a.',
      'a..b',
      '[]',
      'a.[]',
      'a[][]',
      'a[0]',
      'a[*]',
      'a[',
      'a]',
      'a[]b',
      '[]a',
      '$',
      '$.a',
      '/a',
    ],
    ...[
      '"',
      '""',
      '"a',
      'a"',
      'a"b"',
      '"a"b',
      '"a""b"',
      '"[]"',
      '"*"',
      'a."*"',
      'a."[]"',
      'a b',
      ' a',
      'a ',
      'a\n',
      'a,b',
      '**',
      '*a',
      'a*',
      'ä',
      '-a',
      '__proto__',
    ],
  ])('%j is none', (text) => {
    expect(parseFieldPath(text)).toBeUndefined()
  })

  it('never throws, and what it gives back says again what was written', () => {
    fc.assert(
      fc.property(
        fc.string({ unit: fc.constantFrom('a', '.', '"', '[', ']', '*', ' ', '\n'), maxLength: 12 }),
        (text) => {
          const parsed = parseFieldPath(text)
          if (!parsed) return
          const again = parsed
            .map((part, index) => (index === 0 || part === '[]' ? part : `.${part}`))
            .join('')
          expect(again).toBe(text.replaceAll('"', ''))
        },
      ),
      { numRuns: 20_000 },
    )
  })
})

it('apply: of 200 hidden fields 25 are named and the rest counted, and a name that is a text is none', () => {
  const lists = parseFieldLists('{ always: [kind], unknown: [], kinds: {} }', 'X')
  const data = Object.fromEntries(
    Array.from({ length: 200 }, (_, index) => [`f${String(index).padStart(3, '0')}`, 1]),
  )
  const { hidden } = lists.apply({ kind: 'Box', group: 'x' }, { ...data, ['y'.repeat(1_000_000)]: 1 })
  expect(hidden).toHaveLength(26)
  expect(hidden.at(-1)).toBe('and 176 more')
  expect(JSON.stringify(hidden).length).toBeLessThan(1_000)
})
