import type { Row } from '../bench/report.ts'
import { median } from '../bench/statistics.ts'
import type { Load, Measured } from './load-process.ts'
import { type BenchHub, measure } from './processes.ts'

export interface Sides {
  /** The server's own port. */
  direct: number
  hub: BenchHub
  token?: string | undefined
  seconds: number
  rounds: number
}

type Work = Pick<Load, 'tool' | 'connections' | 'rate' | 'anyAnswer'>

/** The same work directly and through the hub, one after the other, several times: what the hop adds is the difference. */
export async function both(sides: Sides, work: Work): Promise<{ direct: Measured[]; through: Measured[] }> {
  const { direct, hub, token, seconds, rounds } = sides
  const found = { direct: [] as Measured[], through: [] as Measured[] }
  for (let round = 0; round < rounds; round++) {
    found.direct.push(await measure({ ...work, port: direct, seconds }))
    found.through.push(await measure({ ...work, port: hub.port, seconds, token, pid: hub.pid }))
  }
  return found
}

type Figure = 'p50' | 'p99' | 'rate'

const middle = (list: readonly Measured[], figure: Figure) => median(list.map((one) => one[figure]))

/** A row of what the hop adds to a figure in milliseconds. */
export function addedRow(
  work: string,
  figure: 'p50' | 'p99',
  { direct, through }: { direct: Measured[]; through: Measured[] },
  most?: number,
): Row {
  // Each round's two sides met the same machine.
  const added = median(through.map((one, round) => one[figure] - (direct[round]?.[figure] ?? 0)))
  return {
    work,
    unit: 'ms',
    measured: added,
    ...(most !== undefined && { budget: { most } }),
    note: `${figure} ${middle(direct, figure).toFixed(2)} ms directly, ${middle(through, figure).toFixed(2)} ms through the hub`,
  }
}

/** A row of calls per second through the hub. */
export function rateRow(work: string, through: readonly Measured[], least?: number): Row {
  const spent = through.flatMap(({ microseconds }) => (microseconds === undefined ? [] : [microseconds]))
  const each = spent.length === 0 ? '' : `${Math.round(median(spent))} µs of processor time per call`
  return {
    work,
    unit: 'calls/s',
    measured: middle(through, 'rate'),
    ...(least !== undefined && { budget: { least } }),
    note: each,
  }
}
