import { randomUUID } from 'node:crypto'
import type { Plan } from '@gatehouse/operations'
import { expect, it } from 'vitest'
import { cancel, decide, getRequest, listRequests, propose, type Store } from '../src/index.ts'
import {
  aClock,
  anOperation,
  aPlan,
  aRequest,
  cast,
  MINUTE,
  onBothEngines,
  somebody,
  VIEW,
  yesTo,
} from './harness.ts'

onBothEngines('a proposal', (bench) => {
  it('repeated while it waits is the same request, also a hundred times at once (A11)', async () => {
    const store = await bench.fresh()
    const { agent } = await cast(store)
    const intent = randomUUID()
    // Each call plans anew: other markers, salts, times and digests, the same intent.
    const call = async () => {
      const plan = aPlan(agent, await store.now(), { operations: [anOperation({ intent })] })
      return propose(store, agent, { plan, viewDigest: VIEW })
    }
    const results = await Promise.all(Array.from({ length: 100 }, call))
    expect(new Set(results.map(({ request }) => request.requestId)).size).toBe(1)
    expect(results.filter(({ repeated }) => !repeated)).toHaveLength(1)
    const [first] = results
    expect((await getRequest(store, first?.request.requestId ?? '')).seen).toBe(100)
  })

  it('is another request for another requester, after a decision, and after the expiry', async () => {
    const clock = aClock()
    const store = await bench.fresh({ clock })
    const { agent, alice } = await cast(store)
    const other = await somebody(store, { subject: 'agent-2', kind: 'agent' })
    const operations = [anOperation()]
    const ids = [
      (await aRequest(store, agent, { operations })).requestId,
      (await aRequest(store, other, { operations })).requestId,
    ]
    await decide(store, alice, yesTo(await getRequest(store, ids[0] ?? '')))
    ids.push((await aRequest(store, agent, { operations })).requestId)
    clock.pass(61 * MINUTE)
    ids.push((await aRequest(store, agent, { operations })).requestId)
    expect(new Set(ids).size).toBe(4)
    expect((await getRequest(store, ids[2] ?? '')).state).toBe('expired')
  })

  it('is refused above the quota of its requester and of all (F46)', async () => {
    const store = await bench.fresh({ pendingPerRequester: 5, pendingInAll: 8 })
    const { agent } = await cast(store)
    const other = await somebody(store, { subject: 'agent-2', kind: 'agent' })
    for (let number = 0; number < 5; number++) await aRequest(store, agent)
    await expect(aRequest(store, agent)).rejects.toMatchObject({ code: 'RATE_LIMITED' })
    for (let number = 0; number < 3; number++) await aRequest(store, other)
    await expect(aRequest(store, other)).rejects.toMatchObject({ code: 'RATE_LIMITED' })
  })

  it('is refused where too much of its requester waits already, however few requests that are', async () => {
    const store = await bench.fresh({ pendingBytesPerRequester: 50_000 })
    const { agent } = await cast(store)
    const other = await somebody(store, { subject: 'agent-2', kind: 'agent' })
    const large = (by = agent) =>
      aRequest(store, by, bodyOf({ data: { a: 'ü'.repeat(15_000) } }, randomUUID()))
    const first = await large()
    await expect(large()).rejects.toMatchObject({
      code: 'RATE_LIMITED',
      message: expect.stringContaining('MB may wait'),
      hint: expect.stringContaining('cancel'),
    })
    // Small ones still fit, and others have their own share.
    await aRequest(store, agent)
    await large(other)
    await cancel(store, agent, first.requestId)
    // One alone may be larger than all may be together.
    const third = await somebody(store, { subject: 'agent-3', kind: 'agent' })
    await aRequest(store, third, bodyOf({ data: { a: 'x'.repeat(60_000) } }))
    await large()
  })

  it('names what is wrong with it and stores nothing', async () => {
    const store = await bench.fresh()
    const { agent, alice } = await cast(store)
    const now = await store.now()
    const tries: [Partial<Plan>, string][] = [
      [{ requester: { subject: 'bob', kind: 'agent', credential: 'x' } }, 'plan.requester'],
      [{ requester: { subject: 'agent-1', kind: 'human', credential: 'x' } }, 'plan.requester'],
      [{ requester: { subject: 'agent-1', kind: 'agent', credential: 'x', behind: 'a' } }, 'behind'],
      [{ operations: [] }, 'plan.operations'],
      [{ policy: { level: 2, approvers: 0, rules: [], digest: 'x' } }, 'plan.policy.approvers'],
      [{ expiresAt: now - 1 }, 'The time to decide'],
      [{ expiresAt: now + 48 * 60 * MINUTE }, 'plan.expiresAt'],
      [{ createdAt: now - 60 * MINUTE }, 'plan.createdAt'],
      [{ createdAt: 1.5 }, 'plan.createdAt'],
      [{ claim: { reason: 'lone \ud800 surrogate' } }, 'claim.reason'],
      [
        bodyOf({ spec: { replicas: 2 ** 53 } }),
        'operations.0.request.body.spec.replicas: integer beyond 2^53',
      ],
      [bodyOf({ spec: { replicas: Number.POSITIVE_INFINITY } }), 'not a finite number'],
      [bodyOf(deep(200)), 'more than 100 levels'],
      [bodyOf({ at: new Date() }), 'not plain data'],
    ]
    for (const [change, message] of tries)
      await expect(
        propose(store, agent, { plan: aPlan(agent, now, change), viewDigest: VIEW }),
      ).rejects.toThrow(message)
    await expect(propose(store, agent, { plan: aPlan(agent, now), viewDigest: 'short' })).rejects.toThrow(
      'viewDigest',
    )
    // A person's token may decide and therefore not propose; the person's session may.
    await expect(propose(store, alice, { plan: aPlan(alice, now), viewDigest: VIEW })).rejects.toThrow(
      'scope propose',
    )
    expect((await listRequests(store)).requests).toEqual([])
  })

  it('keeps what JSON can hold: NUL, __proto__, minus zero, 2^53 - 1', async () => {
    const store = await bench.fresh()
    const { agent, alice } = await cast(store)
    const body = JSON.parse(
      '{"__proto__":{"a":"\\u0000"},"n":9007199254740991,"z":-0,"text":"ü \\ud83d\\ude00"}',
    )
    const request = await aRequest(store, agent, bodyOf(body))
    const stored = await getRequest(store, request.requestId)
    expect(JSON.stringify(stored.plan.operations[0]?.request.body)).toContain('"__proto__":{"a":"\\u0000"}')
    expect((await decide(store, alice, yesTo(request))).request.state).toBe('approved')
  })

  it('is listed newest first, page by page', async () => {
    const clock = aClock()
    const store = await bench.fresh({ clock })
    const { agent } = await cast(store)
    const ids: string[] = []
    for (let number = 0; number < 25; number++) {
      clock.pass(1)
      ids.unshift((await aRequest(store, agent)).requestId)
    }
    expect(await allOf(store, 10)).toEqual(ids)
    expect((await listRequests(store, { states: ['approved'] })).requests).toEqual([])
    expect((await listRequests(store, { requester: 'nobody' })).requests).toEqual([])
  })
})

async function allOf(store: Store, limit: number): Promise<string[]> {
  const ids: string[] = []
  for (let cursor: string | undefined; ; ) {
    const page = await listRequests(store, { limit, ...(cursor !== undefined && { cursor }) })
    ids.push(...page.requests.map(({ requestId }) => requestId))
    cursor = page.cursor
    if (cursor === undefined) return ids
  }
}

function bodyOf(body: unknown, intent = anOperation().intent): Partial<Plan> {
  return { operations: [anOperation({ intent, request: { ...anOperation().request, body } })] }
}

function deep(levels: number): unknown {
  let value: unknown = 1
  for (let level = 0; level < levels; level++) value = { a: value }
  return value
}
