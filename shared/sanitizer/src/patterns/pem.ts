import type { Memo, Pattern, Span } from '../span.ts'
import { bodyAfter, bodyBefore } from './pem-body.ts'

const HEADER = /PRIVATE[ +]KEY(?:[ +]BLOCK)?-{0,5}/y
const LONGEST = 16_384

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
    const end = blockEnd(text, start, header, memo)
    if (end > header) out.push({ start, end, kind: 'private-key' })
    return Math.max(end, header)
  },
}

function derBlock(text: string, index: number, out: Span[]): number {
  DER.lastIndex = index
  if (!DER.test(text)) return index + 1
  const end = bodyAfter(text, index, index)
  out.push({ start: index, end, kind: 'private-key' })
  return end
}

/** The END line when it is near; without one the body lines that follow are the rest of the block. */
function blockEnd(text: string, start: number, from: number, memo: Memo): number {
  // Where an earlier header already looked in vain there is no need to look again.
  const seen = Math.max(from, memo.noPemEndBefore ?? 0)
  const near = text.slice(seen, from + LONGEST)
  const closing = /-{3,5}END[A-Z0-9 +]{0,40}(?:-{1,5}|$)/.exec(near)
  if (closing && !text.slice(from, seen + closing.index).includes('\u0002'))
    return seen + closing.index + closing[0].length
  if (!closing) memo.noPemEndBefore = Math.max(seen, from + LONGEST - 64)
  return bodyAfter(text, start, from)
}
