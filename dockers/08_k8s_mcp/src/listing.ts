import { GatehouseError } from '@gatehouse/errors'
import { type Listing, overviewText } from '@gatehouse/kubernetes'
import { Page } from '@gatehouse/tools'
import { decodeCursor, digestOf, encodeCursor, type Paging } from './cursor.ts'
import { rowLines } from './row-lines.ts'
import type { ListingReply } from './schemas/output.ts'

export { snapshotOf } from './cursor.ts'

/**
 * A list as a page: from the cursor on, at most `limit` rows, as many as the reply's budget holds. The list must have
 * been read with `snapshotOf(input)`, so that a second page belongs to the first.
 */
export function listingPage<Input extends Paging>(list: Listing, input: Input): Page<ListingReply> {
  const cursor = decodeCursor(input)
  const offset = cursor?.offset ?? 0
  const keys = list.keys ?? list.items.map((item) => `${item.namespace ?? ''}/${item.name ?? ''}`)
  if (cursor && (offset > keys.length || digestOf(keys.slice(0, offset)) !== cursor.before)) {
    throw new GatehouseError('CURSOR_EXPIRED', 'The list changed since the page before')
  }
  const rows = list.items.slice(offset, offset + (input.limit ?? list.items.length))
  const notes = [...(list.notes ?? [])]
  if (list.forbidden.length > 0) notes.push(`not readable with this identity: ${someOf(list.forbidden)}`)
  return new Page(rows, (items) => {
    const end = offset + items.length
    const next = { offset: end, resourceVersion: list.resourceVersion, before: digestOf(keys.slice(0, end)) }
    return {
      target: list.target,
      total: list.total,
      shown: items.length,
      ...(end < list.items.length && { continue: encodeCursor(next, input) }),
      ...(list.grouped !== undefined && { grouped: list.grouped }),
      ...(list.overview && { overview: list.overview }),
      items: items as ListingReply['items'],
      ...(notes.length > 0 && { note: notes.join('; ') }),
    }
  })
}

/** Target line, overview, rows, and always how many of how many. */
export function listingText(reply: ListingReply): string {
  const { target, total, shown, items, overview, grouped } = reply
  const where = target.namespace ? `, namespace ${target.namespace === '*' ? 'all' : target.namespace}` : ''
  const head = `context ${target.context}${where}, as ${target.identity}`
  const number = typeof total === 'number' ? String(total) : `more than ${total.atLeast}`
  if (items.length === 0) return `${head}\nnone found${note(reply)}`
  const what = grouped === undefined ? 'in all' : `groups of ${grouped}`
  const counts = overview ? `: ${overviewText(overview)}` : ''
  const rest = reply.continue ? `; continue: "${reply.continue}", or narrow the question` : ''
  const end = `${shown} of ${number} shown${rest}${note(reply)}`
  return [head, `${number} ${what}${counts}`, ...rowLines(items), end].join('\n')
}

function someOf(names: readonly string[]): string {
  const shown = names.slice(0, 8).join(', ')
  return names.length > 8 ? `${shown} and ${names.length - 8} more` : shown
}

function note(reply: ListingReply): string {
  return reply.note ? `\nnote: ${reply.note}` : ''
}
