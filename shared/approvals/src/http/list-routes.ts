import type { Sanitised } from '@gatehouse/sanitizer'
import type { Express } from 'express'
import { historyPage } from '../pages/history-page.ts'
import { inboxPage } from '../pages/inbox-page.ts'
import { matches } from '../pages/search.ts'
import type { Principal } from '../principal.ts'
import { listHeads, type RequestFilter } from '../read-request.ts'
import type { ListedView } from '../view/listing.ts'
import type { Door } from './door.ts'
import { cursorOf, statesOf } from './fields.ts'
import { readerOf, sessionOf } from './reader.ts'
import { countRequests } from './record-reads.ts'
import { writePage } from './write.ts'

/** What waits, and what was. */
export function listRoutes(app: Express, door: Door): void {
  const { store, sanitizer } = door.deps
  app.get('/', async (request, response) => {
    const session = await sessionOf(door, request)
    const { subject } = session.principal
    const reader = await readerOf(door, session)
    const cursor = cursorOf(request.query.cursor)
    const page = await listHeads(store, { states: ['pending'], ...(cursor !== undefined && { cursor }) })
    const total = await countRequests(store, 'pending')
    const requests = await Promise.all(page.heads.map((head) => door.listing.view(head, subject)))
    const next = page.cursor === undefined ? {} : { cursor: sanitizer.text(page.cursor) }
    writePage(response, 200, inboxPage(reader, { requests, total, ...next }))
  })
  app.get('/history', async (request, response) => {
    const session = await sessionOf(door, request)
    const { query } = request
    const [state] = statesOf(query.state) ?? []
    const search = typeof query.search === 'string' ? query.search.trim().slice(0, 200) : ''
    const cursor = cursorOf(query.cursor)
    const filter = { ...(state && { states: [state] }), ...(cursor !== undefined && { cursor }) }
    const found =
      search === ''
        ? await newest(door, session.principal, filter)
        : await searched(door, session.principal, filter, search)
    const next = found.cursor === undefined ? undefined : nextAddress(found.cursor, state ?? '', search)
    writePage(
      response,
      200,
      historyPage(await readerOf(door, session), {
        requests: found.requests,
        state,
        search,
        searched: found.searched,
        next: next === undefined ? undefined : sanitizer.text(next),
      }),
    )
  })
}

interface Found {
  requests: Sanitised<ListedView>[]
  cursor?: string | undefined
  searched?: number | undefined
}

async function newest(
  { deps, listing }: Door,
  { subject }: Principal,
  filter: RequestFilter,
): Promise<Found> {
  const { heads, cursor } = await listHeads(deps.store, filter)
  return { requests: await Promise.all(heads.map((head) => listing.view(head, subject))), cursor }
}

const MOST_SEARCHED = 500
const MOST_FOUND = 50

// In what is shown, not in the database: plans hold values that nobody may find by searching for them.
async function searched(
  { deps, listing }: Door,
  { subject }: Principal,
  filter: RequestFilter,
  search: string,
): Promise<Found> {
  const requests: Found['requests'] = []
  let { cursor } = filter
  for (let count = 0; count < MOST_SEARCHED; count += 100) {
    const page = await listHeads(deps.store, {
      ...filter,
      limit: 100,
      ...(cursor !== undefined && { cursor }),
    })
    const views = await Promise.all(page.heads.map((head) => listing.view(head, subject)))
    requests.push(...views.filter((view) => matches(view, search)))
    cursor = page.cursor
    if (cursor === undefined) return { requests }
    if (requests.length >= MOST_FOUND) return { requests, cursor }
  }
  return { requests, cursor, searched: MOST_SEARCHED }
}

function nextAddress(cursor: string, state: string, search: string): string {
  return `/history?${new URLSearchParams({ cursor, ...(state && { state }), ...(search && { search }) })}`
}
