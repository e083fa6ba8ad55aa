import { setImmediate } from 'node:timers/promises'
import { createSanitizer } from '@gatehouse/sanitizer'
import { knownValues } from '../../shared/sanitizer/test/corpus/classes/known.ts'
import { emptyTally, measure, type Tally } from '../../shared/sanitizer/test/corpus/measure.ts'
import { allTriples, type Triple } from '../../shared/sanitizer/test/corpus/triples.ts'

export type Tallies = Map<string, Tally>
export type Recall = {
  claimed: Tally
  triples: number
  classes: Tallies
  disguises: Tallies
  unclaimed: Tallies
}
export type RecallOptions = { cases: number; seed: number; quick: boolean; say(line: string): void }

// After the first round, which tries every offset, later rounds are for other values.
const CUTS_LATER = 12
const CUTS_QUICK = 4
const UNCLAIMED_ROUNDS = 2
const UNCLAIMED_CUTS = 5

/** Generates cases until there are enough, each claimed triple at least once, and counts what leaks. */
export async function measureRecall({ cases, seed, quick, say }: RecallOptions): Promise<Recall> {
  const sanitizer = createSanitizer({ key: 'bench', known: knownValues })
  const triples = allTriples()
  const claimed = triples.filter((triple) => triple.claimed)
  const result: Recall = {
    claimed: emptyTally(),
    triples: claimed.length,
    classes: new Map(),
    disguises: new Map(),
    unclaimed: new Map(),
  }
  for (let round = 0; round === 0 || result.claimed.cases < cases; round++) {
    for (const [i, triple] of claimed.entries()) {
      const tally = emptyTally()
      const most = quick ? CUTS_QUICK : round === 0 ? Number.POSITIVE_INFINITY : CUTS_LATER
      measure(sanitizer, triple, { seed, round, most }, tally)
      for (const into of [
        result.claimed,
        of(result.classes, groupOf(triple)),
        of(result.disguises, triple.disguise),
      ])
        add(into, tally)
      if (i % 50 === 0) await setImmediate()
    }
    say(`round ${round + 1}: ${result.claimed.cases} claimed cases, ${result.claimed.leaks} leaks`)
  }
  for (const triple of triples.filter((one) => !one.claimed)) {
    for (let round = 0; round < (quick ? 1 : UNCLAIMED_ROUNDS); round++)
      measure(
        sanitizer,
        triple,
        { seed, round, most: UNCLAIMED_CUTS },
        of(result.unclaimed, unclaimedName(triple)),
      )
    await setImmediate()
  }
  return result
}

/** Rows of the vendor table by whose they are: `github-token ghp_` counts as `github-token`. */
function groupOf({ className }: Triple): string {
  return /^[a-z]+(?:-[a-z]+)+ \S+$/.exec(className) ? (className.split(' ')[0] ?? className) : className
}

/** By class where the class is the reason, and by disguise where that is. */
function unclaimedName(triple: Triple): string {
  const { className, disguise } = triple
  if (disguise === 'none') return className
  if (disguise === 'cut at the end') return `${className}, cut at the end`
  return disguise === 'JSON escapes' ? 'JSON escapes inside of JSON or a quoted field' : disguise
}

function of(tallies: Tallies, name: string): Tally {
  const tally = tallies.get(name) ?? emptyTally()
  tallies.set(name, tally)
  return tally
}

function add(into: Tally, { cases, leaks, examples }: Tally): void {
  into.cases += cases
  into.leaks += leaks
  into.examples.push(...examples.slice(0, 3 - into.examples.length))
}
