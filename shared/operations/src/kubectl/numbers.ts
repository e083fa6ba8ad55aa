import { mistaken, quoted } from './refusal.ts'

/** A whole number within bounds, written in digits. */
export function numberOf(what: string, text: string, least: number, most: number): number {
  const value = /^-?[0-9]{1,10}$/.test(text) ? Number(text) : Number.NaN
  if (value >= least && value <= most) return value
  throw mistaken(`${what} is a whole number from ${least} to ${most}, not ${quoted(text)}`)
}
