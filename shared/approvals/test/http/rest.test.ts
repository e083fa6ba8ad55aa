import { eventually } from '@gatehouse/testing'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createWorker, type StoredRequest } from '../../src/index.ts'
import { type Site, startSite } from './site.ts'

let site: Site
beforeAll(async () => {
  site = await startSite()
})
afterAll(() => site.close())

type Json = Record<string, unknown> & { planDigest: string; viewDigest: string }
const json = async (response: Response) => (await response.json()) as Json
const view = async (id: string) => json(await site.get(`/api/approvals/${id}`, site.tokens.alice))
const digests = async (id: string) => {
  const { planDigest, viewDigest } = await view(id)
  return { planDigest, viewDigest }
}
const approve = (id: string, body: unknown, token = site.tokens.alice) =>
  site.post(`/api/approvals/${id}/approve`, body, token)
const codeOf = async (response: Response) => [response.status, (await json(response)).code]

describe('the original calls, with a token', () => {
  let request: StoredRequest
  beforeAll(async () => {
    request = await site.request()
  })

  it('curl http://localhost:3100/api/approvals/pending', async () => {
    const answer = await site.get('/api/approvals/pending', site.tokens.alice)
    expect(answer.status).toBe(200)
    expect(await answer.json()).toMatchObject({
      total: 1,
      items: [{ requestId: request.requestId, state: 'pending' }],
    })
  })

  it('curl -X POST …/approve says precisely what is missing', async () => {
    const answer = await site.post(
      `/api/approvals/${request.requestId}/approve`,
      undefined,
      site.tokens.alice,
    )
    expect(answer.status).toBe(400)
    expect(answer.headers.get('content-type')).toBe('application/problem+json')
    const body = await json(answer)
    expect(body).toMatchObject({ code: 'INVALID_INPUT', ...(await digests(request.requestId)) })
    expect(body.message).toContain('planDigest')
    expect(body.correlation_id).toBe(answer.headers.get('x-correlation-id'))
  })

  it('curl -X POST …/reject -d { reason }', async () => {
    const answer = await site.post(
      `/api/approvals/${request.requestId}/reject`,
      { reason: 'Not safe to execute' },
      site.tokens.alice,
    )
    expect(await json(answer)).toMatchObject({
      state: 'rejected',
      decisions: [{ subject: 'alice', decision: 'reject', reason: 'Not safe to execute' }],
    })
  })

  it('httpx.post(…/api/mcp/propose) answers 202 with what waits', async () => {
    const body = {
      action: 'Restart',
      commands: [{ command: 'kubectl delete pod x', safety_level: 'CAUTION' }],
    }
    const answer = await site.post('/api/mcp/propose', body, site.tokens.agent)
    expect(answer.status).toBe(202)
    const pending = await json(answer)
    expect(Object.keys(pending).sort()).toEqual([
      'approvalUrl',
      'correlation_id',
      'expiresAt',
      'planDigest',
      'requestId',
      'state',
      'summary',
      'target',
    ])
    expect(pending).toMatchObject({
      state: 'pending',
      approvalUrl: `http://127.0.0.1:3100/requests/${pending.requestId}`,
      target: { context: 'demo', namespace: 'shop' },
    })
    expect(answer.headers.get('location')).toBe(`/api/operations/${pending.requestId}`)
    expect(site.asked.at(-1)).toEqual({ by: 'oncall-bot', kind: 'remediation', body })
  })
})

describe('requests', () => {
  it('have the shape of operations.md', async () => {
    const { requestId } = await site.request()
    const body = await view(requestId)
    for (const key of [
      'requestId',
      'state',
      'createdAt',
      'expiresAt',
      'requester',
      'claim',
      'target',
      'operations',
      'planDigest',
      'viewDigest',
      'policy',
      'decisions',
    ])
      expect(body, key).toHaveProperty(key)
    for (const key of ['kind', 'target', 'command', 'diff', 'warnings', 'impact'])
      expect((body.operations as object[])[0], key).toHaveProperty(key)
    expect(body).not.toHaveProperty('outcome')
    expect(JSON.stringify(body)).not.toMatch(/merge-patch|"salt"|"marker"/)
  })

  it('are listed by state, in pages', async () => {
    for (let count = 0; count < 5; count++) await site.request()
    const first = await json(await site.get('/api/approvals?state=pending&limit=2', site.tokens.reader))
    expect(first.items).toHaveLength(2)
    const second = await json(
      await site.get(`/api/approvals?state=pending&limit=2&cursor=${first.cursor}`, site.tokens.reader),
    )
    const ids = [first, second].flatMap(({ items }) => (items as Json[]).map(({ requestId }) => requestId))
    expect(new Set(ids).size).toBe(4)
    const rejected = await json(await site.get('/api/approvals?state=rejected,cancelled', site.tokens.reader))
    expect((rejected.items as Json[]).every(({ state }) => state === 'rejected')).toBe(true)
  })

  it('are listed without what changes, which is read one by one', async () => {
    const long = 'x'.repeat(20_000)
    const changes = [{ path: 'data.a', before: 'before-it', after: 'after-it' }]
    const { requestId, planDigest, viewDigest } = await site.request({ changes, command: `kubectl ${long}` })
    for (const list of ['/api/approvals/pending', '/api/approvals']) {
      const text = await (await site.get(`${list}?limit=1`, site.tokens.alice)).text()
      expect(text).not.toMatch(/before-it|after-it|xxxx|"diff"|"approvable"/)
      const [item] = JSON.parse(text).items
      expect(item).toMatchObject({ requestId, planDigest, viewDigest, state: 'pending', seen: 1 })
      expect(item.operations[0]).toMatchObject({
        title: (await view(requestId)).title,
        changes: 1,
        command: '(left out of lists: 20008 characters)',
      })
    }
  })

  it.each([
    ['/api/approvals?state=open', 'INVALID_INPUT'],
    ['/api/approvals?limit=0', 'INVALID_INPUT'],
    ['/api/approvals?limit=1000', 'INVALID_INPUT'],
    ['/api/approvals?cursor=1;drop', 'INVALID_INPUT'],
    ['/api/approvals/x', 'NOT_FOUND'],
    ['/api/approvals/%2e%2e%2f', 'NOT_FOUND'],
    ['/api/approvals/01a21956-309a-74d1-98b1-d76b4172c2e4', 'NOT_FOUND'],
    ['/api/approval', 'NOT_FOUND'],
    ['/api/approvals/%zz', 'INVALID_INPUT'],
  ])('%s answers %s', async (path, code) => {
    expect((await json(await site.get(path, site.tokens.alice))).code).toBe(code)
  })
})

describe('deciding', () => {
  it('takes the digests of what was seen and nothing else', async () => {
    const { requestId } = await site.request()
    const seen = await digests(requestId)
    expect(await codeOf(await approve(requestId, { planDigest: seen.planDigest }))).toEqual([
      400,
      'INVALID_INPUT',
    ])
    expect(await codeOf(await approve(requestId, { ...seen, viewDigest: '0'.repeat(64) }))).toEqual([
      409,
      'DIGEST_MISMATCH',
    ])
    expect(await codeOf(await approve(requestId, { ...seen, force: true }))).toEqual([400, 'INVALID_INPUT'])
    expect(await codeOf(await approve(requestId, { ...seen, planDigest: 5 }))).toEqual([400, 'INVALID_INPUT'])
    expect((await view(requestId)).state).toBe('pending')
    expect(await json(await approve(requestId, seen))).toMatchObject({ state: 'approved' })
  })

  it('repeated is answered as it was; another decision is a conflict', async () => {
    const { requestId } = await site.request()
    const seen = await digests(requestId)
    await approve(requestId, seen)
    const again = await approve(requestId, seen)
    expect([again.status, (await json(again)).decisions]).toMatchObject([200, [{ subject: 'alice' }]])
    expect(
      await codeOf(
        await site.post(`/api/approvals/${requestId}/reject`, { reason: 'no' }, site.tokens.alice),
      ),
    ).toEqual([409, 'CONFLICT'])
  })

  it('without digests is possible where an installation says so', async () => {
    const lax = await startSite({ requireDigest: false })
    try {
      const { requestId } = await lax.request()
      const answer = await lax.post(`/api/approvals/${requestId}/approve`, undefined, lax.tokens.alice)
      expect(await json(answer)).toMatchObject({ state: 'approved' })
      const other = await lax.request()
      const wrong = { planDigest: '0'.repeat(64) }
      const refused = await lax.post(`/api/approvals/${other.requestId}/approve`, wrong, lax.tokens.alice)
      expect(await codeOf(refused)).toEqual([409, 'DIGEST_MISMATCH'])
    } finally {
      await lax.close()
    }
  })

  it('refuses what cannot be shown whole, and what is stale', async () => {
    const changes = Array.from({ length: 1_001 }, (_one, at) => ({ path: `data.k${at}`, after: 'x' }))
    const big = await site.request({ changes })
    expect(await view(big.requestId)).toMatchObject({ approvable: false })
    expect(await codeOf(await approve(big.requestId, await digests(big.requestId)))).toEqual([
      409,
      'NOT_APPROVABLE',
    ])
    const moved = await site.request()
    site.stale.set(moved.requestId, 'replicas are now 4')
    const refused = await approve(moved.requestId, await digests(moved.requestId))
    expect(await json(refused)).toMatchObject({ code: 'STALE', message: 'Stale: replicas are now 4' })
    expect((await view(moved.requestId)).state).toBe('pending')
  })

  it('needs a reason to reject', async () => {
    const { requestId } = await site.request()
    for (const body of [
      undefined,
      {},
      { reason: '' },
      { reason: '  ' },
      { reason: 7 },
      { reason: 'x'.repeat(2_001) },
      { why: 'x' },
    ])
      expect(
        await codeOf(await site.post(`/api/approvals/${requestId}/reject`, body, site.tokens.alice)),
      ).toEqual([400, 'INVALID_INPUT'])
  })

  it('is withdrawn by whoever asked, and by nobody else below an administrator', async () => {
    const { requestId } = await site.request()
    expect(
      await codeOf(await site.post(`/api/approvals/${requestId}/cancel`, undefined, site.tokens.reader)),
    ).toEqual([403, 'NOT_PERMITTED'])
    const cancelled = await site.post(`/api/approvals/${requestId}/cancel`, undefined, site.tokens.agent)
    expect(await json(cancelled)).toMatchObject({ state: 'cancelled' })
  })
})

describe('outcomes', () => {
  it('are waited for, and tell what was done', async () => {
    const { requestId } = await site.request()
    await approve(requestId, await digests(requestId))
    const waiting = site.get(`/api/operations/${requestId}?wait=30`, site.tokens.agent)
    const worker = createWorker({
      store: site.store,
      executor: {
        execute: async () => ({
          state: 'succeeded' as const,
          result: { proof: 'answer', nested: { a: 1 } },
          verification: { ok: true, text: '5 replicas are ready' },
        }),
      },
    })
    await worker.runOnce()
    expect(await json(await waiting)).toMatchObject({
      requestId,
      state: 'succeeded',
      target: { context: 'demo', namespace: 'shop' },
      operations: [{ state: 'succeeded', result: { proof: 'answer', nested: '{"a":1}' } }],
      verification: { ok: true, text: '5 replicas are ready' },
    })
    expect(await view(requestId)).toMatchObject({
      state: 'succeeded',
      outcome: { operations: [{ state: 'succeeded' }] },
    })
  })

  it('answer at once without a wait, and refuse a wait that is none', async () => {
    const { requestId } = await site.request()
    expect(await json(await site.get(`/api/operations/${requestId}`, site.tokens.agent))).toMatchObject({
      state: 'pending',
      operations: [],
    })
    expect(
      await json(await site.get(`/api/operations/${requestId}?wait=1`, site.tokens.agent)),
    ).toMatchObject({ state: 'pending' })
    expect((await site.get(`/api/operations/${requestId}?wait=-1`, site.tokens.agent)).status).toBe(400)
    expect((await site.get(`/api/operations/${requestId}?wait=9999`, site.tokens.agent)).status).toBe(400)
  })

  it('are waited for by twenty calls of one subject; others wait all the same', async () => {
    const { requestId } = await site.request()
    const at = `/api/operations/${requestId}`
    const leaving = new AbortController()
    const { signal } = leaving
    const headers = { authorization: `Bearer ${site.tokens.agent}` }
    const waits = Array.from({ length: 20 }, () =>
      fetch(`${site.url}${at}?wait=60`, { headers, signal }).catch(() => {}),
    )
    const more = () => site.get(`${at}?wait=1`, site.tokens.agent)
    await eventually('no more waits', async () => (await more()).status === 429)
    expect(await codeOf(await more())).toEqual([429, 'RATE_LIMITED'])
    expect((await site.get(at, site.tokens.agent)).status).toBe(200)
    expect((await site.get(`${at}?wait=1`, site.tokens.alice)).status).toBe(200)
    leaving.abort()
    await Promise.all(waits)
    await eventually('they have left', async () => (await more()).status === 200)
  })

  it('are listed', async () => {
    const page = await json(await site.get('/api/operations?state=succeeded&limit=1', site.tokens.agent))
    expect(page.items).toMatchObject([{ state: 'succeeded' }])
  })
})

describe('strict bodies', () => {
  it.each([
    ['a member twice', '{"reason":"a","reason":"b"}', 'application/json', 400],
    ['no object', '[]', 'application/json', 400],
    ['no JSON', 'reason=a', 'application/json', 400],
    ['a form', 'reason=a', 'application/x-www-form-urlencoded', 415],
    ['text', '{"reason":"a"}', 'text/plain', 415],
    ['no type', '{"reason":"a"}', '', 415],
    ['depth', `{"reason":${'['.repeat(70)}${']'.repeat(70)}}`, 'application/json', 400],
    ['size', `{"reason":"${'x'.repeat(2.1 * 1024 * 1024)}"}`, 'application/json', 413],
  ])('%s is refused', async (_what, body, type, status) => {
    const { requestId } = await site.request()
    const answer = await site.post(`/api/approvals/${requestId}/reject`, body, site.tokens.alice, {
      'content-type': type,
    })
    expect(answer.status).toBe(status)
    expect((await view(requestId)).state).toBe('pending')
  })

  it('bytes that are no UTF-8 are refused', async () => {
    const { requestId } = await site.request()
    const answer = await fetch(`${site.url}/api/approvals/${requestId}/reject`, {
      method: 'POST',
      headers: { authorization: `Bearer ${site.tokens.alice}`, 'content-type': 'application/json' },
      body: Buffer.from([0x7b, 0x22, 0xff, 0x22, 0x3a, 0x31, 0x7d]),
    })
    expect(await codeOf(answer)).toEqual([400, 'INVALID_INPUT'])
  })
})

describe('record and brakes', () => {
  it('the record is exported as it stands and verifies', async () => {
    const answer = await site.get('/api/audit', site.tokens.reader)
    expect(answer.headers.get('content-type')).toBe('application/x-ndjson')
    const lines = (await answer.text()).trim().split('\n')
    const { verifyExport } = await import('@gatehouse/audit')
    expect(await verifyExport(lines)).toMatchObject({ ok: true, rows: lines.length })
    const rest = await (await site.get(`/api/audit?after=${lines.length - 2}`, site.tokens.reader)).text()
    expect(rest.trim().split('\n')).toEqual(lines.slice(-2))
  })

  it('a view is recorded once for each person, and not for programs', async () => {
    const { requestId } = await site.request()
    for (const token of [site.tokens.alice, site.tokens.alice, site.tokens.bob, site.tokens.agent])
      await site.get(`/api/approvals/${requestId}`, token)
    const record = (await (await site.get('/api/audit', site.tokens.reader)).text()).trim().split('\n')
    const views = record
      .map((line) => JSON.parse(line).row)
      .filter(({ type, request }) => type === 'request.viewed' && request === requestId)
    expect(views.map(({ actor }) => actor.subject)).toEqual(['alice', 'bob'])
  })

  it('the kill switch stops approvals and is released again', async () => {
    const { requestId } = await site.request()
    const seen = await digests(requestId)
    expect((await site.post('/api/kill-switch', { reason: 'test' }, site.tokens.reader)).status).toBe(403)
    expect((await site.post('/api/kill-switch', {}, site.tokens.alice)).status).toBe(400)
    expect(await json(await site.post('/api/kill-switch', { reason: 'test' }, site.tokens.alice))).toEqual({
      engaged: true,
      reason: 'test',
    })
    expect(await codeOf(await approve(requestId, seen))).toEqual([503, 'HALTED'])
    expect(
      await json(await site.post('/api/kill-switch', { engaged: false }, site.tokens.alice)),
    ).toMatchObject({ engaged: false })
    expect((await approve(requestId, seen)).status).toBe(200)
  })

  it('health, metrics and readiness', async () => {
    expect(await (await site.get('/livez')).text()).toBe('ok')
    expect(await (await site.get('/readyz')).text()).toBe('ok')
    expect(await json(await site.get('/health'))).toEqual({ state: 'healthy' })
    expect((await site.get('/metrics')).status).toBe(401)
    expect(await (await site.get('/metrics', site.tokens.reader)).text()).toContain('gatehouse_up 1')
  })
})
