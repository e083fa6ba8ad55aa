import { parseArgs } from 'node:util'
import { torture } from '../shared/operations/test/torture/torture.ts'
import { startCluster } from '../shared/testing/src/index.ts'

/** npm run torture -- --runs 10000 --seed 1: exactly-once under random faults, against a real API server. */
const { values } = parseArgs({
  options: {
    runs: { type: 'string', default: '10000' },
    seed: { type: 'string', default: String(Math.floor(Math.random() * 1e9)) },
    parallel: { type: 'string', default: '8' },
  },
})
const [runs, seed, parallel] = [values.runs, values.seed, values.parallel].map(Number)
if (![runs, seed, parallel].every((number) => Number.isSafeInteger(number) && Number(number) >= 0)) {
  console.error('--runs, --seed and --parallel are whole numbers')
  process.exit(2)
}

await using cluster = await startCluster({ controllers: false, nodes: 1, log: console.error })
console.error(`${runs} runs from seed ${seed}, ${parallel} at a time`)
const started = Date.now()
const report = await torture(cluster, {
  runs: runs ?? 0,
  seed: seed ?? 0,
  parallel: parallel ?? 8,
  progress: (done, { broken, most }) => {
    if (done % 100 !== 0 && done !== runs) return
    const seconds = Math.round((Date.now() - started) / 1000)
    console.error(
      `${done} of ${runs} after ${seconds} s: most effects of one run ${most}, broken ${broken.length}`,
    )
  },
})
console.log(JSON.stringify({ seed, ...report, broken: report.broken.slice(0, 20) }, null, 2))
process.exitCode = report.broken.length === 0 && report.most <= 1 ? 0 : 1
