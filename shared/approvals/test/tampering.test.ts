import { canonicalJson } from '@gatehouse/audit'
import type { Plan, PlannedOperation } from '@gatehouse/operations'
import { expect, it } from 'vitest'
import { fromColumns } from '../../audit/src/chain.ts'
import { hashOfRow } from '../../audit/src/row.ts'
import { claim } from '../src/claim.ts'
import { finish } from '../src/finish.ts'
import {
  authenticate,
  createToken,
  decide,
  ensureToken,
  getRequest,
  listRequests,
  openSession,
  planDigest,
  revokeToken,
  type Store,
  SYSTEM,
  startSession,
} from '../src/index.ts'
import { takeOver } from '../src/lease.ts'
import { aClock, anOperation, aRequest, cast, MINUTE, onBothEngines, tamper, yesTo } from './harness.ts'

const quote = (text: string) => `'${text.replaceAll("'", "''")}'`

/** Every leaf of a plan, changed one at a time; and every member taken away. */
function variants(value: unknown, path: string[] = []): { path: string; value: unknown }[] {
  if (typeof value !== 'object' || value === null) return [{ path: path.join('.'), value: changed(value) }]
  return Object.entries(value).flatMap(([key, member]) => {
    const put = (next: unknown) =>
      Array.isArray(value) ? value.with(Number(key), next) : { ...value, [key]: next }
    const inside = variants(member, [...path, key]).map((variant) => ({
      path: variant.path,
      value: put(variant.value),
    }))
    const without = Array.isArray(value)
      ? value.toSpliced(Number(key), 1)
      : Object.fromEntries(Object.entries(value).filter(([name]) => name !== key))
    return [...inside, { path: `${[...path, key].join('.')} taken away`, value: without }]
  })
}

function changed(value: unknown): unknown {
  if (typeof value === 'number') return value + 1
  if (typeof value === 'boolean') return !value
  return `${value}x`
}

async function tampered(store: Store, requestId: string): Promise<boolean> {
  const row = await store.db
    .selectFrom('audit_chain')
    .select('type')
    .where('request_id', '=', requestId)
    .where('type', '=', 'request.tampered')
    .executeTakeFirst()
  return row !== undefined
}

onBothEngines('what was changed in the database', (bench) => {
  it('every field of the plan: refused when claimed, and on the record (A1)', async () => {
    const store = await bench.fresh({ pendingPerRequester: 10_000 })
    const { agent, alice } = await cast(store)
    const full: Partial<PlannedOperation> = {
      exec: { container: 'c', containerId: 'i', command: ['ls'], timeoutSeconds: 3 },
      switch: { server: 's', from: 'a', to: 'b' },
      warnings: ['deprecated'],
    }
    const sample = await aRequest(store, agent, { operations: [anOperation(full)] })
    const paths = variants(sample.plan).map(({ path }) => path)
    expect(paths.length).toBeGreaterThan(100)
    for (const [index, path] of paths.entries()) {
      const request = await aRequest(store, agent, {
        operations: [anOperation({ ...full, intent: `intent-${index}` })],
      })
      await decide(store, alice, yesTo(request))
      const variant = variants(request.plan).find((one) => one.path === path)
      const plan = variant?.value as Plan
      // The attacker also puts the digest beside it right, every other time.
      const digest = index % 2 ? planDigest(plan) : request.planDigest
      await tamper(
        store,
        `update requests set plan = ${quote(JSON.stringify(plan))}, plan_digest = '${digest}' where id = '${request.requestId}'`,
      )
      expect([path, await claim(store, request.requestId, 'w')]).toEqual([path, undefined])
      expect([path, await tampered(store, request.requestId)]).toEqual([path, true])
      const { rows } = {
        rows: await store.db
          .selectFrom('requests')
          .select('state')
          .where('id', '=', request.requestId)
          .execute(),
      }
      expect(rows).toEqual([{ state: 'blocked' }])
    }
    // Nothing of it stops anybody from reading the others.
    expect((await listRequests(store)).requests.length).toBeGreaterThan(0)
  }, 180_000)

  it('the plan of a pending request: cannot be decided any more', async () => {
    const store = await bench.fresh()
    const { agent, alice } = await cast(store)
    const request = await aRequest(store, agent)
    await tamper(store, `update requests set plan = 'not even JSON' where id = '${request.requestId}'`)
    await expect(decide(store, alice, yesTo(request))).rejects.toMatchObject({ code: 'TAMPERED' })
    expect((await getRequest(store, request.requestId)).state).toBe('blocked')
  })

  it('plans swapped between two requests (A2)', async () => {
    const store = await bench.fresh()
    const { agent, alice } = await cast(store)
    const one = await aRequest(store, agent)
    const two = await aRequest(store, agent)
    await decide(store, alice, yesTo(one))
    await decide(store, alice, yesTo(two))
    const columns = ['plan', 'plan_digest'] as const
    const rows = await store.db.selectFrom('requests').select(columns).orderBy('id').execute()
    for (const [{ requestId }, row] of [
      [one, rows[1]],
      [two, rows[0]],
    ] as const)
      await tamper(
        store,
        `update requests set plan = ${quote(row?.plan ?? '')}, plan_digest = '${row?.plan_digest}' where id = '${requestId}'`,
      )
    for (const { requestId } of [one, two]) {
      expect(await claim(store, requestId, 'w')).toBeUndefined()
      expect(await tampered(store, requestId)).toBe(true)
    }
  })

  it.each([
    ['approved by nobody', `state = 'approved', claim_by = 9999999999999, brake_epoch = 0`],
    [
      'view',
      `state = 'approved', claim_by = 9999999999999, brake_epoch = 0, view_digest = '${'0'.repeat(64)}'`,
    ],
    [
      'requester',
      `requester_subject = 'somebody-else', state = 'approved', claim_by = 9999999999999, brake_epoch = 0`,
    ],
    ['expiry', `expires_at = expires_at + 1, state = 'approved', claim_by = 9999999999999, brake_epoch = 0`],
  ])('columns: %s', async (_, change) => {
    const store = await bench.fresh()
    const { agent } = await cast(store)
    const { requestId } = await aRequest(store, agent)
    await tamper(store, `update requests set ${change} where id = '${requestId}'`)
    expect(await claim(store, requestId, 'w')).toBeUndefined()
    expect((await getRequest(store, requestId)).state).toBe('blocked')
  })

  it('a vote put in, a vote of another plan, a quorum that is not there', async () => {
    const store = await bench.fresh()
    const { agent, alice } = await cast(store)
    const policy = { level: 2, approvers: 2, rules: [], digest: 'x' }
    const insert = (id: string, plan: string, view: string) =>
      tamper(
        store,
        `insert into decisions (request_id, subject, decision, credential, plan_digest, view_digest, single_user, at)
         values ('${id}', 'bob', 'approve', 'token:1', '${plan}', '${view}', 0, 1)`,
      )
    const open = (id: string) =>
      tamper(
        store,
        `update requests set state = 'approved', claim_by = 9999999999999, brake_epoch = 0 where id = '${id}'`,
      )
    const first = await aRequest(store, agent, { policy })
    await decide(store, alice, yesTo(first))
    await insert(first.requestId, first.planDigest, first.viewDigest)
    await open(first.requestId)
    expect(await claim(store, first.requestId, 'w')).toBeUndefined()
    expect(await tampered(store, first.requestId)).toBe(true)
    const second = await aRequest(store, agent, { policy })
    await decide(store, alice, yesTo(second))
    await open(second.requestId)
    expect(await claim(store, second.requestId, 'w')).toBeUndefined()
    expect((await getRequest(store, second.requestId)).reason).toContain('1 of 2')
    const third = await aRequest(store, agent, { policy })
    await insert(third.requestId, 'f'.repeat(64), third.viewDigest)
    await expect(decide(store, alice, yesTo(third))).rejects.toMatchObject({ code: 'TAMPERED' })
  })

  it('reopened after it was carried out, rejected or cancelled (B18)', async () => {
    const store = await bench.fresh()
    const { agent, alice } = await cast(store)
    const reopen = (id: string) =>
      tamper(
        store,
        `update requests set state = 'approved', claim_by = 9999999999999, brake_epoch = 0, fence = 0 where id = '${id}'`,
      )
    const done = await aRequest(store, agent)
    await decide(store, alice, yesTo(done))
    const held = await claim(store, done.requestId, 'w')
    if (held) await store.write((tx) => finish(tx, held, [{ state: 'succeeded' }]))
    const executing = await aRequest(store, agent)
    await decide(store, alice, yesTo(executing))
    await claim(store, executing.requestId, 'w')
    for (const { requestId } of [done, executing]) {
      await reopen(requestId)
      expect(await claim(store, requestId, 'w')).toBeUndefined()
      expect((await getRequest(store, requestId)).state).toBe('blocked')
    }
  })

  it.each([
    ['the hash left alone', false],
    ['the hash put right', true],
  ])('together with its row on the record, %s', async (_, right) => {
    const store = await bench.fresh()
    const { agent, alice } = await cast(store)
    const request = await aRequest(store, agent)
    await decide(store, alice, yesTo(request))
    const plan = canonicalJson({ ...request.plan, identity: 'mallory' })
    const digest = planDigest(JSON.parse(plan))
    const row = await store.db
      .selectFrom('audit_chain')
      .selectAll()
      .where('request_id', '=', request.requestId)
      .where('type', '=', 'request.created')
      .executeTakeFirstOrThrow()
    const hash = right ? hashOfRow(fromColumns({ ...row, plan_digest: digest })) : row.hash
    await tamper(
      store,
      `update audit_chain set plan_digest = '${digest}', hash = '${hash}' where seq = ${row.seq}`,
    )
    await tamper(store, `update decisions set plan_digest = '${digest}'`)
    await tamper(
      store,
      `update requests set plan = ${quote(plan)}, plan_digest = '${digest}' where id = '${request.requestId}'`,
    )
    expect(await claim(store, request.requestId, 'w')).toBeUndefined()
    expect(await tampered(store, request.requestId)).toBe(true)
  })

  it('a claim time moved on: the vote is too old all the same', async () => {
    const clock = aClock()
    const store = await bench.fresh({ clock })
    const { agent, alice } = await cast(store)
    const request = await aRequest(store, agent)
    await decide(store, alice, yesTo(request))
    clock.pass(11 * MINUTE)
    await tamper(store, `update requests set claim_by = 9999999999999 where id = '${request.requestId}'`)
    expect(await claim(store, request.requestId, 'w')).toBeUndefined()
    await tamper(store, `update decisions set at = ${clock()}`)
    expect(await claim(store, request.requestId, 'w')).toBeUndefined()
    expect(await tampered(store, request.requestId)).toBe(true)
  })

  it('while it is carried out: a takeover ends it', async () => {
    const clock = aClock()
    const store = await bench.fresh({ clock })
    const { agent, alice } = await cast(store)
    const request = await aRequest(store, agent)
    await decide(store, alice, yesTo(request))
    await claim(store, request.requestId, 'one')
    await tamper(
      store,
      `update requests set plan = replace(plan, '"replicas":5', '"replicas":9') where id = '${request.requestId}'`,
    )
    clock.pass(MINUTE)
    expect(await takeOver(store, request.requestId, 'two')).toBeUndefined()
    expect((await getRequest(store, request.requestId)).state).toBe('blocked')
    expect(await tampered(store, request.requestId)).toBe(true)
  })

  it('under way without a claim, or without the votes: a takeover ends it and nothing is sent', async () => {
    const store = await bench.fresh()
    const { agent, alice } = await cast(store)
    const underWay = `state = 'executing', lease_owner = 'x', lease_until = 1, claim_by = 1, brake_epoch = 0`
    const undecided = await aRequest(store, agent)
    const unclaimed = await aRequest(store, agent)
    await decide(store, alice, yesTo(unclaimed))
    const early = await aRequest(store, agent)
    await decide(store, alice, yesTo(early))
    await claim(store, early.requestId, 'w')
    for (const [{ requestId }, more] of [
      [undecided, 'fence = 1'],
      [unclaimed, 'fence = 1'],
      [early, 'fence = 7'],
    ] as const) {
      await tamper(store, `update requests set ${underWay}, ${more} where id = '${requestId}'`)
      expect(await takeOver(store, requestId, 'two')).toBeUndefined()
      expect((await getRequest(store, requestId)).state).toBe('blocked')
      expect(await tampered(store, requestId)).toBe(true)
    }
    const robbed = await aRequest(store, agent)
    await decide(store, alice, yesTo(robbed))
    await claim(store, robbed.requestId, 'w')
    await tamper(store, `delete from decisions where request_id = '${robbed.requestId}'`)
    await tamper(store, `update requests set lease_until = 1 where id = '${robbed.requestId}'`)
    expect(await takeOver(store, robbed.requestId, 'two')).toBeUndefined()
    expect((await getRequest(store, robbed.requestId)).reason).toContain('0 of 1 approvals')
  })

  it('while it is carried out: an approver who may no longer approve ends it at a takeover', async () => {
    const clock = aClock()
    const store = await bench.fresh({ clock })
    const { agent, alice } = await cast(store)
    const request = await aRequest(store, agent)
    await decide(store, alice, yesTo(request))
    await claim(store, request.requestId, 'one')
    await revokeToken(store, alice.tokenId, SYSTEM)
    clock.pass(MINUTE)
    expect(await takeOver(store, request.requestId, 'two')).toBeUndefined()
    expect(await getRequest(store, request.requestId)).toMatchObject({
      state: 'blocked',
      reason: 'The approval no longer holds: alice may no longer approve',
    })
  })

  it.each([
    ['taken away', 'seal = null'],
    ['of no form', `seal = '${'ü'.repeat(64)}'`],
    ['wrong', `seal = '${'0'.repeat(64)}'`],
    ['of another vote', 'single_user = 1'],
  ])('the seal of a vote: %s', async (_, change) => {
    const store = await bench.fresh()
    const { agent, alice } = await cast(store)
    const request = await aRequest(store, agent)
    await decide(store, alice, yesTo(request))
    await tamper(store, `update decisions set ${change}`)
    expect(await claim(store, request.requestId, 'w')).toBeUndefined()
    expect((await getRequest(store, request.requestId)).state).toBe('blocked')
    expect(await tampered(store, request.requestId)).toBe(true)
  })

  const alarms = (store: Store) =>
    store.db.selectFrom('audit_chain').select('outcome').where('type', '=', 'token.tampered').execute()
  const bob = { subject: 'bob', kind: 'human', name: 'test', validMs: MINUTE } as const

  it.each([
    ['without a seal', 'update tokens set seal = null'],
    ['with more scopes', `update tokens set scopes = 'read approve admin'`],
    ['that lasts longer', 'update tokens set expires_at = expires_at + 1'],
    ['whose owner is another', `update tokens set subject = 'alice'`],
    ['whose owner is of another kind', `update identities set kind = 'service' where subject = 'bob'`],
  ])('a token %s is nobody’s, nor is its session, nor the vote it gave', async (_, change) => {
    const store = await bench.fresh()
    const { agent } = await cast(store)
    const { token, id } = await createToken(store, { ...bob, scopes: ['approve'] }, SYSTEM)
    const session = await startSession(store, await authenticate(store, token))
    const request = await aRequest(store, agent)
    await decide(store, session.principal, yesTo(request))
    await tamper(store, change)
    const code = 'UNAUTHENTICATED'
    for (let turn = 0; turn < 2; turn++)
      await expect(authenticate(store, token)).rejects.toMatchObject({ code })
    await expect(openSession(store, session.secret)).rejects.toMatchObject({ code })
    await expect(decide(store, session.principal, yesTo(request))).rejects.toMatchObject({ code })
    expect(await alarms(store)).toEqual([{ outcome: id }])
    expect(await claim(store, request.requestId, 'w')).toBeUndefined()
    expect((await getRequest(store, request.requestId)).state).toBe('blocked')
    // Taking it away needs no seal.
    await revokeToken(store, id, SYSTEM)
  })

  it('a session put in for a token of somebody else opens nothing', async () => {
    const store = await bench.fresh()
    const { alice } = await cast(store)
    const session = await startSession(store, alice)
    await tamper(store, `update sessions set id = 'mine', expires_at = 9999999999999`)
    await expect(openSession(store, session.secret)).rejects.toMatchObject({ code: 'UNAUTHENTICATED' })
  })

  it('the token of a setting is issued anew, whatever its row says', async () => {
    const store = await bench.fresh()
    const slot = { slot: 'APPROVER_TOKEN', value: 'v'.repeat(40) }
    await ensureToken(store, slot, { ...bob, scopes: ['approve'] }, SYSTEM)
    await tamper(store, `update tokens set scopes = 'admin', seal = null`)
    await ensureToken(store, slot, { ...bob, scopes: ['approve'] }, SYSTEM)
    expect((await authenticate(store, slot.value)).scopes).toEqual(['approve'])
    expect(await alarms(store)).toHaveLength(1)
  })
})
