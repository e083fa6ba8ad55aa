import type { Sanitizer } from '../../src/index.ts'
import { leakIn, windowsOf } from './leaks.ts'
import type { Sample, Triple } from './triples.ts'

/** A secret that got through: enough to see it again. */
type Leak = { label: string; input: string; output: string; seen: string }

export type Tally = { cases: number; leaks: number; examples: Leak[] }

const KEPT = 3

/**
 * Sanitises one sample of a triple and adds to the tally what survived.
 * @param most of the inputs of a sample (a text cut at every offset has many), evenly spread
 */
export function measure(
  sanitizer: Sanitizer,
  triple: Triple,
  { seed, round, most = Number.POSITIVE_INFINITY }: { seed: number; round: number; most?: number },
  tally: Tally,
): void {
  const sample = triple.sample(seed, round)
  if (!sample) return
  const windows = windowsOf(sample.secrets)
  const step = Math.max(1, sample.inputs.length / most)
  for (let at = (round % 7) * (step / 7); at < sample.inputs.length; at += step) {
    const input = sample.inputs[Math.floor(at)]
    if (!input) break
    tally.cases++
    const output = sanitised(sanitizer, input)
    const seen = leakIn(output, windows)
    if (seen === undefined) continue
    tally.leaks++
    if (tally.examples.length < KEPT) {
      const label = `${triple.className} | ${triple.carrier} | ${triple.disguise} (seed ${seed}, round ${round})`
      const given = 'text' in input ? input.text : JSON.stringify(input.object)
      tally.examples.push({ label, input: given, output, seen })
    }
  }
}

/** Through the door that its kind of input takes. */
export function sanitised(sanitizer: Sanitizer, input: Sample['inputs'][number]): string {
  if ('text' in input) return sanitizer.text(input.text)
  return JSON.stringify(sanitizer.value(sanitizer.maskObject(input.object)))
}

export function emptyTally(): Tally {
  return { cases: 0, leaks: 0, examples: [] }
}
