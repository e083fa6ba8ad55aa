import { MARK, type Marker } from './mark.ts'
import { type Span, unite } from './span.ts'

// Stands for a mark of ours while patterns look at the text; normalised text cannot contain it.
const HELD = '\0'

/** Told about each redaction: its class. */
export type OnRedacted = (kind: string) => void

/**
 * Replaces what `find` finds by marks. Marks of ours that are already there are held out of the text
 * meanwhile: a secret that is already redacted is not redacted again.
 */
export function redact(
  text: string,
  marker: Marker,
  find: (text: string) => Span[],
  redacted: OnRedacted,
): string {
  return replace(text, marker, find, (kind, value) => {
    redacted(kind)
    return marker.mark(kind, value)
  })
}

/** Replaces every line in which `find` still finds something. */
export function replaceLines(
  text: string,
  marker: Marker,
  find: (text: string) => Span[],
  line: string,
): string {
  const lines = (held: string) => wholeLines(held, secretsOf(held, find))
  return replace(text, marker, lines, () => line)
}

function replace(
  text: string,
  marker: Marker,
  find: (text: string) => Span[],
  instead: (kind: string, value: string) => string,
): string {
  const marks: string[] = []
  const held = text.includes('[redacted:') ? hold(text, marker, marks) : text
  const spans = secretsOf(held, find)
  if (spans.length === 0) return text
  let mark = 0
  const unhold = (piece: string) =>
    marks.length === 0 ? piece : piece.replaceAll(HELD, () => marks[mark++] ?? '')
  let result = ''
  let from = 0
  for (const { start, end, kind } of spans) {
    result += unhold(held.slice(from, start)) + instead(kind, unhold(held.slice(start, end)))
    from = end
  }
  return result + unhold(held.slice(from))
}

function secretsOf(held: string, find: (text: string) => Span[]): Span[] {
  return unite(find(held)).filter(({ start, end }) => end > start && held.slice(start, end) !== HELD)
}

function wholeLines(text: string, spans: readonly Span[]): Span[] {
  const lines: Span[] = []
  for (const { start, end, kind } of spans) {
    const last = lines.at(-1)
    if (last && end <= last.end) continue
    const next = text.indexOf('\n', end)
    const from = last && start <= last.end ? last.end : text.lastIndexOf('\n', start - 1) + 1
    lines.push({ start: start === 0 ? 0 : from, end: next === -1 ? text.length : next, kind })
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
