import type { Bare, Steps } from './bare.ts'
import { median, timeEach } from './statistics.ts'

export interface Comparison {
  measured: number
  bare: number
}

export interface Plan {
  rounds: number
  /** Runs of each side in one round. */
  runs: number
}

/**
 * Medians of the same work with and without a server in between. The two take turns in short rounds, so that
 * whatever else the machine does slows both alike.
 */
export async function compare(
  bare: Bare,
  steps: Steps,
  ours: () => Promise<unknown>,
  { rounds, runs }: Plan,
): Promise<Comparison> {
  const warmUp = Math.max(3, runs >> 1)
  await bare.times(steps, warmUp)
  await timeEach(warmUp, ours)
  const measured: number[] = []
  const limit: number[] = []
  for (let round = 0; round < rounds; round++) {
    limit.push(...(await bare.times(steps, runs)))
    measured.push(...(await timeEach(runs, ours)))
  }
  return { measured: median(measured), bare: median(limit) }
}
