import type { Column } from '../table/table.ts'

const TIMES = new Set(['age', 'lastSeen', 'firstSeen', 'lastSchedule', 'duration'])
const DURATION = /^(?:(\d+)y)?(?:(\d+)d)?(?:(\d+)h)?(?:(\d+)m)?(?:(\d+)s)?$/
const UNIT_SECONDS = [31_536_000, 86_400, 3_600, 60, 1]
const QUANTITY = /^(-?\d+(?:\.\d+)?)(m|k|[KMGTPE]i?)?$/
const FACTORS: Record<string, number> = {
  m: 1e-3,
  k: 1e3,
  M: 1e6,
  G: 1e9,
  T: 1e12,
  P: 1e15,
  E: 1e18,
  Ki: 2 ** 10,
  Mi: 2 ** 20,
  Gi: 2 ** 30,
  Ti: 2 ** 40,
  Pi: 2 ** 50,
  Ei: 2 ** 60,
}

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
  const found = QUANTITY.exec(text)
  return found ? Number(found[1]) * (found[2] ? (FACTORS[found[2]] ?? 1) : 1) : undefined
}
