import { createSanitizer } from '@gatehouse/sanitizer'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { SearchEntry } from '../../src/search/entry.ts'
import { fragmentOf, piecesOf } from '../../src/search/fragment.ts'
import { createIndex } from '../../src/search/search-index.ts'
import { askedWords, wordsOf } from '../../src/search/words.ts'

const LONGEST = 200
const MASK = '[redacted:authorization:f7d3a95fc6e7]'
// Words as descriptions have them, marks of Markdown, masks, other scripts, half surrogates.
const piece = fc.oneof(
  fc.constantFrom(
    'maxSurge',
    'the',
    'HTTPRoute',
    '*',
    '**',
    '***',
    '`',
    MASK,
    '部署',
    'é',
    '…',
    '(',
    ' ',
    '\n',
    '.',
    '[redacted:',
  ),
  fc.string({ unit: 'binary', maxLength: 12 }),
  fc.stringMatching(/^[a-zA-Z0-9]{1,30}$/),
)
const text = fc.array(piece, { maxLength: 120 }).map((pieces) => pieces.join(' '))
const anyText = fc.oneof(
  text,
  fc.array(piece, { maxLength: 60 }).map((pieces) => pieces.join('')),
)
const WORD = /[\p{L}\p{M}\p{N}]+/gu

describe('wordsOf', () => {
  it('gives every word, and the parts of those that are written together', () => {
    expect(wordsOf('spec.maxSurge of HTTPRoute, v1')).toEqual([
      'spec',
      'maxSurge',
      'max',
      'Surge',
      'of',
      'HTTPRoute',
      'HTTP',
      'Route',
      'v1',
    ])
    fc.assert(
      fc.property(anyText, (one) => {
        const words = wordsOf(one)
        expect(words.filter((word) => !/^[\p{L}\p{M}\p{N}]+$/u.test(word))).toEqual([])
        const whole = one.match(WORD) ?? []
        expect(words.filter((word) => !whole.some((other) => other.includes(word)))).toEqual([])
        expect(whole.filter((word) => !words.includes(word))).toEqual([])
      }),
    )
  })

  it('asks for what tells something, and for all where nothing does', () => {
    expect(askedWords('why does my pod restart')).toEqual(['pod', 'restart'])
    expect(askedWords('who is it')).toEqual(['who', 'is', 'it'])
  })
})

describe('fragmentOf', () => {
  const withWords = fc
    .record({ one: anyText, picked: fc.array(fc.nat(), { maxLength: 4 }) })
    .map(({ one, picked }) => {
      const words = wordsOf(one)
      return {
        one,
        words: words.length === 0 ? ['x'] : picked.map((index) => words[index % words.length] ?? ''),
      }
    })

  it('cuts no word and no mask, has whole marks, and is bounded', () => {
    fc.assert(
      fc.property(withWords, ({ one, words }) => {
        const pieces = piecesOf(fragmentOf(one, words))
        expect(pieces.length % 2).toBe(1)
        const shown = pieces.join('')
        expect(shown.length).toBeLessThanOrEqual(LONGEST)
        const wanted = new Set(words.map((word) => word.toLowerCase()))
        const inside = pieces.filter((_, index) => index % 2 === 1)
        for (const marked of inside) expect(marked).toMatch(/^[\p{L}\p{M}\p{N}]+$/u)
        for (const marked of inside) {
          expect(
            wordsOf(marked).some((word) => wanted.has(word.toLowerCase())),
            marked,
          ).toBe(true)
        }
        const source = new Set(one.match(WORD))
        expect((shown.match(WORD) ?? []).filter((word) => !source.has(word))).toEqual([])
        expect(shown.match(/\[redacted:authorization/g) ?? []).toHaveLength(shown.split(MASK).length - 1)
      }),
      { numRuns: 1_000 },
    )
  })

  it('is the text itself where it is short and nothing is marked', () => {
    const plain = fc.stringMatching(/^[a-z]([a-z .,]{0,150}[a-z])?$/)
    fc.assert(
      fc.property(plain, (one) => {
        const line = one.replaceAll(/\s+/g, ' ').trim()
        expect(fragmentOf(one, [])).toBe(line)
        expect(piecesOf(fragmentOf(one, wordsOf(one))).join('')).toBe(line)
      }),
    )
  })

  it('shows what was found, wherever it is', () => {
    fc.assert(
      fc.property(fc.nat(2_000), fc.nat(2_000), (before, after) => {
        const one = `${'word '.repeat(before)}needle ${'word '.repeat(after)}`
        expect(fragmentOf(one, ['needle'])).toContain('**needle**')
      }),
    )
  })

  it('keeps masks through the sanitizer', () => {
    const sanitizer = createSanitizer({ key: Buffer.alloc(32, 7), known: [] })
    const masked = sanitizer.text(`${'before '.repeat(40)}password: hunter2hunter2 ${'after '.repeat(40)}`)
    const shown = fragmentOf(masked, ['password', 'redacted', 'hunter2hunter2'])
    expect(shown).toMatch(/\*\*password\*\*: \[redacted:password:[0-9a-f]{12}\]/)
    expect(sanitizer.text(shown)).toBe(shown)
  })
})

describe('the index', () => {
  const entries = ['Deployment.spec.maxSurge', 'Crash loops', '部署', 'a', ''].map(
    (title): SearchEntry => ({ kind: 'topic', title, url: '/', text: `${title} and more of it` }),
  )

  it('answers any query', async () => {
    const index = await createIndex(entries)
    fc.assert(
      fc.property(fc.oneof(anyText, fc.string({ unit: 'binary', maxLength: 200 })), (query) => {
        for (const found of index.search(query.slice(0, 200))) expect(found.score).toBeGreaterThan(0)
      }),
      { numRuns: 1_000 },
    )
  })
})

describe('hostile inputs', () => {
  const HOSTILE = [
    'a',
    'A',
    'aA',
    '*',
    '**',
    '[',
    '[redacted:',
    '[redacted:a',
    ' ',
    '\u0301',
    '.',
    '-',
    '9',
    'aAAa',
  ].map((one) => [one, one.repeat(200).slice(0, 200)] as const)
  it.each(HOSTILE)('of %j take no time', async (one, query) => {
    const index = await createIndex([{ kind: 'topic', title: 'x', url: '/', text: one.repeat(5_000) }])
    // Anything worse than linear in one of them would not end before the test is given up.
    wordsOf(query)
    index.search(query)
    fragmentOf(one.repeat(100_000), wordsOf(query))
    fragmentOf(query, Array(200).fill(query))
    expect(wordsOf(query).join('').length).toBeLessThanOrEqual(2 * query.length)
  })
})
