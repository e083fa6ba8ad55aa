import { afterAll, beforeAll, expect, it } from 'vitest'
import { type Site, startSite } from './site.ts'
import { Visitor } from './visitor.ts'

let site: Site
beforeAll(async () => {
  site = await startSite({ settings: { pendingPerRequester: 10_000 } })
  const { requestId } = await site.request()
  // 9,999 more by the database itself: what is measured is reading.
  const { sql } = await import('kysely')
  await sql`insert into requests (id, state, plan, plan_digest, view_digest, content_digest, requester_subject, seen, created_at, expires_at, fence)
    with recursive n(i) as (select 1 union all select i + 1 from n where i < 9999)
    select substr(id, 1, 24) || printf('%012x', i), state, plan, plan_digest, view_digest, 'c' || i, requester_subject, 1, created_at, expires_at, 0
    from requests, n where id = ${requestId}`.execute(site.store.db)
})
afterAll(() => site.close())

it('ten thousand requests that wait are counted, bounded and paged', async () => {
  const visitor = new Visitor(site)
  await visitor.login(site.tokens.alice)
  const first = await visitor.get('/')
  expect(first.text).toContain('10000 in all')
  expect(first.text).toContain('50 of 10000 shown')
  expect(first.text.match(/data-row/g)).toHaveLength(50)
  expect(first.text.length).toBeLessThan(100_000)
  const [, cursor] = /href="\/\?cursor=([^"]+)"/.exec(first.text) ?? []
  const second = await visitor.get(`/?cursor=${cursor}`)
  const ids = (text: string) => [...text.matchAll(/href="\/requests\/([^"]+)"/g)].map((match) => match[1])
  expect(new Set([...ids(first.text), ...ids(second.text)]).size).toBe(100)

  const page = (await (await site.get('/api/approvals/pending', site.tokens.alice)).json()) as {
    total: number
    items: object[]
    cursor: string
  }
  expect([page.total, page.items.length, typeof page.cursor]).toEqual([10_000, 50, 'string'])

  const search = await visitor.get('/history?search=nothing-has-this-word')
  expect(search.text).toContain('Searched the newest 500 requests')
})
