import { readFileSync, writeFileSync } from 'node:fs'
import { loadavg } from 'node:os'
import { parseArgs } from 'node:util'
import { circumstances } from './bench/report.ts'
import { measureClean } from './bench-sanitizer/clean.ts'
import { measureHostile } from './bench-sanitizer/hostile.ts'
import { measureRecall } from './bench-sanitizer/recall.ts'
import { type Figures, missed, reportOf } from './bench-sanitizer/report.ts'
import { askSecretlint } from './bench-sanitizer/second-opinion.ts'
import { measureThroughput } from './bench-sanitizer/throughput.ts'

const HELP = `npm run bench:sanitizer [-- options]: what the sanitizer finds, what it touches wrongly, how long it takes

  --quick        some 40,000 cases and 10,000 clean lines; docs/sanitizer.md stays as it is
  --cases N      claimed cases at least (400,000)
  --seed N       seed of the generators (today's day number); the same seed makes the same cases
  --json FILE    also write the figures as JSON

Exit code 1 when a figure is missed. The report goes to stdout and into docs/sanitizer.md, progress to stderr.
`
const DOCS = new URL('../docs/sanitizer.md', import.meta.url)
const CASES = { full: 400_000, quick: 1 }
const LINES = { full: 100_000, quick: 10_000 }

const { values } = parseArgs({
  options: {
    quick: { type: 'boolean', default: false },
    cases: { type: 'string' },
    seed: { type: 'string' },
    json: { type: 'string' },
    help: { type: 'boolean', short: 'h' },
  },
})
if (values.help) process.stdout.write(HELP)
else await main()

async function main(): Promise<void> {
  const interrupted = Promise.withResolvers<'interrupted'>()
  for (const signal of ['SIGINT', 'SIGTERM'] as const)
    process.once(signal, () => interrupted.resolve('interrupted'))
  const figures = await Promise.race([measure(), interrupted.promise])
  if (figures === 'interrupted') {
    say('stopped; nothing was written')
    process.exit(130)
  }
  const report = reportOf(figures)
  console.log(report)
  if (!values.quick) writeDocs(report)
  if (values.json) writeFileSync(values.json, `${JSON.stringify(figures, asPlain, 2)}\n`)
  for (const { label, input, output, seen } of figures.recall.claimed.examples)
    say(
      `leak: ${label}\n  ${JSON.stringify(seen)} of ${JSON.stringify(input)}\n  in ${JSON.stringify(output)}`,
    )
  for (const line of figures.clean.examples) say(`touched: ${JSON.stringify(line)}`)
  for (const line of missed(figures)) say(`MISS: ${line}`)
  process.exit(missed(figures).length > 0 ? 1 : 0)
}

async function measure(): Promise<Figures> {
  const { quick } = values
  const size = quick ? 'quick' : 'full'
  const seed = whole('seed', values.seed) ?? Math.floor(Date.now() / 86_400_000)
  const cases = whole('cases', values.cases) ?? CASES[size]
  const before = loadavg()[0] ?? 0
  say(`seed ${seed}`)
  const recall = await measureRecall({ cases, seed, quick, say })
  say('clean lines')
  const clean = await measureClean(seed, LINES[size])
  say('throughput')
  const throughput = measureThroughput(seed, quick)
  say('hostile input')
  const hostile = await measureHostile()
  say('second opinion')
  const secondOpinion = await askSecretlint(seed)
  return {
    about: `${circumstances(before)}, seed ${seed}.`,
    recall,
    clean,
    throughput,
    hostile,
    secondOpinion,
  }
}

function whole(name: string, text: string | undefined): number | undefined {
  if (text === undefined || /^\d{1,9}$/.test(text)) return text === undefined ? undefined : Number(text)
  say(`--${name} takes a whole number, not ${JSON.stringify(text)}`)
  process.exit(2)
}

function writeDocs(report: string): void {
  const [start, end] = ['<!-- figures:start -->', '<!-- figures:end -->']
  const text = readFileSync(DOCS, 'utf8')
  const from = text.indexOf(start)
  const to = text.indexOf(end)
  if (from === -1 || to < from) throw new Error(`docs/sanitizer.md lacks ${start} or ${end}`)
  writeFileSync(DOCS, `${text.slice(0, from + start.length)}\n${report}\n${text.slice(to)}`)
}

function asPlain(_key: string, value: unknown): unknown {
  return value instanceof Map ? Object.fromEntries(value) : value
}

function say(line: string): void {
  process.stderr.write(`${line}\n`)
}
