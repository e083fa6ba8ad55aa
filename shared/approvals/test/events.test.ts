import { expect, it } from 'vitest'
import { decide, openFeed, recordEvent, type StoreEvent, SYSTEM } from '../src/index.ts'
import { aRequest, cast, onBothEngines, yesTo } from './harness.ts'

const event = (store: Parameters<typeof recordEvent>[0], number: number) =>
  recordEvent(store, { type: 'test.event', actor: SYSTEM, outcome: String(number) })

onBothEngines('the feed', (bench) => {
  it('tells everything once and in order, from any number on, while many write', async () => {
    const where = await bench.address()
    const store = await bench.open(where)
    const writer = bench.engine === 'postgres' ? await bench.open(where) : store
    await cast(store)
    const feed = await openFeed(store)
    const done = new AbortController()
    const collect = async (after: number) => {
      const seen: StoreEvent[] = []
      for await (const one of feed.subscribe({ after, signal: done.signal })) {
        seen.push(one)
        if (one.sequence === 63) break
      }
      return seen
    }
    const all = collect(0)
    const later = collect(40)
    await Promise.all(Array.from({ length: 60 }, (_, number) => event(number % 2 ? store : writer, number)))
    expect((await all).map(({ sequence }) => sequence)).toEqual(
      Array.from({ length: 63 }, (_, index) => index + 1),
    )
    expect((await later).map(({ sequence }) => sequence)).toEqual(
      Array.from({ length: 23 }, (_, index) => index + 41),
    )
    await feed.close()
  })

  it('tells of one request only, begins now, carries no content, and ends when told to', async () => {
    const store = await bench.fresh()
    const { agent, alice } = await cast(store)
    const feed = await openFeed(store)
    const other = await aRequest(store, agent)
    const request = await aRequest(store, agent)
    const done = new AbortController()
    const seen: StoreEvent[] = []
    const following = (async () => {
      const { requestId } = request
      for await (const one of feed.subscribe({ requestId, signal: done.signal })) {
        seen.push(one)
        if (one.type === 'decision.approve') done.abort()
      }
    })()
    await new Promise((resolve) => setTimeout(resolve, 50))
    await decide(store, alice, yesTo(other))
    await decide(store, alice, yesTo(request))
    await following
    expect(seen).toEqual([
      {
        sequence: expect.any(Number),
        type: 'decision.approve',
        requestId: request.requestId,
        time: expect.any(Number),
      },
    ])
    await feed.close()
  })

  if (bench.engine === 'postgres')
    it('goes on when its connections were cut', async () => {
      const store = await bench.fresh()
      await cast(store)
      const feed = await openFeed(store)
      const done = new AbortController()
      const stream = feed.subscribe({ after: 3, signal: done.signal })
      await event(store, 1)
      expect((await stream.next()).value).toMatchObject({ sequence: 4 })
      await bench.postgres().crash()
      await bench.postgres().start()
      const next = stream.next()
      await event(store, 2)
      expect((await next).value).toMatchObject({ sequence: 5 })
      done.abort()
      await feed.close()
    })
})
