import { base64Runs } from './decode-base64.ts'
import {
  type Decoded,
  decodeJson,
  decodePercent,
  hasJsonEscape,
  hasPercent,
  withoutHidden,
} from './decode-escapes.ts'
import { normalise } from './normalise.ts'
import { type Span, unite } from './span.ts'

/** Looks for secrets in plain text: stages 3 and 4. */
export type Find = (text: string, out: Span[]) => void

// Keeps neighbouring decoded runs apart; normalised text has no such sign and no pattern crosses it.
const APART = '\n\u0002\n'

/**
 * Stage 5: one level of base64, URL and JSON escaping, searched again. An encoded run that hides a
 * secret goes as a whole; of escaped text only the secret goes.
 * @param budget decoded characters at most
 * @returns false where the budget did not suffice: the text must then be withheld
 */
export function findDecoded(text: string, find: Find, budget: number, out: Span[]): boolean {
  const { runs, spent } = base64Runs(text, budget)
  if (spent > budget) return false
  if (runs.length > 0) {
    let start = 0
    const found: Span[] = []
    find(runs.map((run) => normalise(run.decoded).replaceAll('\u0002', ' ')).join(APART), found)
    const united = unite(found)
    let next = 0
    for (const run of runs) {
      const end = start + normalise(run.decoded).length
      while (next < united.length && (united[next]?.end ?? 0) <= start) next++
      const hit = united[next]
      if (hit && hit.start < end) out.push({ start: run.start, end: run.end, kind: 'encoded' })
      start = end + APART.length
    }
  }
  if (hasPercent(text)) findEscaped(decodePercent(text), find, out)
  if (hasJsonEscape(text)) findEscaped(decodeJson(text), find, out)
  return true
}

function findEscaped(decoded: Decoded, find: Find, out: Span[]): void {
  // Both readings: what looks like a colour may be half of a letter.
  for (const reading of [decoded, withoutHidden(decoded)]) {
    if (!reading) continue
    const { text, origin } = reading
    const found: Span[] = []
    find(text, found)
    for (const { start, end, kind } of found)
      out.push({ start: origin[start] ?? 0, end: origin[end] ?? 0, kind })
  }
}
