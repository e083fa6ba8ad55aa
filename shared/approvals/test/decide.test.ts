import { verifyExport } from '@gatehouse/audit'
import { expect, it, vi } from 'vitest'
import { claim } from '../src/claim.ts'
import {
  cancel,
  decide,
  exportRecord,
  getRequest,
  type Principal,
  propose,
  revokeToken,
  type Store,
  SYSTEM,
  setDisabled,
  startSession,
  sweep,
} from '../src/index.ts'
import { aClock, aPlan, aRequest, cast, MINUTE, onBothEngines, somebody, VIEW, yesTo } from './harness.ts'

const code = (promise: Promise<unknown>) =>
  promise.then(
    () => 'done',
    (error: { code?: string; message: string }) => error.code ?? error.message,
  )
const quorumOf = (approvers: number) => ({ policy: { level: 2, approvers, rules: [], digest: 'x' } })
const typesOf = async (store: Store, requestId: string) =>
  (
    await store.db
      .selectFrom('audit_chain')
      .select('type')
      .where('request_id', '=', requestId)
      .orderBy('seq')
      .execute()
  ).map(({ type }) => type)

onBothEngines('a decision', (bench) => {
  it('needs both digests of this request (A3, A12)', async () => {
    const store = await bench.fresh()
    const { agent, alice } = await cast(store)
    const request = await aRequest(store, agent)
    const other = await aRequest(store, agent)
    const { requestId, planDigest, viewDigest } = request
    const approve = (more: object) => decide(store, alice, { requestId, decision: 'approve', ...more })
    await expect(approve({})).rejects.toMatchObject({
      code: 'INVALID_INPUT',
      data: { planDigest, viewDigest },
    })
    expect(await code(approve({ planDigest }))).toBe('INVALID_INPUT')
    expect(await code(approve({ viewDigest }))).toBe('INVALID_INPUT')
    expect(await code(approve({ planDigest: other.planDigest, viewDigest }))).toBe('DIGEST_MISMATCH')
    expect(await code(approve({ planDigest, viewDigest: 'f'.repeat(64) }))).toBe('DIGEST_MISMATCH')
    expect((await getRequest(store, requestId)).state).toBe('pending')
    expect(await typesOf(store, requestId)).toEqual([
      'request.created',
      'decision.refused',
      'decision.refused',
    ])
    expect(await code(approve({ planDigest, viewDigest }))).toBe('done')
  })

  it('is never made by the one who asked, however that one comes (B13)', async () => {
    const store = await bench.fresh()
    const alice = await somebody(store, { subject: 'alice' })
    const again = await somebody(store, { subject: 'alice' })
    const session = (await startSession(store, alice)).principal
    const second = (await startSession(store, again)).principal
    const { request } = await propose(store, session, {
      plan: aPlan(session, await store.now()),
      viewDigest: VIEW,
    })
    for (const principal of [alice, again, session, second])
      expect(await code(decide(store, principal, yesTo(request)))).toBe('SELF_APPROVAL')
    // A subject that only looks different does not exist as a token, and would be compared folded.
    const forged = { ...alice, subject: 'ALICE' }
    expect(await code(decide(store, forged, yesTo(request)))).toBe('UNAUTHENTICATED')
    expect((await getRequest(store, request.requestId)).decisions).toEqual([])
  })

  it('is never made by the person behind the agent that asked', async () => {
    const store = await bench.fresh()
    const helper = await somebody(store, { subject: 'helper', kind: 'agent', behind: 'alice' })
    const alice = await somebody(store, { subject: 'alice' })
    const bob = await somebody(store, { subject: 'bob' })
    const request = await aRequest(store, helper)
    expect(await code(decide(store, alice, yesTo(request)))).toBe('SELF_APPROVAL')
    expect(await code(decide(store, bob, yesTo(request)))).toBe('done')
  })

  it('is never made by an agent or a service, whatever its token says (B14)', async () => {
    const store = await bench.fresh()
    const { agent } = await cast(store)
    const request = await aRequest(store, agent)
    const other = await somebody(store, { subject: 'agent-2', kind: 'agent' })
    const service = await somebody(store, { subject: 'oncall', kind: 'service' })
    for (const principal of [other, service, { ...other, scopes: ['approve'] } as Principal])
      expect(await code(decide(store, principal, yesTo(request)))).toBe('NOT_PERMITTED')
    // With the scope forced into the database the token is nobody's any more.
    await store.db.updateTable('tokens').set({ scopes: 'approve propose' }).execute()
    expect(await code(decide(store, other, yesTo(request)))).toBe('UNAUTHENTICATED')
    expect(await code(decide(store, agent, yesTo(request)))).toBe('UNAUTHENTICATED')
  })

  it('in single-user mode may be made on an own request, by a person, and says so on every row', async () => {
    const store = await bench.fresh({ singleUser: true })
    const alice = await somebody(store, { subject: 'alice' })
    const agent = await somebody(store, { subject: 'helper', kind: 'agent', behind: 'alice' })
    const request = await aRequest(store, agent)
    expect(await code(decide(store, agent, yesTo(request)))).toBe('NOT_PERMITTED')
    const { request: decided } = await decide(store, alice, yesTo(request))
    expect(decided.decisions).toMatchObject([{ subject: 'alice', singleUser: true }])
    expect((await claim(store, request.requestId, 'w'))?.fence).toBe(1)
    const rows = await store.db
      .selectFrom('audit_chain')
      .select(['type', 'single_user'])
      .where('request_id', '=', request.requestId)
      .execute()
    expect(rows.map(({ single_user }) => single_user)).toEqual(rows.map(() => 1))
  })

  it('made in single-user mode counts for nothing once that is off', async () => {
    const where = await bench.address()
    const store = await bench.open(where, { singleUser: true })
    const alice = await somebody(store, { subject: 'alice' })
    const agent = await somebody(store, { subject: 'helper', kind: 'agent', behind: 'alice' })
    const request = await aRequest(store, agent)
    await decide(store, alice, yesTo(request))
    await store.close()
    const later = await bench.open(where)
    expect(await claim(later, request.requestId, 'w')).toBeUndefined()
    expect((await getRequest(later, request.requestId)).state).toBe('blocked')
  })

  it('repeated is the same decision, another one a conflict (B15)', async () => {
    const store = await bench.fresh()
    const { agent, alice, bob } = await cast(store)
    const request = await aRequest(store, agent)
    const first = await decide(store, alice, yesTo(request))
    const repeated = await decide(store, alice, yesTo(request))
    expect(first.repeated).toBe(false)
    expect(repeated).toEqual({ ...first, repeated: true })
    const reject = { requestId: request.requestId, decision: 'reject', reason: 'no' } as const
    expect(await code(decide(store, alice, reject))).toBe('CONFLICT')
    expect(await code(decide(store, bob, yesTo(request)))).toBe('CONFLICT')
    expect(await code(decide(store, bob, reject))).toBe('CONFLICT')
    expect(await typesOf(store, request.requestId)).toEqual(['request.created', 'decision.approve'])
  })

  it('by several at once counts once each (B15)', async () => {
    const store = await bench.fresh()
    const { agent, alice, bob } = await cast(store)
    const request = await aRequest(store, agent, quorumOf(2))
    const tries = [alice, bob, alice, bob, alice].map((who) => decide(store, who, yesTo(request)))
    const results = await Promise.all(tries)
    expect(results.filter(({ repeated }) => !repeated)).toHaveLength(2)
    expect((await getRequest(store, request.requestId)).decisions).toHaveLength(2)
    const one = await aRequest(store, agent)
    const race = await Promise.allSettled([alice, bob].map((who) => decide(store, who, yesTo(one))))
    expect(race.filter(({ status }) => status === 'fulfilled')).toHaveLength(1)
  })

  it('needs as many people as the plan says; one rejection ends it', async () => {
    const store = await bench.fresh()
    const { agent, alice, bob } = await cast(store)
    const request = await aRequest(store, agent, quorumOf(2))
    expect((await decide(store, alice, yesTo(request))).request.state).toBe('pending')
    expect((await decide(store, alice, yesTo(request))).request.state).toBe('pending')
    expect((await decide(store, bob, yesTo(request))).request.state).toBe('approved')
    const other = await aRequest(store, agent, quorumOf(2))
    await decide(store, alice, yesTo(other))
    const rejected = await decide(store, bob, {
      requestId: other.requestId,
      decision: 'reject',
      reason: 'too late',
    })
    expect(rejected.request).toMatchObject({ state: 'rejected', reason: 'too late' })
    expect(await claim(store, other.requestId, 'w')).toBeUndefined()
  })

  it('comes too late at the millisecond of the expiry (B17)', async () => {
    for (const [offset, state] of [
      [-1, 'approved'],
      [0, 'expired'],
      [1, 'expired'],
    ] as const) {
      const clock = aClock()
      const store = await bench.fresh({ clock })
      const { agent, alice } = await cast(store)
      const request = await aRequest(store, agent)
      clock.set(request.expiresAt + offset)
      expect(await code(decide(store, alice, yesTo(request)))).toBe(offset < 0 ? 'done' : 'APPROVAL_EXPIRED')
      expect((await getRequest(store, request.requestId)).state).toBe(state)
    }
  })

  it('must be used within the claim time, to the millisecond, and not after a long outage (B17, H59)', async () => {
    for (const [offset, claimed] of [
      [-1, true],
      [0, false],
      [1, false],
      [3 * 24 * 60 * MINUTE, false],
    ] as const) {
      const clock = aClock()
      const store = await bench.fresh({ clock })
      const { agent, alice } = await cast(store)
      const request = await aRequest(store, agent)
      const { request: approved } = await decide(store, alice, yesTo(request))
      clock.set((approved.claimBy ?? 0) + offset)
      expect((await claim(store, request.requestId, 'w')) !== undefined).toBe(claimed)
      await sweep(store)
      expect((await getRequest(store, request.requestId)).state).toBe(claimed ? 'executing' : 'expired')
    }
  })

  it('by somebody disabled or revoked meanwhile counts for nothing (A8, B15)', async () => {
    const store = await bench.fresh()
    const { agent, alice, bob } = await cast(store)
    const first = await aRequest(store, agent)
    await decide(store, alice, yesTo(first))
    await setDisabled(store, 'alice', true, SYSTEM)
    expect(await claim(store, first.requestId, 'w')).toBeUndefined()
    expect(await getRequest(store, first.requestId)).toMatchObject({
      state: 'blocked',
      reason: expect.stringContaining('alice may no longer approve'),
    })
    const second = await aRequest(store, agent)
    expect(await code(decide(store, alice, yesTo(second)))).toBe('UNAUTHENTICATED')
    await decide(store, bob, yesTo(second))
    await revokeToken(store, bob.tokenId, SYSTEM)
    expect(await claim(store, second.requestId, 'w')).toBeUndefined()
    const third = await aRequest(store, agent)
    const carol = await somebody(store, { subject: 'carol' })
    await decide(store, carol, yesTo(third))
    await setDisabled(store, agent.subject, true, SYSTEM)
    expect(await claim(store, third.requestId, 'w')).toBeUndefined()
  })

  it('cannot be undone by reopening: final states refuse every change (B18)', async () => {
    const store = await bench.fresh()
    const { agent, alice } = await cast(store)
    const { requestId } = await aRequest(store, agent)
    await decide(store, alice, { requestId, decision: 'reject' })
    for (const state of ['pending', 'approved', 'executing'])
      await expect(
        store.db.updateTable('requests').set({ state }).where('id', '=', requestId).execute(),
      ).rejects.toThrow()
    expect(await code(cancel(store, agent, requestId))).toBe('CONFLICT')
    expect((await getRequest(store, requestId)).state).toBe('rejected')
    expect(await verifyExport(exportRecord(store))).toMatchObject({ ok: true })
  })

  it('can be made unnecessary by the one who asked, or an administrator', async () => {
    const store = await bench.fresh()
    const { agent, alice } = await cast(store)
    const stranger = await somebody(store, { subject: 'agent-2', kind: 'agent' })
    const own = await aRequest(store, agent)
    expect(await code(cancel(store, stranger, own.requestId))).toBe('NOT_PERMITTED')
    expect((await cancel(store, agent, own.requestId)).state).toBe('cancelled')
    expect((await cancel(store, agent, own.requestId)).state).toBe('cancelled')
    const second = await aRequest(store, agent)
    await decide(store, alice, yesTo(second))
    expect((await cancel(store, alice, second.requestId)).state).toBe('cancelled')
    expect(await claim(store, second.requestId, 'w')).toBeUndefined()
  })

  it('is judged by the clock of the store, which must not go backwards (B17)', async () => {
    const clock = aClock()
    const store = await bench.fresh({ clock })
    const { agent, alice } = await cast(store)
    const request = await aRequest(store, agent)
    clock.pass(-2 * MINUTE)
    expect(await code(decide(store, alice, yesTo(request)))).toBe('CLOCK_BACKWARDS')
    clock.pass(2 * MINUTE)
    expect(await code(decide(store, alice, yesTo(request)))).toBe('done')
  })

  if (bench.engine === 'postgres')
    it('is judged by the clock of PostgreSQL when that of the process is an hour off (B17)', async () => {
      for (const off of [-60 * MINUTE, 60 * MINUTE]) {
        vi.useFakeTimers({ toFake: ['Date'], now: Date.now() + off })
        try {
          const store = await bench.fresh()
          const { agent, alice } = await cast(store)
          const request = await aRequest(store, agent, { expiresAt: (await store.now()) + 10 * MINUTE })
          const { request: approved } = await decide(store, alice, yesTo(request))
          expect(Math.abs((approved.claimBy ?? 0) - Date.now() + off - 10 * MINUTE)).toBeLessThan(MINUTE)
          expect((await claim(store, request.requestId, 'w'))?.fence).toBe(1)
        } finally {
          vi.useRealTimers()
        }
      }
    })
})

onBothEngines('claims that race', (bench) => {
  it('the expiry: none is won after it (B17)', async () => {
    const store = await bench.fresh({ claimTtlMs: 8, pendingPerRequester: 1_000 })
    const { agent, alice } = await cast(store)
    let won = 0
    for (let run = 0; run < 200; run++) {
      const request = await aRequest(store, agent)
      const { request: approved } = await decide(store, alice, yesTo(request))
      const until = Date.now() + (run % 12)
      while (Date.now() < until) await store.now()
      const held = await claim(store, request.requestId, 'w')
      const row = await store.db
        .selectFrom('audit_chain')
        .select('time')
        .where('request_id', '=', request.requestId)
        .where('type', '=', 'request.claimed')
        .executeTakeFirst()
      expect(row !== undefined).toBe(held !== undefined)
      if (held) won++
      if (row) expect(row.time).toBeLessThan(approved.claimBy ?? 0)
    }
    expect(won).toBeGreaterThan(0)
    expect(won).toBeLessThan(200)
  })

  it('each other: exactly one wins', async () => {
    const store = await bench.fresh()
    const { agent, alice } = await cast(store)
    for (let run = 0; run < 20; run++) {
      const request = await aRequest(store, agent)
      await decide(store, alice, yesTo(request))
      const owners = Array.from({ length: 8 }, (_, owner) => claim(store, request.requestId, `w${owner}`))
      expect((await Promise.all(owners)).filter(Boolean)).toHaveLength(1)
    }
  })
})
