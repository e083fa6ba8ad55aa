import type { ClusterHandle } from '@gatehouse/testing'
import { type RunReport, run } from './run.ts'
import { openSite } from './site.ts'

export interface TortureOptions {
  runs: number
  /** Runs have this seed and those behind it. */
  seed: number
  /** Runs at the same time. */
  parallel?: number
  progress?: (done: number, report: TortureReport) => void
}

export interface TortureReport {
  runs: number
  /** Of each type, how many ended in each state. */
  states: Record<string, Record<string, number>>
  effects: number
  most: number
  broken: RunReport[]
}

/** Many runs; see run.ts. Nothing may be broken, and no run may have two effects. */
export async function torture(handle: ClusterHandle, options: TortureOptions): Promise<TortureReport> {
  const { runs, seed, parallel = 8, progress = () => {} } = options
  await using site = await openSite(handle)
  const report: TortureReport = { runs: 0, states: {}, effects: 0, most: 0, broken: [] }
  let next = seed
  const worker = async () => {
    while (next < seed + runs) {
      const one = await run(site, next++)
      report.runs++
      report.effects += one.effects
      report.most = Math.max(report.most, one.effects)
      const states = report.states[one.type] ?? {}
      states[one.state] = (states[one.state] ?? 0) + 1
      report.states[one.type] = states
      if (one.broken.length > 0) report.broken.push(one)
      progress(report.runs, report)
    }
  }
  await Promise.all(Array.from({ length: parallel }, worker))
  return report
}
