import { createHash } from 'node:crypto'
import { type Listing, overviewText } from '@gatehouse/kubernetes'
import { decodeCursor, encodeCursor, Page, toTable } from '@gatehouse/tools'
import type { ListingReply } from './schemas/output.ts'

interface Paging {
  limit?: number | undefined
  continue?: string | undefined
}

/** A list as a page: from the cursor on, at most `limit` rows, as many as the reply's budget holds. */
export function listingPage<Input extends Paging>(list: Listing, input: Input): Page<ListingReply> {
  const question = fingerprint(input)
  const offset = decodeCursor(input.continue, question)
  const rows = list.items.slice(offset, offset + (input.limit ?? list.items.length))
  return new Page(rows, (items) => {
    const end = offset + items.length
    return {
      target: list.target,
      total: list.total,
      shown: items.length,
      ...(end < list.items.length && { continue: encodeCursor({ offset: end, question }) }),
      overview: list.overview,
      items: items as ListingReply['items'],
      ...(list.forbidden.length > 0 && {
        note: `not readable with this identity: ${list.forbidden.join(', ')}`,
      }),
    }
  })
}

/** Target line, overview, rows, and always how many of how many. */
export function listingText(reply: ListingReply): string {
  const { target, total, shown, items } = reply
  const where = target.namespace ? `, namespace ${target.namespace === '*' ? 'all' : target.namespace}` : ''
  const head = `context ${target.context}${where}, as ${target.identity}`
  const number = typeof total === 'number' ? String(total) : `more than ${total.atLeast}`
  if (items.length === 0) return `${head}\nnone found${note(reply)}`
  const rest = reply.continue ? `; continue: "${reply.continue}", or narrow the question` : ''
  return `${head}\n${number} in all: ${overviewText(reply.overview)}\n${toTable(items)}\n${shown} of ${number} shown${rest}${note(reply)}`
}

function note(reply: ListingReply): string {
  return reply.note ? `\nnote: ${reply.note}` : ''
}

// Everything but the cursor and the page's size belongs to the question.
function fingerprint(input: Paging): string {
  const { continue: _cursor, limit: _limit, ...question } = { maxTokens: undefined, ...input }
  const sorted = Object.entries(question)
    .filter(([key, value]) => value !== undefined && key !== 'maxTokens')
    .sort()
  return createHash('sha256').update(JSON.stringify(sorted)).digest('base64url').slice(0, 12)
}
