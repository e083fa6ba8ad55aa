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
  const marks: string[] = []
  const held = text.includes('[redacted:') ? hold(text, marker, marks) : text
  const spans = unite(find(held)).filter(({ start, end }) => end > start && held.slice(start, end) !== HELD)
  if (spans.length === 0) return text
  let mark = 0
  const unhold = (piece: string) =>
    marks.length === 0 ? piece : piece.replaceAll(HELD, () => marks[mark++] ?? '')
  let result = ''
  let from = 0
  for (const { start, end, kind } of spans) {
    result += unhold(held.slice(from, start)) + marker.mark(kind, unhold(held.slice(start, end)))
    redacted(kind)
    from = end
  }
  return result + unhold(held.slice(from))
}

function hold(text: string, marker: Marker, marks: string[]): string {
  return text.replace(MARK, (mark, digest: string) => {
    if (!marker.isOwn(digest)) return mark
    marks.push(mark)
    return HELD
  })
}
