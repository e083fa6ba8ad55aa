import { bound, withheld } from './bound.ts'
import { findDecoded } from './decode.ts'
import type { KnownValues } from './known-values.ts'
import type { Marker } from './mark.ts'
import { normalise } from './normalise.ts'
import { findPatterns } from './patterns/index.ts'
import { type OnRedacted, redact, replaceLines } from './redact.ts'
import type { Span } from './span.ts'

/** All in characters except findings. Beyond them text is withheld (input, decoded, findings) or cut (output). */
const LIMITS = { input: 4_194_304, output: 4_194_304, decoded: 2_097_152, findings: 500_000 }

// A digest for each would take too long: of more findings only the lines that hold them are withheld.
const TOO_MANY = { most: 20_000, instead: withheld('too many findings') }

const PASSES = 6

class Withheld extends Error {}

/**
 * Stages 2 to 6 over one text. Repeated until nothing changes, so that sanitising a reply again, at the
 * next door, changes nothing. Never throws and never returns what it could not finish.
 */
export function sanitiseText(
  input: string,
  marker: Marker,
  known: KnownValues,
  redacted: OnRedacted,
): string {
  if (input.length > LIMITS.input) return withheld(`text over ${LIMITS.input} characters`)
  try {
    return bound(stable(input, marker, known, redacted), LIMITS.output)
  } catch (error) {
    return withheld(error instanceof Withheld ? error.message : 'sanitizer failed')
  }
}

function stable(input: string, marker: Marker, known: KnownValues, redacted: OnRedacted): string {
  const find = (held: string) => findAll(held, known, marker.isBlind)
  let text = input
  for (let pass = 0; pass < PASSES; pass++) {
    const before = text
    const plain = normalise(before)
    text = redact(plain, marker, find, redacted, TOO_MANY)
    if (text === plain && (plain === before || pass > 0)) return text
    if (text === plain && normalise(text) === text) return text
  }
  // Each redaction makes the next: the work of someone who wants to hide the rest. Only these lines go.
  return replaceLines(text, marker, find, redacted, withheld('redaction did not settle'))
}

function findAll(text: string, known: KnownValues, wholeOnly: boolean): Span[] {
  const spans: Span[] = []
  const find = (plain: string, out: Span[]) => {
    known.find(plain, out, wholeOnly)
    findPatterns(plain, out)
    if (out.length > LIMITS.findings) throw new Withheld('too many findings')
  }
  find(text, spans)
  if (!findDecoded(text, find, LIMITS.decoded, spans)) throw new Withheld('too much encoded data')
  if (spans.length > LIMITS.findings) throw new Withheld('too many findings')
  return spans
}
