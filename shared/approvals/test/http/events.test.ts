import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { cancel, recordEvent, revokeToken, SYSTEM } from '../../src/index.ts'
import { type Site, startSite } from './site.ts'
import { Visitor } from './visitor.ts'

let site: Site
beforeAll(async () => {
  site = await startSite({ heartbeatMs: 50, staleEveryMs: 50 })
})
afterAll(() => site.close())

/** Reads an event stream until something is there, or until it ends. */
class Listener {
  text = ''
  ended = false
  status = 0
  readonly #stop = new AbortController()
  readonly #waiting = new Set<() => void>()

  static async open(path: string, headers: Record<string, string>): Promise<Listener> {
    const listener = new Listener()
    const response = await fetch(site.url + path, { headers, signal: listener.#stop.signal })
    listener.status = response.status
    void listener.#read(response)
    return listener
  }

  async #read(response: Response): Promise<void> {
    try {
      for await (const chunk of response.body ?? []) {
        this.text += Buffer.from(chunk).toString()
        for (const wake of this.#waiting) wake()
      }
    } catch {
      // Closed by this side.
    }
    this.ended = true
    for (const wake of this.#waiting) wake()
  }

  async until(done: () => boolean): Promise<void> {
    while (!done()) await new Promise<void>((resolve) => this.#waiting.add(resolve))
  }

  events(): { sequence?: number; type: string; requestId: string }[] {
    return [...this.text.matchAll(/^data: (\{.+\})$/gm)].map((match) => JSON.parse(match[1] ?? ''))
  }

  close(): void {
    this.#stop.abort()
  }
}

const as = (token: string) => ({ authorization: `Bearer ${token}` })

describe('event streams', () => {
  it('tell that something happened to which request, and never what', async () => {
    const listener = await Listener.open('/api/events', as(site.tokens.alice))
    await listener.until(() => listener.text.includes('retry:'))
    const { requestId } = await site.request({ title: 'a very particular title' })
    await listener.until(() => listener.events().length > 0)
    const [event] = listener.events()
    expect(event).toEqual({ sequence: expect.any(Number), type: 'request.created', requestId })
    expect(listener.text).toContain(`id: ${event?.sequence}\n`)
    expect(listener.text).not.toContain('particular')
    listener.close()
  })

  it('go on where they were left, without gap or repetition', async () => {
    const first = await site.request()
    const listener = await Listener.open('/api/events?after=0', as(site.tokens.alice))
    await listener.until(() => listener.events().some(({ requestId }) => requestId === first.requestId))
    const last = listener.events().at(-1)?.sequence ?? 0
    listener.close()
    const missed = await Promise.all([site.request(), site.request(), site.request()])
    const again = await Listener.open('/api/events?after=0', {
      ...as(site.tokens.alice),
      'last-event-id': String(last),
    })
    const later = await site.request()
    await again.until(() => again.events().some(({ requestId }) => requestId === later.requestId))
    const ids = again.events().map(({ requestId }) => requestId)
    expect(ids).toHaveLength(4)
    expect(new Set(ids)).toEqual(new Set([...missed, later].map(({ requestId }) => requestId)))
    again.close()
  })

  it('catch up over more than is read at once, and say when that was too much', async () => {
    const actor = SYSTEM
    await site.store.write(async (tx) => {
      for (let count = 0; count < 600; count++) await tx.audit({ type: 'request.noted', actor })
    })
    const listener = await Listener.open('/api/events?after=0', as(site.tokens.alice))
    const { requestId } = await site.request()
    await listener.until(() => listener.events().some((event) => event.requestId === requestId))
    const noted = listener.events().filter(({ type }) => type === 'request.noted')
    expect(noted).toHaveLength(600)
    listener.close()
    await site.store.write(async (tx) => {
      for (let count = 0; count < 10_000; count++) await tx.audit({ type: 'session.noted', actor })
    })
    const late = await Listener.open('/api/events?after=0', as(site.tokens.alice))
    await late.until(() => late.events().some(({ type }) => type === 'events.skipped'))
    late.close()
  })

  it('are no use to a page of somebody else', async () => {
    const visitor = new Visitor(site)
    await visitor.login(site.tokens.alice)
    for (const origin of ['https://evil.example', 'http://127.0.0.1:9', 'null'])
      expect((await visitor.get('/api/events', { origin })).status).toBe(403)
  })

  it('of one request tell of that one alone', async () => {
    const mine = await site.request()
    const listener = await Listener.open(`/api/approvals/${mine.requestId}/events`, as(site.tokens.alice))
    await listener.until(() => listener.text.includes('retry:'))
    await site.request()
    await cancel(site.store, site.principals.agent, mine.requestId)
    await listener.until(() => listener.events().some(({ type }) => type === 'request.cancelled'))
    expect(new Set(listener.events().map(({ requestId }) => requestId))).toEqual(new Set([mine.requestId]))
    listener.close()
  })

  it('tell when the object of an open request changes, and when it is back', async () => {
    const { requestId } = await site.request()
    const listener = await Listener.open(`/api/approvals/${requestId}/events`, as(site.tokens.alice))
    const changes = () => listener.events().filter(({ type }) => type === 'object.changed').length
    site.stale.set(requestId, 'replicas are now 4')
    await listener.until(() => changes() === 1)
    site.stale.delete(requestId)
    await listener.until(() => changes() === 2)
    listener.close()
  })

  it('do not tell who looks or logs in: pages would load themselves for ever', async () => {
    const { requestId } = await site.request()
    const listener = await Listener.open('/api/events', as(site.tokens.alice))
    await listener.until(() => listener.text.includes('retry:'))
    const visitor = new Visitor(site)
    await visitor.login(site.tokens.bob)
    await visitor.get(`/requests/${requestId}`)
    await recordEvent(site.store, { type: 'token.issued', actor: SYSTEM })
    await cancel(site.store, site.principals.agent, requestId)
    await listener.until(() => listener.events().length > 0)
    expect(listener.events().map(({ type }) => type)).toEqual(['request.cancelled'])
    listener.close()
  })

  it('live on signs of life, which are no events', async () => {
    const listener = await Listener.open('/api/events', as(site.tokens.alice))
    await listener.until(() => (listener.text.match(/^: still here$/gm)?.length ?? 0) >= 3)
    expect(listener.events()).toEqual([])
    listener.close()
  })

  it('end when the token is revoked', async () => {
    const { id, token } = await site.newToken({ subject: 'fred' })
    const listener = await Listener.open('/api/events', as(token))
    await listener.until(() => listener.text.includes('retry:'))
    await revokeToken(site.store, id, SYSTEM)
    await listener.until(() => listener.ended)
    expect(listener.text).toMatch(/event: end\n/)
  })

  it('end with the log-out', async () => {
    const visitor = new Visitor(site)
    await visitor.login(site.tokens.alice)
    const cookie = `gatehouse-session=${visitor.cookies.get('gatehouse-session')}`
    const listener = await Listener.open('/api/events', { cookie })
    expect(listener.status).toBe(200)
    await visitor.submit('/', '/logout')
    await listener.until(() => listener.ended)
    expect(listener.text).toMatch(/event: end\n/)
  })

  it('are bounded for each person, and free again when left', async () => {
    const { token } = await site.newToken({ subject: 'gina' })
    const open = await Promise.all(Array.from({ length: 12 }, () => Listener.open('/api/events', as(token))))
    expect(open.map(({ status }) => status)).toEqual(Array(12).fill(200))
    expect((await site.get('/api/events', token)).status).toBe(429)
    const other = await Listener.open('/api/events', as(site.tokens.bob))
    expect(other.status).toBe(200)
    other.close()
    for (const one of open) one.close()
    for (;;) {
      const again = await Listener.open('/api/events', as(token))
      again.close()
      if (again.status === 200) break
    }
  })

  it('refuse what is no number to go on from', async () => {
    expect((await site.get('/api/events', site.tokens.alice, { 'last-event-id': 'x' })).status).toBe(400)
    expect(
      (await site.get('/api/approvals/01a21956-309a-74d1-98b1-d76b4172c2e4/events', site.tokens.alice))
        .status,
    ).toBe(404)
  })
})
