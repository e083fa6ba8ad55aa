import { type Cluster, startCluster } from '@gatehouse/testing'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { torture } from './torture/torture.ts'

// The full run is `npm run torture`; its result is in docs/testing.md.
const RUNS = 300

let cluster: Cluster
beforeAll(async () => {
  // Nothing happens by itself here, so that every version has its author.
  cluster = await startCluster({ controllers: false, nodes: 1 })
})
afterAll(async () => {
  await cluster?.stop()
})

describe('random faults, deaths, takeovers and meddling', () => {
  it(`never give two effects, and never a wrong word about one, in ${RUNS} runs`, {
    timeout: 300_000,
  }, async () => {
    const seed = Math.floor(Math.random() * 1e6)
    const report = await torture(cluster, { runs: RUNS, seed, parallel: 12 })
    expect(report.broken, `seed ${seed}`).toEqual([])
    expect(report.most).toBe(1)
    expect(report.runs).toBe(RUNS)
    // A run in which nothing ever happens would prove nothing.
    expect(report.effects).toBeGreaterThan(RUNS / 4)
  })
})
