import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  actorOf,
  authenticate,
  createToken,
  endSession,
  ensureToken,
  isSynchroniser,
  isWellFormedToken,
  listTokens,
  type NewToken,
  openSession,
  propose,
  revokeToken,
  rotateSession,
  SESSION_IDLE_MS,
  SESSION_LONGEST_MS,
  type Store,
  SYSTEM,
  setDisabled,
  startSession,
} from '../src/index.ts'
import { makeToken } from '../src/token-format.ts'
import { aClock, aPlan, cast, MINUTE, onBothEngines, somebody, VIEW } from './harness.ts'

const wanted: NewToken = {
  subject: 'ci',
  kind: 'agent',
  scopes: ['read', 'propose'],
  name: 'CI',
  validMs: MINUTE,
}
const rejection = { code: 'UNAUTHENTICATED' }

async function everythingIn(store: Store): Promise<string> {
  const tables = ['tokens', 'identities', 'sessions', 'audit_chain', 'audit_payloads'] as const
  const rows = await Promise.all(tables.map((table) => store.db.selectFrom(table).selectAll().execute()))
  return JSON.stringify(rows)
}

describe('the form of a token', () => {
  it('has its kind, 256 bits and a checksum over all of it', () => {
    for (const [kind, letter] of [
      ['human', 'h'],
      ['agent', 'a'],
      ['service', 's'],
    ] as const) {
      const token = makeToken(kind)
      expect(token).toMatch(new RegExp(`^gh_${letter}_[A-Za-z0-9_-]{43}[0-9a-f]{8}$`))
      expect(isWellFormedToken(token)).toBe(true)
    }
    fc.assert(
      fc.property(fc.nat(53), fc.constantFrom(...'abcXYZ019_-'), (at, character) => {
        const token = makeToken('human')
        const changed = token.slice(0, at) + character + token.slice(at + 1)
        expect(isWellFormedToken(changed)).toBe(changed === token)
      }),
    )
    expect(new Set(Array.from({ length: 1_000 }, () => makeToken('agent'))).size).toBe(1_000)
  })
})

onBothEngines('a token', (bench) => {
  it('is stored as a digest only, and found by nothing but itself', async () => {
    const store = await bench.fresh()
    const { token, id } = await createToken(store, wanted, SYSTEM)
    expect(await authenticate(store, token)).toEqual({
      subject: 'ci',
      kind: 'agent',
      scopes: ['read', 'propose'],
      tokenId: id,
      sessionId: null,
      behind: null,
    })
    for (const other of [
      '',
      `${token}x`,
      token.slice(0, -1),
      token.toUpperCase(),
      makeToken('agent'),
      "' or 1=1 --",
    ])
      await expect(authenticate(store, other)).rejects.toMatchObject(rejection)
    expect(await everythingIn(store)).not.toContain(token.slice(5, 40))
    expect(await listTokens(store)).toMatchObject([{ id, subject: 'ci', lastUsedAt: expect.any(Number) }])
  })

  it('ends with its time, its revocation and its subject', async () => {
    const clock = aClock()
    const store = await bench.fresh({ clock })
    const first = await createToken(store, wanted, SYSTEM)
    clock.pass(MINUTE - 1)
    await authenticate(store, first.token)
    clock.pass(1)
    await expect(authenticate(store, first.token)).rejects.toMatchObject(rejection)
    const second = await createToken(store, wanted, SYSTEM)
    await revokeToken(store, second.id, SYSTEM)
    await expect(authenticate(store, second.token)).rejects.toMatchObject(rejection)
    await expect(revokeToken(store, second.id, SYSTEM)).rejects.toMatchObject({ code: 'NOT_FOUND' })
    const third = await createToken(store, wanted, SYSTEM)
    await setDisabled(store, 'ci', true, SYSTEM)
    await expect(authenticate(store, third.token)).rejects.toMatchObject(rejection)
    await expect(createToken(store, wanted, SYSTEM)).rejects.toThrow('ci is disabled')
    await setDisabled(store, 'ci', false, SYSTEM)
    await authenticate(store, third.token)
  })

  it.each([
    [{ scopes: ['propose', 'approve'], kind: 'human' }, 'never stand on one token'],
    [{ scopes: ['approve'] }, 'agent tokens cannot have approve'],
    [{ scopes: ['admin'], kind: 'service' }, 'service tokens cannot have approve or admin'],
    [{ scopes: [] }, 'scopes'],
    [{ scopes: ['everything'] }, 'scopes'],
    [{ subject: 'Alice' }, 'subject'],
    [{ subject: 'аlice' }, 'subject'],
    [{ subject: 'alice ' }, 'subject'],
    [{ subject: '' }, 'subject'],
    [{ subject: 'gatehouse' }, 'taken by Gatehouse'],
    [{ behind: 'Bob' }, 'behind'],
    [{ behind: 'bob', kind: 'human', scopes: ['read'] }, 'behind'],
    [{ validMs: 0 }, 'validMs'],
    [{ validMs: Number.POSITIVE_INFINITY }, 'validMs'],
    [{ name: 'a\nb' }, 'name'],
  ])('is refused as %o', async (change, message) => {
    const store = await bench.fresh()
    await expect(createToken(store, { ...wanted, ...change } as NewToken, SYSTEM)).rejects.toThrow(message)
    expect(await listTokens(store)).toEqual([])
  })

  it('of one kind cannot be had for a subject of another', async () => {
    const store = await bench.fresh()
    await somebody(store, { subject: 'alice' })
    await expect(createToken(store, { ...wanted, subject: 'alice' }, SYSTEM)).rejects.toThrow(
      'alice is a human',
    )
  })

  it('that was given is used as it is, replaced when the setting changes, and made when there is none', async () => {
    const store = await bench.fresh()
    const approver: NewToken = {
      subject: 'approver',
      kind: 'human',
      scopes: ['read', 'approve', 'admin'],
      name: 'first',
      validMs: 1e10,
    }
    const slot = 'APPROVER_TOKEN'
    const one = 'a-given-value-of-32-characters-or-more'
    const two = `${one}-two`
    await expect(ensureToken(store, { slot, value: 'short' }, approver, SYSTEM)).rejects.toThrow(
      '32 characters',
    )
    expect(await ensureToken(store, { slot, value: one }, approver, SYSTEM)).toEqual({})
    expect(await ensureToken(store, { slot, value: one }, approver, SYSTEM)).toEqual({})
    expect((await authenticate(store, one)).subject).toBe('approver')
    await ensureToken(store, { slot, value: two }, approver, SYSTEM)
    await expect(authenticate(store, one)).rejects.toMatchObject(rejection)
    await authenticate(store, two)
    expect(await ensureToken(store, { slot }, approver, SYSTEM)).toEqual({})
    const { made = '' } = await ensureToken(
      store,
      { slot: 'MCP_TOKEN' },
      { ...wanted, validMs: 1e10 },
      SYSTEM,
    )
    expect((await authenticate(store, made)).kind).toBe('agent')
    expect(await ensureToken(store, { slot: 'MCP_TOKEN' }, { ...wanted, validMs: 1e10 }, SYSTEM)).toEqual({})
    // The same value for two settings would make an agent an approver.
    await expect(ensureToken(store, { slot: 'MCP_TOKEN', value: two }, wanted, SYSTEM)).rejects.toMatchObject(
      { code: 'CONFLICT' },
    )
  })
})

onBothEngines('a session', (bench) => {
  it('is opened by its secret only and stored as a digest', async () => {
    const store = await bench.fresh()
    const { alice, agent } = await cast(store)
    const session = await startSession(store, alice)
    const opened = await openSession(store, session.secret)
    expect(opened.principal).toEqual(session.principal)
    expect(opened.principal.sessionId).not.toBeNull()
    expect(isSynchroniser(opened, session.synchroniser)).toBe(true)
    for (const wrong of ['', 'x', undefined, null, ['a'], (await startSession(store, alice)).synchroniser])
      expect(isSynchroniser(opened, wrong)).toBe(false)
    await expect(openSession(store, opened.principal.sessionId ?? '')).rejects.toMatchObject(rejection)
    await expect(startSession(store, agent)).rejects.toMatchObject({ code: 'NOT_PERMITTED' })
    const stored = await everythingIn(store)
    expect(stored).not.toContain(session.secret)
    expect(stored).not.toContain(session.synchroniser)
  })

  it('ends after 30 minutes without use and 8 hours with it', async () => {
    const clock = aClock()
    const store = await bench.fresh({ clock })
    const { alice } = await cast(store)
    const idle = await startSession(store, alice)
    clock.pass(SESSION_IDLE_MS - 1)
    await openSession(store, idle.secret)
    clock.pass(SESSION_IDLE_MS - 1)
    await openSession(store, idle.secret)
    clock.pass(SESSION_IDLE_MS)
    await expect(openSession(store, idle.secret)).rejects.toMatchObject(rejection)
    const busy = await startSession(store, alice)
    for (let used = 0; used + 20 * MINUTE < SESSION_LONGEST_MS; used += 20 * MINUTE) {
      clock.pass(20 * MINUTE)
      await openSession(store, busy.secret)
    }
    clock.pass(20 * MINUTE)
    await expect(openSession(store, busy.secret)).rejects.toMatchObject(rejection)
  })

  it('ends when it is rotated, ended, or its token is revoked; what it was then does nothing (B16)', async () => {
    const store = await bench.fresh()
    const { alice, bob } = await cast(store)
    const first = await startSession(store, alice)
    const second = await rotateSession(store, first.secret)
    expect(second.synchroniser).not.toBe(first.synchroniser)
    expect(second.expiresAt).toBe(first.expiresAt)
    await expect(openSession(store, first.secret)).rejects.toMatchObject(rejection)
    await expect(rotateSession(store, first.secret)).rejects.toMatchObject(rejection)
    await endSession(store, second.principal)
    await endSession(store, second.principal)
    await expect(openSession(store, second.secret)).rejects.toMatchObject(rejection)
    const plan = aPlan(second.principal, await store.now())
    await expect(propose(store, second.principal, { plan, viewDigest: VIEW })).rejects.toMatchObject(
      rejection,
    )
    const third = await startSession(store, bob)
    await revokeToken(store, bob.tokenId, actorOf(alice))
    await expect(openSession(store, third.secret)).rejects.toMatchObject(rejection)
  })
})
