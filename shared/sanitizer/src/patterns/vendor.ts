import type { Memo, Pattern, Span } from '../span.ts'
import { VENDORS, type VendorRow } from './vendor-table.ts'

const NEAR = 100
const LENGTH = 40
const AWS_SECRET =
  /(?<![A-Za-z0-9/+=])(?=[A-Za-z0-9/+]{0,39}[a-z])(?=[A-Za-z0-9/+]{0,39}[A-Z])[A-Za-z0-9/+]{40}(?![A-Za-z0-9/+=])/g
const AWS_SECRET_CUT = /(?<![A-Za-z0-9/+=])[A-Za-z0-9/+]{8,40}\s{0,16}$/

const HEAD = 3
const byHead = Map.groupBy(VENDORS, ({ prefix }) => prefix.slice(0, HEAD))

/** Credentials that say by their prefix whose they are. */
export const vendor: Pattern = {
  id: 'vendor',
  anchors: [...new Set(VENDORS.map(({ prefix }) => prefix))],
  exact: true,
  find(text, index, out, memo) {
    let next = index + 1
    for (const row of byHead.get(text.slice(index, index + HEAD)) ?? []) {
      if (text.startsWith(row.prefix, index)) next = Math.max(next, match(text, index, row, out, memo))
    }
    return next
  },
}

function match(text: string, index: number, row: VendorRow, out: Span[], memo: Memo): number {
  if (!row.inside && /[A-Za-z0-9]/.test(text[index - 1] ?? '') && text[index - 2] !== '\\') return index + 1
  row.rest.lastIndex = index + row.prefix.length
  if (!row.rest.test(text)) return index + 1
  const end = row.rest.lastIndex
  out.push({ start: row.inside ? wordStart(text, index) : index, end, kind: row.kind })
  if (row.kind === 'aws-access-key') awsSecretNear(text, end, out, memo)
  return end
}

function wordStart(text: string, index: number): number {
  let start = index
  while (start > 0 && index - start < 12 && /[A-Za-z0-9]/.test(text[start - 1] ?? '')) start--
  return start
}

/** The secret half has no prefix; it usually stands close behind its id. */
function awsSecretNear(text: string, end: number, out: Span[], memo: Memo): void {
  // What lay whole before the end of an earlier search was found there.
  const from = Math.max(end, (memo.awsSearched ?? 0) - LENGTH - 1)
  memo.awsSearched = end + NEAR
  for (const found of text.slice(from, end + NEAR).matchAll(AWS_SECRET)) {
    out.push({ start: from + found.index, end: from + found.index + found[0].length, kind: 'aws-secret-key' })
  }
  if (end + NEAR < text.length) return
  const cut = AWS_SECRET_CUT.exec(text.slice(end))
  if (cut)
    out.push({
      start: end + cut.index,
      end: end + cut.index + cut[0].trimEnd().length,
      kind: 'aws-secret-key',
    })
}
