import { writeFileSync } from 'node:fs'
import { availableParallelism, loadavg } from 'node:os'

/** What a row must stay within. `ratio` is measured against the bare API request of the same round. */
export type Budget = { most: number } | { least: number } | { ratio: number }

export interface Row {
  work: string
  unit: 'ms' | 'tokens' | 'calls/s' | 'MB'
  measured?: number
  /** The same work without a server in between, from the same rounds. */
  bare?: number
  budget?: Budget
  /** How it was measured, or why it was not. */
  note?: string
}

export type Verdict = 'pass' | 'MISS' | 'skipped' | ''

export function verdictOf(row: Row): Verdict {
  const { measured, bare, budget } = row
  if (measured === undefined) return 'skipped'
  if (!budget) return ''
  if ('most' in budget) return measured <= budget.most ? 'pass' : 'MISS'
  if ('least' in budget) return measured >= budget.least ? 'pass' : 'MISS'
  if (bare === undefined) return 'skipped'
  return measured / bare <= budget.ratio ? 'pass' : 'MISS'
}

/** The rows as a Markdown table, so that a terminal and docs/benchmarks.md show the same. */
export function tableOf(rows: readonly Row[]): string {
  const cells = rows.map((row) => [
    row.work,
    budgetText(row.budget),
    amount(row.measured, row.unit),
    amount(row.bare, row.unit),
    row.measured !== undefined && row.bare ? `${(row.measured / row.bare).toFixed(2)} ×` : '–',
    verdictOf(row),
    row.note ?? '',
  ])
  const all = [['Work', 'Budget', 'Measured', 'Bare', 'Ratio', '', 'Note'], ...cells]
  const widths = all.reduce<number[]>(
    (most, line) => line.map((cell, index) => Math.max(most[index] ?? 0, cell.length)),
    [],
  )
  const lines = all.map((line) => `| ${line.map((cell, at) => cell.padEnd(widths[at] ?? 0)).join(' | ')} |`)
  const rule = `| ${widths.map((width) => '-'.repeat(Math.max(3, width))).join(' | ')} |`
  return [lines[0], rule, ...lines.slice(1)].join('\n')
}

/** A row as one line of progress. */
export function rowLine(row: Row): string {
  const { work, measured, bare, unit, note } = row
  const ratio =
    measured !== undefined && bare ? ` = ${(measured / bare).toFixed(2)} × ${amount(bare, unit)}` : ''
  return `${verdictOf(row).padEnd(7)} ${work}: ${amount(measured, unit)}${ratio}${note ? ` (${note})` : ''}`
}

/** One line about the machine and how busy it was. No host name: reports are committed. */
export function circumstances(loadBefore: number): string {
  const after = loadavg()[0] ?? 0
  const date = new Date().toISOString().slice(0, 10)
  const load = `load ${loadBefore.toFixed(1)} before, ${after.toFixed(1)} after`
  return `${date}, Node ${process.versions.node}, ${availableParallelism()} cores, ${load}`
}

export function writeJson(file: string, about: string, rows: readonly Row[]): void {
  const report = { about, rows: rows.map((row) => ({ ...row, verdict: verdictOf(row) })) }
  writeFileSync(file, `${JSON.stringify(report, null, 2)}\n`)
}

function budgetText(budget: Budget | undefined): string {
  if (!budget) return '–'
  if ('most' in budget) return `≤ ${budget.most}`
  if ('least' in budget) return `≥ ${budget.least}`
  return `≤ ${budget.ratio} ×`
}

function amount(value: number | undefined, unit: Row['unit']): string {
  if (value === undefined) return '–'
  const digits = unit !== 'ms' || value >= 100 ? 0 : value < 1 ? 2 : 1
  return `${value.toFixed(digits)} ${unit}`
}
