import { MARK, type Marker } from './mark.ts'
import { type Span, unite } from './span.ts'

// Stands for a mark of ours while patterns look at the text; normalised text cannot contain it.
const HELD = '\0'

/** Told about each redaction: its class. */
export type OnRedacted = (kind: string) => void

/**
 * Replaces what `find` finds by marks. Marks of ours that are already there are held out of the text
 * meanwhile: a secret that is already redacted is not redacted again. Of more than `most` findings no marks
 * are made: the lines that hold them are replaced by `instead`.
 */
export function redact(
  text: string,
  marker: Marker,
  find: (text: string) => Span[],
  redacted: OnRedacted,
  { most, instead }: { most: number; instead: string },
): string {
  const mark = (kind: string, value: string) => {
    redacted(kind)
    return marker.mark(kind, value)
  }
  return replace(text, marker, (held) => {
    const spans = secretsOf(held, find)
    return spans.length <= most ? { spans, by: mark } : linesInstead(held, spans, redacted, instead)
  })
}

/** Replaces the lines in which `find` still finds something. */
export function replaceLines(
  text: string,
  marker: Marker,
  find: (text: string) => Span[],
  redacted: OnRedacted,
  instead: string,
): string {
  return replace(text, marker, (held) => linesInstead(held, secretsOf(held, find), redacted, instead))
}

function linesInstead(
  held: string,
  spans: readonly Span[],
  redacted: OnRedacted,
  instead: string,
): Replacement {
  const lines = wholeLines(held, spans)
  // Text that begins withheld is counted by whoever receives it.
  for (const { start } of lines) if (start > 0) redacted('withheld')
  return { spans: lines, by: () => instead }
}

type Replacement = { spans: readonly Span[]; by: (kind: string, value: string) => string }

function replace(text: string, marker: Marker, look: (held: string) => Replacement): string {
  const marks: string[] = []
  const held = text.includes('[redacted:') ? hold(text, marker, marks) : text
  const { spans, by } = look(held)
  if (spans.length === 0) return text
  let mark = 0
  const unhold = (piece: string) =>
    marks.length === 0 ? piece : piece.replaceAll(HELD, () => marks[mark++] ?? '')
  let result = ''
  let from = 0
  for (const { start, end, kind } of spans) {
    result += unhold(held.slice(from, start)) + by(kind, unhold(held.slice(start, end)))
    from = end
  }
  return result + unhold(held.slice(from))
}

function secretsOf(held: string, find: (text: string) => Span[]): Span[] {
  return unite(find(held)).filter(({ start, end }) => end > start && held.slice(start, end) !== HELD)
}

/** The lines that spans touch; neighbouring ones, and a line break that ends the text, in one. */
function wholeLines(text: string, spans: readonly Span[]): Span[] {
  const lines: Span[] = []
  for (const { start, end, kind } of spans) {
    const last = lines.at(-1)
    if (last && end <= last.end) continue
    const next = text.indexOf('\n', end)
    const lineEnd = next === -1 || next === text.length - 1 ? text.length : next
    const lineStart = start === 0 ? 0 : text.lastIndexOf('\n', start - 1) + 1
    if (last && lineStart <= last.end + 1) last.end = lineEnd
    else lines.push({ start: lineStart, end: lineEnd, kind })
  }
  return lines
}

function hold(text: string, marker: Marker, marks: string[]): string {
  return text.replace(MARK, (mark, digest: string | undefined) => {
    if (!marker.isOwn(digest)) return mark
    marks.push(mark)
    return HELD
  })
}
