import type { Clean } from './clean.ts'
import type { Worst } from './hostile.ts'
import type { Recall, Tallies } from './recall.ts'
import type { SecondOpinion } from './second-opinion.ts'
import type { Throughput } from './throughput.ts'

export type Figures = {
  about: string
  recall: Recall
  clean: Clean
  throughput: Throughput[]
  hostile: Worst[]
  secondOpinion: SecondOpinion
}

/** What must hold. Times are processor time. */
const MOST = { leaks: 0, touched: 0.001, page: 5, hostile: 100 }

/** What was missed, in words; empty where all figures hold. */
export function missed({ recall, clean, throughput, hostile }: Figures): string[] {
  const page = throughput.find(({ work }) => work.startsWith('64 KB') && work.endsWith('clean'))
  return [
    ...(recall.claimed.leaks > MOST.leaks ? [`${recall.claimed.leaks} claimed cases leak`] : []),
    ...(share(clean) > MOST.touched ? [`${percent(share(clean))} of clean lines are touched`] : []),
    ...(page && page.processor > MOST.page ? [`64 KB take ${page.processor.toFixed(1)} ms`] : []),
    ...hostile
      .filter(({ milliseconds }) => milliseconds > MOST.hostile)
      .map(({ stage, milliseconds }) => `${stage} takes ${milliseconds.toFixed(0)} ms on a hostile megabyte`),
  ]
}

/** The figures as Markdown, for the terminal and for docs/sanitizer.md. */
export function reportOf(figures: Figures): string {
  const { about, recall, clean, throughput, hostile, secondOpinion } = figures
  const { texts, before, after } = secondOpinion
  return [
    about,
    `### Summary\n\n${summary(figures)}`,
    `### Claimed, by class\n\n${tallyTable('Class', recall.classes)}`,
    `### Claimed, by disguise\n\n${tallyTable('Disguise', recall.disguises)}`,
    `### Not claimed, measured all the same\n\n${unclaimedTable(recall.unclaimed)}`,
    `### Clean lines\n\n${clean.lines} lines, ${clean.distinct} of them distinct: ${clean.touched} touched in pages, ` +
      `${clean.alone} as fields of an object.`,
    `### Throughput\n\n${table(
      ['Work', 'Processor time, p50', 'By the clock, p50'],
      throughput.map(({ work, processor, wall }) => [work, milliseconds(processor), milliseconds(wall)]),
    )}`,
    `### Worst hostile megabyte\n\n${table(
      ['Pattern or stage', 'Inputs', 'Worst', 'Shape'],
      hostile.map((worst) => [
        worst.stage,
        String(worst.inputs),
        milliseconds(worst.milliseconds),
        shapeOf(worst),
      ]),
    )}`,
    `### Second opinion\n\nsecretlint's recommended rules find a secret in ${before} of ${texts} generated texts ` +
      `before and in ${after} after sanitising.`,
  ].join('\n\n')
}

function summary(figures: Figures): string {
  const { recall, clean, throughput, hostile } = figures
  const slowest = hostile.reduce((one, other) => (other.milliseconds > one.milliseconds ? other : one))
  const page = throughput[0]?.processor ?? 0
  return table(
    ['Figure', 'Target', 'Measured'],
    [
      [
        `leaks in ${recall.claimed.cases} cases of ${recall.triples} claimed triples`,
        String(MOST.leaks),
        String(recall.claimed.leaks),
      ],
      [`clean lines touched, of ${clean.lines}`, `≤ ${percent(MOST.touched)}`, percent(share(clean))],
      ['64 KB of logs, p50', `≤ ${MOST.page} ms`, milliseconds(page)],
      [
        'worst hostile megabyte, one pattern',
        `≤ ${MOST.hostile} ms`,
        `${milliseconds(slowest.milliseconds)} (${slowest.stage})`,
      ],
    ],
  )
}

function tallyTable(title: string, tallies: Tallies): string {
  const rows = [...tallies].map(([name, { cases, leaks }]) => [name, String(cases), String(leaks)])
  return table([title, 'Cases', 'Leaks'], rows)
}

function unclaimedTable(tallies: Tallies): string {
  const rows = [...tallies].map(([name, { cases, leaks }]) => [
    name,
    String(cases),
    percent(leaks / Math.max(1, cases)),
  ])
  return table(['What', 'Cases', 'Leak rate'], rows)
}

function table(head: readonly string[], rows: readonly string[][]): string {
  const line = (cells: readonly string[]) =>
    `| ${cells.map((cell) => cell.replaceAll('|', '\\|')).join(' | ')} |`
  return [line(head), `| ${head.map(() => '---').join(' | ')} |`, ...rows.map(line)].join('\n')
}

function share({ lines, touched, alone }: Clean): number {
  return Math.max(touched, alone) / Math.max(1, lines)
}

function shapeOf({ shape }: Worst): string {
  return shape.length > 70
    ? `\`${shape.slice(0, 60).replaceAll('`', '')}…\``
    : `\`${shape.replaceAll('`', '')}\``
}

function percent(value: number): string {
  return `${(value * 100).toFixed(value > 0 && value < 0.001 ? 4 : 1)} %`
}

function milliseconds(value: number): string {
  return `${value.toFixed(value < 10 ? 2 : 0)} ms`
}
