import { MARK, type Marker } from './mark.ts'
import { normalise } from './normalise.ts'

const BOUNDARY_HEX = 16
const MAX_SOURCE = 200
const IMITATION = /\[(?=\s{0,8}\/?\s{0,8}(?:untrusted|withheld|cut)\b)/gi
const ANY_MARK = /\[(?=\s{0,8}redacted\b)/gi

/**
 * Wraps sanitised text as data. The boundary is a keyed digest of source and content: the same for the
 * same text and key, and nothing inside can know it. What imitates a fence or a mark loses its bracket.
 */
export function fence(content: string, source: string, marker: Marker): string {
  const from = neutralise(
    normalise(source)
      .replace(/[\s"]+/g, ' ')
      .slice(0, MAX_SOURCE)
      .toWellFormed(),
    marker,
  )
  const inside = neutralise(content, marker)
  const boundary = marker.hmac('fence', `${from}\n${inside}`).slice(0, BOUNDARY_HEX)
  return `[untrusted:${boundary} source="${from}"]\n${inside}\n[/untrusted:${boundary}]`
}

function neutralise(text: string, marker: Marker): string {
  const own: string[] = []
  const held = text.replace(MARK, (mark, digest: string | undefined) => {
    if (!marker.isOwn(digest)) return mark
    own.push(mark)
    return '\0'
  })
  let next = 0
  return held
    .replace(IMITATION, '(')
    .replace(ANY_MARK, '(')
    .replaceAll('\0', () => own[next++] ?? '')
}
