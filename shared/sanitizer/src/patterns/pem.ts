import type { Memo, Pattern, Span } from '../span.ts'

const HEADER = /PRIVATE[ +]KEY(?:[ +]BLOCK)?-{0,5}/y
const LONGEST = 16_384
const LONGEST_LINE = 8_192
const TRAILING = /(?:\\n|[\s"'\\])$/
const LINE_BREAK = /(?:\\{1,4}[nrt]|[ \t]|\n|\\{1,4}(?=\n))+/y

// The first bytes of private keys in DER: a block that lost its BEGIN line still starts with them.
const DER =
  /(?:MII[A-Za-z0-9+/]{1,5}(?:IBAAKC|IBADANBgkqhkiG9w0B)|MC4CAQAwBQYDK2Vw|MIG[A-Za-z0-9]AgEAMB|MHcCAQEEI|b3BlbnNzaC1rZXktdjE)/y

/** Private key blocks of any kind, whole or cut at either end; certificates and public keys stay. */
export const pem: Pattern = {
  id: 'pem',
  anchors: ['PRIVATE', 'MII', 'MC4', 'MIG', 'MHc', 'b3B'],
  exact: true,
  find(text, index, out, memo) {
    HEADER.lastIndex = index
    if (!HEADER.test(text)) return derBlock(text, index, out)
    const header = HEADER.lastIndex
    const before = text.slice(Math.max(0, index - 40), index)
    if (!/-$/.test(text.slice(index, header)) && !/-{2,5}(?:BEGIN|END)[A-Z0-9 +]*$/.test(before))
      return header
    if (/END[A-Z0-9 +]*$/.test(before)) {
      out.push({
        start: bodyBefore(text, index - before.length + before.search(/-*END[A-Z0-9 +]*$/)),
        end: header,
        kind: 'private-key',
      })
      return header
    }
    const start = index - before.length + Math.max(0, before.search(/-*(?:B?E?G?I?N)?[A-Z0-9 +]*$/))
    const end = blockEnd(text, header, memo)
    if (end > header) out.push({ start, end, kind: 'private-key' })
    return Math.max(end, header)
  },
}

function derBlock(text: string, index: number, out: Span[]): number {
  DER.lastIndex = index
  if (!DER.test(text)) return index + 1
  const end = bodyAfter(text, index)
  out.push({ start: index, end, kind: 'private-key' })
  return end
}

/** The END line when it is near; without one the body lines that follow are the rest of the block. */
function blockEnd(text: string, from: number, memo: Memo): number {
  // Where an earlier header already looked in vain there is no need to look again.
  const seen = Math.max(from, memo.noPemEndBefore ?? 0)
  const near = text.slice(seen, from + LONGEST)
  const closing = /-{3,5}END[A-Z0-9 +]{0,40}(?:-{1,5}|$)/.exec(near)
  if (closing && !text.slice(from, seen + closing.index).includes('\u0002'))
    return seen + closing.index + closing[0].length
  if (!closing) memo.noPemEndBefore = Math.max(seen, from + LONGEST - 64)
  return bodyAfter(text, from)
}

function bodyAfter(text: string, from: number): number {
  let end = from
  for (let i = from; i < text.length; ) {
    LINE_BREAK.lastIndex = i
    const start = LINE_BREAK.test(text) ? LINE_BREAK.lastIndex : i
    const next = segmentEnd(text, start)
    if (next === start || !isBody(text.slice(start, next), next === text.length)) break
    end = next
    i = next
  }
  return end
}

function segmentEnd(text: string, start: number): number {
  let i = start
  while (
    i < text.length &&
    i - start < LONGEST_LINE &&
    text[i] !== '\n' &&
    text[i] !== '\\' &&
    text[i] !== ' '
  )
    i++
  return i
}

/** A body line is base64 or one of the old header words; the last one of a cut text may be short. */
function isBody(segment: string, isLast: boolean): boolean {
  if (/^[A-Za-z0-9+/]+={0,2}["'`,]{0,3}$/.test(segment))
    return segment.length >= 16 || isLast || /=/.test(segment) || /\d/.test(segment)
  return /^(?:Proc-Type:|DEK-Info:|4,ENCRYPTED|AES-|DES-|Version:|Comment:|Private-Lines:|[>|+-]+$)/.test(
    segment,
  )
}

/** Walks back over the lines before an END line while they look like a body; the first may be cut. */
function bodyBefore(text: string, end: number): number {
  let start = end
  for (let lines = 0; start > 0 && end - start < LONGEST; lines++) {
    const from = Math.max(0, start - LONGEST_LINE, lineBefore(text, start) + 1)
    const line = text.slice(from, start)
    if (line.trim() === '') {
      if (lines > 1) break
      start = Math.max(0, from - 1)
      continue
    }
    const body = bodyTail(line)
    if (body.end === body.start || (body.end - body.start < 16 && lines > 1)) break
    start = from + body.start
    if (body.start > 0 && !line.endsWith('\\n', body.start)) break
    if (body.start > 0) start -= 2
    if (from > 0 && text[start - 1] === '\n') start--
  }
  return start
}

function lineBefore(text: string, start: number): number {
  for (let i = start - 1; i >= 0 && start - i < LONGEST_LINE; i--) if (text[i] === '\n') return i
  return -1
}

/** The base64 that a line ends with, before quotes and escaped line breaks. */
function bodyTail(line: string): { start: number; end: number } {
  let end = line.length
  while (end > 0 && line.length - end < 16 && TRAILING.test(line.slice(Math.max(0, end - 2), end))) {
    end -= line.endsWith('\\n', end) ? 2 : 1
  }
  let start = end
  while (start > 0 && /[A-Za-z0-9+/=]/.test(line[start - 1] ?? '')) start--
  // The n of an escaped line break before the body is a letter too.
  if (start > 0 && line[start - 1] === '\\' && line[start] === 'n') start++
  return { start, end }
}
