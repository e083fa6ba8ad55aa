import { describe, expect, test } from 'vitest'
import { createSanitizer } from '../src/index.ts'
import { VENDORS } from '../src/patterns/vendor-table.ts'
import { carriers } from './corpus/carriers.ts'
import { textClasses } from './corpus/classes/index.ts'
import { knownValues } from './corpus/classes/known.ts'
import { cleanPages, touchedLines } from './corpus/clean/index.ts'
import { hostileInputs, stages } from './corpus/hostile.ts'
import { leakIn, windowsOf } from './corpus/leaks.ts'
import { emptyTally, measure, sanitised } from './corpus/measure.ts'
import { Random } from './corpus/random.ts'
import { allTriples } from './corpus/triples.ts'

// One seed, so that a failure can be seen again; `npm run bench:sanitizer` takes others.
const SEED = 4
const sanitizer = createSanitizer({ key: 'corpus', known: knownValues })
const triples = allTriples()
const claimed = triples.filter((triple) => triple.claimed)
const classNames = [...new Set(claimed.map(({ className }) => className))]

describe('the generator', () => {
  test('plants secrets that can be seen before sanitising', () => {
    let inputs = 0
    let hidden = 0
    for (const triple of triples) {
      const sample = triple.sample(SEED, 0)
      if (!sample) continue
      const windows = windowsOf(sample.secrets)
      for (const input of sample.inputs.slice(0, 2)) {
        inputs++
        if (leakIn('text' in input ? input.text : JSON.stringify(input.object), windows) === undefined)
          hidden++
      }
    }
    expect(inputs).toBeGreaterThan(30_000)
    expect(hidden / inputs).toBeLessThan(0.001)
  })

  test('makes the same cases from the same seed, others from another', () => {
    const [triple] = claimed
    expect(triple?.sample(1, 0)).toEqual(triple?.sample(1, 0))
    expect(triple?.sample(1, 0)).not.toEqual(triple?.sample(2, 0))
  })

  test('has a class for every row of the vendor table', () => {
    for (const { kind, prefix } of VENDORS) expect(classNames).toContain(`${kind} ${prefix}`)
  })
})

describe('no eight characters of a secret survive', () => {
  test('in any claimed triple', () => {
    const tally = emptyTally()
    for (const triple of claimed) measure(sanitizer, triple, { seed: SEED, round: 0, most: 1 }, tally)
    expect(tally.examples).toEqual([])
    expect(tally.leaks).toBe(0)
    expect(tally.cases).toBeGreaterThan(20_000)
  })

  test.each(classNames)('%s, cut at every offset', (name) => {
    const tally = emptyTally()
    const cuts = claimed.filter((triple) => triple.className === name && triple.disguise.startsWith('cut'))
    const random = new Random(SEED, name)
    for (const triple of [random.pick(cuts), random.pick(cuts)])
      if (triple) measure(sanitizer, triple, { seed: SEED, round: 0 }, tally)
    expect(tally.examples).toEqual([])
  })
})

describe('clean lines', () => {
  test('at most one in a thousand is touched, in pages and alone', () => {
    let lines = 0
    const touched: string[] = []
    for (const page of cleanPages(SEED, 50_000)) {
      touched.push(...touchedLines(page, sanitizer.text(page)))
      for (const line of page.split('\n')) {
        lines++
        if (sanitizer.text(line) !== line) touched.push(line)
      }
    }
    expect(lines).toBeGreaterThanOrEqual(50_000)
    expect(touched.length / lines, touched.slice(0, 5).join('\n')).toBeLessThanOrEqual(0.001)
  })
})

describe('over the corpus', () => {
  test('sanitising twice is sanitising once', () => {
    for (const triple of claimed) {
      const input = triple.sample(SEED, 1)?.inputs.at(-1)
      if (!input) continue
      const once = sanitised(sanitizer, input)
      const twice = 'text' in input ? sanitizer.text(once) : JSON.stringify(sanitizer.value(JSON.parse(once)))
      expect(twice, `${triple.className} | ${triple.carrier} | ${triple.disguise}`).toBe(once)
    }
  })

  test.each(['name=value', 'JWT', 'URL userinfo', 'flag with =', 'github-token ghp_', 'known value'])(
    '%s: one secret has one digest in every carrier',
    (name) => {
      const planted = textClasses.find((one) => one.name === name)?.plant(new Random(SEED, name))
      const outputs = carriers.flatMap(({ text, object }) => [
        sanitizer.text(text(planted!, new Random(SEED))) as string,
        ...(object ? [JSON.stringify(sanitizer.value(sanitizer.maskObject(object(planted!))))] : []),
      ])
      const digests = outputs.map((output) => /\[redacted:[a-z-]+:([0-9a-f]{12})\]/.exec(output)?.[1])
      expect(new Set(digests).size).toBe(1)
      expect(digests[0]).toBeDefined()
    },
  )
})

describe('hostile input', () => {
  test.each(stages())('$name is finished, and twice is once', (stage) => {
    for (const { shape, text } of hostileInputs(stage, 16_384)) {
      const once = sanitizer.text(text)
      expect(sanitizer.text(once), shape).toBe(once)
    }
  })

  test('more findings than can be marked cost only the lines that hold them', () => {
    const page = `first\n${'token=x1y2z3\n'.repeat(30_000)}between\ntoken=x1y2z3\nlast`
    const clean = '[withheld: too many findings]'
    expect(sanitizer.text(page)).toBe(`first\n${clean}\nbetween\n${clean}\nlast`)
  })
})
