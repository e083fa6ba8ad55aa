import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type Site, startSite } from './site.ts'
import { bareGet } from './visitor.ts'

let site: Site
let requestId: string
beforeAll(async () => {
  site = await startSite({ hosts: ['remediation-mcp'] })
  requestId = (await site.request()).requestId
})
afterAll(() => site.close())

const GETS = [
  '/api/approvals/pending',
  '/api/approvals',
  '/api/approvals/ID',
  '/api/approvals/ID/events',
  '/api/events',
  '/api/operations',
  '/api/operations/ID',
  '/api/audit',
  '/metrics',
]
const POSTS = [
  '/api/approvals/ID/approve',
  '/api/approvals/ID/reject',
  '/api/approvals/ID/cancel',
  '/api/mcp/propose',
  '/api/operations',
  '/api/kill-switch',
]
const at = (path: string) => path.replace('ID', requestId)

describe('who may what', () => {
  it.each([...GETS.map((path) => ['GET', path]), ...POSTS.map((path) => ['POST', path])])(
    '%s %s needs a token',
    async (method, path) => {
      const ask = (headers: Record<string, string>) =>
        fetch(site.url + at(path ?? ''), { method: method ?? '', headers })
      const without = await ask({})
      expect(without.status).toBe(401)
      expect(without.headers.get('www-authenticate')).toBe('Bearer realm="gatehouse"')
      expect(await without.json()).toMatchObject({ code: 'UNAUTHENTICATED' })
      expect((await ask({ authorization: 'Basic YWxpY2U6eA==' })).status).toBe(401)
      // Never in an address: that ends up in logs and histories.
      expect(
        (
          await fetch(
            `${site.url}${at(path ?? '')}?token=${site.tokens.alice}&access_token=${site.tokens.alice}`,
            { method: method ?? '' },
          )
        ).status,
      ).toBe(401)
    },
  )

  it('a token that is nearly right is wrong', async () => {
    const { alice } = site.tokens
    for (const token of [`${alice}x`, alice.slice(0, -1), alice.toUpperCase()])
      expect((await site.get('/api/approvals', token)).status).toBe(401)
  })

  it('an agent cannot decide, whatever it sends', async () => {
    const answer = await site.post(at('/api/approvals/ID/approve'), { planDigest: 'x' }, site.tokens.agent)
    expect([answer.status, await answer.json()]).toMatchObject([403, { code: 'NOT_PERMITTED' }])
    expect((await site.post(at('/api/approvals/ID/reject'), { reason: 'x' }, site.tokens.agent)).status).toBe(
      403,
    )
    expect((await site.post('/api/kill-switch', { reason: 'x' }, site.tokens.agent)).status).toBe(403)
  })

  it('a person’s token cannot propose, and one that only reads does only that', async () => {
    expect((await site.post('/api/operations', { operations: [] }, site.tokens.alice)).status).toBe(403)
    expect((await site.post(at('/api/approvals/ID/approve'), {}, site.tokens.reader)).status).toBe(403)
    expect((await site.get('/api/approvals/pending', site.tokens.reader)).status).toBe(200)
  })

  it('the requester does not approve its own request', async () => {
    const { requestId: own } = await site.request({}, {}, { ...site.principals.agent })
    const mine = await site.request(
      { intent: crypto.randomUUID() },
      { requester: { subject: 'oncall-bot', kind: 'agent', credential: 'x' } },
    )
    expect(mine.requestId).not.toBe(own)
    const person = await site.newToken({ subject: 'carol', scopes: ['read', 'approve'] })
    const agent = await site.newToken({ subject: 'carols-bot', kind: 'agent', behind: 'carol' })
    const { authenticate } = await import('../../src/index.ts')
    const asked = await site.request({}, {}, await authenticate(site.store, agent.token))
    const view = (await (await site.get(`/api/approvals/${asked.requestId}`, person.token)).json()) as Record<
      string,
      string
    >
    const { planDigest, viewDigest } = view
    const answer = await site.post(
      `/api/approvals/${asked.requestId}/approve`,
      { planDigest, viewDigest },
      person.token,
    )
    expect([answer.status, await answer.json()]).toMatchObject([403, { code: 'SELF_APPROVAL' }])
  })

  it('a revoked token is worth nothing at once', async () => {
    const { id, token } = await site.newToken({ subject: 'dora' })
    expect((await site.get('/api/approvals', token)).status).toBe(200)
    const { revokeToken, SYSTEM } = await import('../../src/index.ts')
    await revokeToken(site.store, id, SYSTEM)
    expect((await site.get('/api/approvals', token)).status).toBe(401)
  })
})

describe('from where', () => {
  it.each([
    'evil.example',
    'evil.example:3100',
    'localhost.evil.example',
    '127.0.0.1.evil.example',
    '127.0.0.1@evil.example',
    'localhost evil',
    '0.0.0.0',
  ])('the name %j in Host is refused', async (host) => {
    for (const path of ['/login', '/api/approvals/pending', '/health', '/assets/x'])
      expect([403, 400]).toContain(
        (await bareGet(site, path, { host, authorization: `Bearer ${site.tokens.alice}` })).status,
      )
  })

  it.each(['localhost:3100', '127.0.0.1', '[::1]:3100', 'LOCALHOST', 'remediation-mcp:3100'])(
    'the name %j is served',
    async (host) => {
      expect((await bareGet(site, '/health', { host })).status).toBe(200)
    },
  )

  it('no other origin is told or allowed anything', async () => {
    for (const origin of [
      'https://evil.example',
      'null',
      'http://localhost:9999',
      site.url.replace('http:', 'https:').replace(/\d+$/, '1'),
    ]) {
      const answer = await site.get('/api/approvals/pending', site.tokens.alice, { origin })
      expect(answer.status).toBe(403)
      expect(answer.headers.get('access-control-allow-origin')).toBeNull()
    }
    expect((await site.get('/api/approvals/pending', site.tokens.alice, { origin: site.url })).status).toBe(
      200,
    )
    const preflight = await fetch(`${site.url}/api/approvals/${requestId}/approve`, {
      method: 'OPTIONS',
      headers: { origin: 'https://evil.example', 'access-control-request-method': 'POST' },
    })
    expect([...preflight.headers.keys()].filter((name) => name.startsWith('access-control'))).toEqual([])
  })

  it('every answer forbids frames, sniffing, referrers and foreign content', async () => {
    const answers = await Promise.all([
      site.get('/login'),
      site.get('/nowhere'),
      site.get('/api/nowhere'),
      site.get('/health'),
    ])
    for (const { headers } of answers) {
      expect(headers.get('content-security-policy')).toContain("frame-ancestors 'none'")
      expect(headers.get('x-frame-options')).toBe('DENY')
      expect(headers.get('referrer-policy')).toBe('no-referrer')
      expect(headers.get('x-content-type-options')).toBe('nosniff')
      expect(headers.get('x-powered-by')).toBeNull()
    }
    expect((await site.get('/login')).headers.get('cache-control')).toBe('no-store')
  })

  it('static files are kept for ever, and only those there are', async () => {
    const page = await (await site.get('/login')).text()
    const [, address = ''] = /href="(\/assets\/style[^"]+)"/.exec(page) ?? []
    const file = await site.get(address)
    expect([file.status, file.headers.get('cache-control')]).toEqual([
      200,
      'public, max-age=31536000, immutable',
    ])
    for (const wrong of ['/assets/', '/assets/../package.json', '/assets/%2e%2e/x', '/assets/style.css'])
      expect((await site.get(wrong)).status).toBe(404)
  })
})

it('guessing tokens is slowed down, recorded and never shuts out who has one', async () => {
  const guessed = await startSite()
  try {
    const statuses: number[] = []
    for (let count = 0; count < 14; count++)
      statuses.push((await guessed.get('/api/approvals', `gh_h_${'x'.repeat(51)}`)).status)
    expect(statuses.slice(0, 10)).toEqual(Array(10).fill(401))
    expect(statuses.slice(10)).toEqual(Array(4).fill(429))
    const slowed = await guessed.get('/api/approvals', 'wrong')
    expect(Number(slowed.headers.get('retry-after'))).toBeGreaterThan(0)
    expect((await guessed.get('/api/approvals', guessed.tokens.alice)).status).toBe(200)
    const record = await (await guessed.get('/api/audit', guessed.tokens.alice)).text()
    expect(record.match(/"login\.failed"/g)).toHaveLength(10)
  } finally {
    await guessed.close()
  }
})

it('no token is logged, whatever address it is put into', async () => {
  await site.get(`/login?token=${site.tokens.alice}`)
  await site.get(`/${site.tokens.alice}`)
  await site.get(`/api/${site.tokens.alice}`, site.tokens.alice)
  expect(site.logged.join('\n')).not.toContain(site.tokens.alice.slice(0, 20))
  const answer = await (await site.get(`/api/${site.tokens.alice}`, site.tokens.alice)).text()
  expect(answer).not.toContain(site.tokens.alice)
})
