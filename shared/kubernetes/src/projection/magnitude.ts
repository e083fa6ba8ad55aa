import { parseQuantity } from '../describe/quantity.ts'
import type { Column } from '../table/table.ts'

const TIMES = new Set(['age', 'lastSeen', 'firstSeen', 'lastSchedule', 'duration'])
const DURATION = /^(?:(\d+)y)?(?:(\d+)d)?(?:(\d+)h)?(?:(\d+)m)?(?:(\d+)s)?$/
const UNIT_SECONDS = [31_536_000, 86_400, 3_600, 60, 1]
// Without exponents: `1e3` in a column is a name.
const QUANTITY = /^-?\d+(?:\.\d+)?(?:m|k|[MGTPE]|[KMGTPE]i)?$/

/** Whether a column prints how long something is ago or took; `5m` means minutes there, elsewhere thousandths. */
export function isTime(column: Column): boolean {
  return column.type === 'date' || TIMES.has(column.key)
}

/** Seconds of `3d4h`, `90s`, `2y5d`, undefined for anything else. */
export function secondsOf(text: string): number | undefined {
  const parts = text === '' ? null : DURATION.exec(text)
  return parts?.slice(1).reduce((sum, part, index) => sum + Number(part ?? 0) * (UNIT_SECONDS[index] ?? 0), 0)
}

/** The number a quantity such as `500m`, `16Gi` or `3` stands for, undefined for anything else. */
export function quantityOf(text: string): number | undefined {
  return QUANTITY.test(text) ? parseQuantity(text) : undefined
}
