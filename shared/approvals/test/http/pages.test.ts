import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { createWorker, decide, engageKillSwitch, getRequest, releaseKillSwitch } from '../../src/index.ts'
import { OPERATIONS, several } from '../pages/fixtures.ts'
import { type Site, startSite } from './site.ts'
import { fieldsOf, Visitor } from './visitor.ts'

let site: Site
let visitor: Visitor
beforeAll(async () => {
  site = await startSite()
})
afterAll(() => site.close())
beforeEach(async () => {
  visitor = new Visitor(site)
  await visitor.login(site.tokens.alice)
})

const stateOf = async (id: string) => (await getRequest(site.store, id)).state
const scaleToZero = () =>
  site.request({
    ...OPERATIONS.scaleToZero,
    changes: [...OPERATIONS.scaleToZero.changes],
    impact: [...OPERATIONS.scaleToZero.impact],
  } as never)

describe('deciding on the page', () => {
  it('shows everything before the buttons, and verification after them', async () => {
    const { requestId } = await site.request()
    const { text } = await visitor.get(`/requests/${requestId}`)
    const order = [
      'Scale deployment web from 3 to 5 replicas</h1>',
      'cluster',
      'namespace',
      'identity',
      'What changes',
      'What it touches',
      'Checked',
      'Asked by',
      'Its reason',
      'not checked',
      'Fingerprint',
      'Reject…',
      'Approve and run',
      'Afterwards',
    ]
    const places = order.map((words) => text.indexOf(words))
    expect(places.every((at) => at > 0)).toBe(true)
    expect(places).toEqual(places.toSorted((a, b) => a - b))
  })

  it('approves what is shown, with the digests that stand in the form', async () => {
    const { requestId } = await site.request()
    const answer = await visitor.submit(`/requests/${requestId}`, `/requests/${requestId}/approve`)
    expect([answer.status, answer.location]).toEqual([303, `/requests/${requestId}`])
    const stored = await getRequest(site.store, requestId)
    expect(stored).toMatchObject({ state: 'approved', decisions: [{ subject: 'alice' }] })
    const after = await visitor.get(`/requests/${requestId}`)
    expect(after.text).toContain('Approved.')
    expect(after.text).not.toContain('Approve and run')
  })

  it('refuses a form that shows another view, and shows the page again', async () => {
    const { requestId } = await site.request()
    const answer = await visitor.submit(`/requests/${requestId}`, `/requests/${requestId}/approve`, {
      'view-digest': '0'.repeat(64),
    })
    expect(answer.status).toBe(409)
    expect(answer.text).toContain('not the one of this request')
    expect(answer.text).toContain('Approve and run')
    expect(await stateOf(requestId)).toBe('pending')
  })

  it('rejects with a reason, and not without', async () => {
    const { requestId } = await site.request()
    const action = `/requests/${requestId}/reject`
    const bare = await visitor.submit(`/requests/${requestId}`, action, { reason: ' ' })
    expect([bare.status, await stateOf(requestId)]).toEqual([400, 'pending'])
    const answer = await visitor.submit(`/requests/${requestId}`, action, {
      reason: 'Not now </textarea><script>',
    })
    expect([answer.status, await stateOf(requestId)]).toEqual([303, 'rejected'])
    const page = (await visitor.get(`/requests/${requestId}`)).text
    expect(page).toContain('Not now &lt;/textarea&gt;&lt;script&gt;')
  })

  it('asks for the name where something would be gone, and checks it here', async () => {
    const { requestId } = await scaleToZero()
    const action = `/requests/${requestId}/approve`
    expect((await visitor.get(`/requests/${requestId}`)).text).toMatch(/name="typed-name" required/)
    for (const name of ['', 'check', 'Checkout', 'checkout2']) {
      const answer = await visitor.submit(`/requests/${requestId}`, action, { 'typed-name': name })
      expect([answer.status, answer.text.includes('does not match')]).toEqual([400, true])
    }
    expect(await stateOf(requestId)).toBe('pending')
    expect(
      (await visitor.submit(`/requests/${requestId}`, action, { 'typed-name': ' checkout ' })).status,
    ).toBe(303)
    expect(await stateOf(requestId)).toBe('approved')
  })

  it('shows several operations in their order and asks for each name', async () => {
    const { requestId } = await site.request({}, several())
    const { text } = await visitor.get(`/requests/${requestId}`)
    expect(text.indexOf('1. Change 4 fields')).toBeGreaterThan(0)
    expect(text.indexOf('2. Delete pod')).toBeGreaterThan(text.indexOf('1. Change 4 fields'))
    expect(text).toContain('web-7d9c5b8f6-x2k4p</code> to approve')
  })

  it('has no approval for what is stale, too large, halted or not allowed', async () => {
    const stale = await site.request()
    site.stale.set(stale.requestId, 'replicas are now 4 <b>')
    const shown = (await visitor.get(`/requests/${stale.requestId}`)).text
    expect(shown).toContain('Stale: replicas are now 4 &lt;b&gt;')
    expect(shown).not.toContain('Approve and run')
    expect(shown).toContain('Reject…')
    // The form of an old tab does not help.
    const other = await site.request()
    const fields = fieldsOf(
      (await visitor.get(`/requests/${other.requestId}`)).text,
      `/requests/${other.requestId}/approve`,
    )
    site.stale.set(other.requestId, 'the object is gone')
    expect((await visitor.post(`/requests/${other.requestId}/approve`, fields)).text).toContain(
      'Stale: the object is gone',
    )
    expect(await stateOf(other.requestId)).toBe('pending')

    const big = await site.request({
      changes: Array.from({ length: 1_001 }, (_one, at) => ({ path: `data.k${at}` })),
    })
    const page = (await visitor.get(`/requests/${big.requestId}`)).text
    expect(page).toContain('This cannot be approved')
    expect(page).toContain('data.k1000')
    expect(page).not.toContain('Approve and run')

    const { requestId } = await site.request()
    await engageKillSwitch(site.store, site.principals.alice, 'fire <i>')
    const halted = (await visitor.get(`/requests/${requestId}`)).text
    expect(halted).toContain('Kill switch on.')
    expect(halted).toContain('fire &lt;i&gt;')
    expect(halted).not.toContain('Approve and run')
    await releaseKillSwitch(site.store, site.principals.alice)

    const reader = new Visitor(site)
    await reader.login(site.tokens.reader)
    expect((await reader.get(`/requests/${requestId}`)).text).toContain(
      'You may read this, but not decide it',
    )
  })

  it('has no approval for what was changed in the database', async () => {
    const { requestId } = await site.request()
    const { sql } = await import('kysely')
    const triggers = await sql<{ name: string; sql: string }>`select name, sql from sqlite_master
      where type = 'trigger' and tbl_name = 'requests'`.execute(site.store.db)
    for (const { name } of triggers.rows) await sql`drop trigger ${sql.ref(name)}`.execute(site.store.db)
    await sql`update requests set plan = replace(plan, '"after":"5"', '"after":"50"') where id = ${requestId}`.execute(
      site.store.db,
    )
    for (const trigger of triggers.rows) await sql.raw(trigger.sql).execute(site.store.db)
    const { text } = await visitor.get(`/requests/${requestId}`)
    expect(text).toContain('shown differently now than when it was recorded')
    expect(text).not.toContain('Approve and run')
  })

  it('says when a cluster cannot be asked, and leaves the decision', async () => {
    const { requestId } = await site.request()
    site.stale.set(requestId, new Error('no route'))
    const { text } = await visitor.get(`/requests/${requestId}`)
    expect(text).toContain('The cluster does not answer')
    expect(text).not.toContain('no route')
    expect(text).toContain('Approve and run')
  })

  it('counts people where more than one must approve', async () => {
    const { requestId } = await site.request(
      {},
      { policy: { level: 4, approvers: 2, rules: ['prod'], digest: 'd' } },
    )
    expect((await visitor.get(`/requests/${requestId}`)).text).toContain('0 of 2 people have approved')
    await visitor.submit(`/requests/${requestId}`, `/requests/${requestId}/approve`)
    expect((await visitor.get(`/requests/${requestId}`)).text).toContain('It waits for 1 more')
    const bob = new Visitor(site)
    await bob.login(site.tokens.bob)
    await bob.submit(`/requests/${requestId}`, `/requests/${requestId}/approve`)
    expect(await stateOf(requestId)).toBe('approved')
  })

  it('leaves one’s own request to somebody else', async () => {
    const own = await site.submitAs(visitor)
    const { text } = await visitor.get(`/requests/${own}`)
    expect(text).toContain('somebody else has to decide it')
    expect(text).not.toContain('Approve and run')
    await visitor.submit(`/requests/${own}`, `/requests/${own}/cancel`)
    expect(await stateOf(own)).toBe('cancelled')
  })
})

describe('afterwards', () => {
  it('shows what was done and proposes the undo as a new request', async () => {
    const { requestId, planDigest, viewDigest } = await site.request()
    await decide(site.store, site.principals.bob, { requestId, decision: 'approve', planDigest, viewDigest })
    const executor = {
      execute: async () => ({
        state: 'succeeded' as const,
        result: { stdout: 'hello <b>', exitCode: 0 },
        verification: { ok: true, text: '5 replicas are ready' },
      }),
    }
    await createWorker({ store: site.store, executor }).runOnce()
    const { text } = await visitor.get(`/requests/${requestId}`)
    for (const words of [
      'bob</strong> approved',
      '>done<',
      'as expected',
      '5 replicas are ready',
      'hello &lt;b&gt;',
    ])
      expect(text).toContain(words)
    const answer = await visitor.submit(`/requests/${requestId}`, `/requests/${requestId}/undo`)
    expect(answer.status).toBe(303)
    expect(answer.location).not.toBe(`/requests/${requestId}`)
    expect((await visitor.get(answer.location ?? '')).text).toContain('from 5 to 3 replicas')
  })

  it('says when something was done that did not work', async () => {
    const { requestId, planDigest, viewDigest } = await site.request()
    await decide(site.store, site.principals.bob, { requestId, decision: 'approve', planDigest, viewDigest })
    const executor = { execute: async () => ({ state: 'failed' as const, reason: 'webhook said <no>' }) }
    await createWorker({ store: site.store, executor }).runOnce()
    const { text } = await visitor.get(`/requests/${requestId}`)
    expect(text).toContain('webhook said &lt;no&gt;')
    expect(text).not.toContain('Undo this')
  })
})

describe('lists', () => {
  it('the inbox groups by place and leads to requests', async () => {
    const { text } = await visitor.get('/')
    expect(text).toContain('Waiting for a decision')
    expect(text).toMatch(/<h2 class="group"><span class="place hue-\d">demo/)
    expect(text).toContain('data-events="/api/events?after=')
  })

  it('history finds by words, outcome and nothing that is not shown', async () => {
    await site.request({
      title: 'Scale deployment zebra from 1 to 2',
      request: {
        method: 'PATCH',
        path: '/x',
        query: {},
        contentType: 'x',
        body: { hidden: 'unfindable-body' },
      },
    })
    const found = await visitor.get('/history?search=ZEBRA+oncall')
    expect(found.text).toContain('Scale deployment zebra')
    expect((await visitor.get('/history?search=unfindable-body')).text).toContain('Nothing found')
    const rejected = (await visitor.get('/history?state=rejected')).text
    expect(rejected).toContain('rejected</span>')
    expect(rejected).not.toContain('zebra')
    const evil = await visitor.get(`/history?search=${encodeURIComponent('"><script>')}`)
    expect(evil.text).toContain('value="&quot;&gt;&lt;script&gt;"')
  })

  it('the record is listed, verifies and is exported', async () => {
    const { text } = await visitor.get('/audit?verify=now')
    expect(text).toContain('request.created')
    expect(text).toContain('The record verifies')
    const lines = (await visitor.get('/audit/export')).text.trim().split('\n')
    expect(JSON.parse(lines[0] ?? '').row.seq).toBe(1)
  })

  it('a record that was changed is named', async () => {
    const broken = await startSite()
    try {
      await broken.request()
      const { sql } = await import('kysely')
      await sql`drop trigger audit_chain_update`.execute(broken.store.db)
      await sql`update audit_chain set outcome = 'x' where seq = 2`.execute(broken.store.db)
      const other = new Visitor(broken)
      await other.login(broken.tokens.alice)
      const { text } = await other.get('/audit?verify=now')
      expect(text).toContain('The record does not verify')
      expect(text).toMatch(/Row 2: changed/)
    } finally {
      await broken.close()
    }
  })
})

describe('tokens', () => {
  it('are made, shown once, listed and revoked by administrators', async () => {
    const made = await visitor.submit('/tokens', '/tokens', {
      subject: 'new-bot',
      name: 'tests',
      kind: 'agent',
      days: '7',
      'scope-read': 'yes',
      'scope-propose': 'yes',
    })
    expect(made.status).toBe(201)
    const [, token = ''] = /<code class="once">(gh_a_[^<]+)</.exec(made.text) ?? []
    expect((await site.get('/api/approvals', token)).status).toBe(200)
    const list = (await visitor.get('/tokens')).text
    expect(list).toContain('new-bot')
    expect(list).not.toContain(token.slice(0, 20))
    const [, action = ''] =
      /action="(\/tokens\/[^"]+\/revoke)"(?:(?!<tr>)[\s\S])*?of new-bot/.exec(list) ?? []
    await visitor.submit('/tokens', action)
    expect((await site.get('/api/approvals', token)).status).toBe(401)
  })

  it.each([
    [{ kind: 'agent', 'scope-approve': 'yes' }, 'cannot have approve'],
    [{ kind: 'human', 'scope-approve': 'yes', 'scope-propose': 'yes' }, 'never stand on one token'],
    [{ kind: 'agent', subject: 'Bad Name', 'scope-read': 'yes' }, 'subject'],
    [{ kind: 'agent', days: '0', 'scope-read': 'yes' }, 'days'],
    [{ kind: 'robot', 'scope-read': 'yes' }, 'kind'],
  ])('%j is refused', async (fields, words) => {
    const answer = await visitor.submit('/tokens', '/tokens', {
      subject: 'x',
      name: 'x',
      days: '7',
      ...fields,
    } as Record<string, string>)
    expect(answer.status).toBe(400)
    expect(answer.text).toContain(words)
  })

  it('are nothing for others', async () => {
    const reader = new Visitor(site)
    await reader.login(site.tokens.reader)
    const page = await reader.get('/tokens')
    expect([page.status, page.text.includes('This needs the scope admin')]).toEqual([403, true])
    const fields = fieldsOf((await reader.get('/')).text, '/logout')
    expect((await reader.post('/tokens', fields)).status).toBe(403)
    expect((await reader.post('/brakes/kill-switch/engage', { ...fields, reason: 'x' })).status).toBe(403)
  })
})

describe('proposing', () => {
  it('is filled in by a link and sent by a person', async () => {
    const yaml = 'apiVersion: v1\nkind: ConfigMap\n# </textarea><script>'
    const page = await visitor.get(`/new?yaml=${encodeURIComponent(yaml)}`)
    expect(page.text).toContain('value="kubectl apply -f -"')
    expect(page.text).toContain('kind: ConfigMap\n# &lt;/textarea&gt;&lt;script&gt;</textarea>')
    const answer = await visitor.submit('/new', '/new', {
      command: 'kubectl apply -f -',
      manifest: yaml.replaceAll('\n', '\r\n'),
      reason: 'because',
    })
    expect(answer.status).toBe(303)
    expect(site.asked.at(-1)).toEqual({
      by: 'alice',
      kind: 'command',
      body: { command: 'kubectl apply -f -', stdin: yaml, reason: 'because' },
    })
  })

  it('shows what was refused, with what was typed', async () => {
    const { GatehouseError } = await import('@gatehouse/errors')
    const refusing = await startSite({
      submit: () =>
        Promise.reject(
          new GatehouseError('COMMAND_REFUSED', 'pipes <|> are refused', { hint: 'One command' }),
        ),
    })
    try {
      const other = new Visitor(refusing)
      await other.login(refusing.tokens.alice)
      const answer = await other.submit('/new', '/new', {
        command: 'kubectl get x | sh',
        manifest: 'a: "b"',
        reason: '',
      })
      expect(answer.status).toBe(403)
      expect(answer.text).toContain('pipes &lt;|&gt; are refused')
      expect(answer.text).toContain('value="kubectl get x | sh"')
      expect(answer.text).toContain('a: &quot;b&quot;</textarea>')
    } finally {
      await refusing.close()
    }
  })
})

describe('errors', () => {
  it('are pages that say what to do, with the id to search for', async () => {
    const page = await visitor.get('/nowhere<script>', { 'x-correlation-id': 'find-me' })
    expect(page.status).toBe(404)
    expect(page.text).toContain('There is no such address')
    expect(page.text).toContain('find-me')
    expect(page.text).not.toContain('<script>')
  })

  it('tell nothing of what broke inside', async () => {
    const broken = await startSite({ metrics: () => Promise.reject(new Error('secret inside')) })
    try {
      const answer = await broken.get('/metrics', broken.tokens.alice)
      expect([answer.status, (await answer.text()).includes('secret inside')]).toEqual([500, false])
    } finally {
      await broken.close()
    }
  })
})

it('single-user mode is said on every page', async () => {
  const alone = await startSite({ settings: { singleUser: true } })
  try {
    const other = new Visitor(alone)
    await other.login(alone.tokens.alice)
    expect((await other.get('/')).text).toContain('Single-user mode.')
    const own = await alone.submitAs(other)
    await other.submit(`/requests/${own}`, `/requests/${own}/approve`)
    expect(await getRequest(alone.store, own)).toMatchObject({
      state: 'approved',
      decisions: [{ singleUser: true }],
    })
    expect((await other.get(`/requests/${own}`)).text).toContain('(single-user mode)')
  } finally {
    await alone.close()
  }
})
