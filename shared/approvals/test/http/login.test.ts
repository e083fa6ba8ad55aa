import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { type Site, startSite } from './site.ts'
import { fieldsOf, Visitor } from './visitor.ts'

let site: Site
let visitor: Visitor
beforeAll(async () => {
  site = await startSite()
})
afterAll(() => site.close())
beforeEach(() => {
  visitor = new Visitor(site)
})

describe('login', () => {
  it('leads to where one wanted to go', async () => {
    const wanted = await visitor.get('/history?state=rejected')
    expect([wanted.status, wanted.location]).toEqual([303, '/login?next=%2Fhistory%3Fstate%3Drejected'])
    const { text } = await visitor.get(wanted.location ?? '')
    const answer = await visitor.post('/login', { ...fieldsOf(text, '/login'), token: site.tokens.alice })
    expect([answer.status, answer.location]).toEqual([303, '/history?state=rejected'])
    expect((await visitor.get('/')).text).toContain('alice')
  })

  it.each([
    '//evil.example',
    'https://evil.example',
    '/\\evil.example',
    '/%0a/evil.example'.replace('%0a', '\n'),
    'javascript:alert(1)',
    '/login',
    '/logout',
    '/\t/evil.example',
    '/@evil.example\r\nset-cookie: a=b',
  ])('never leads to %j', async (next) => {
    const { text } = await visitor.get(`/login?next=${encodeURIComponent(next)}`)
    const answer = await visitor.post('/login', {
      ...fieldsOf(text, '/login'),
      next,
      token: site.tokens.alice,
    })
    expect([answer.status, answer.location]).toEqual([303, '/'])
  })

  it('sets a cookie that no script reads and no other site sends', async () => {
    await visitor.login(site.tokens.alice)
    const line = visitor.set.find((one) => one.startsWith('gatehouse-session='))
    expect(line).toMatch(/^gatehouse-session=[A-Za-z0-9_-]{43}; Path=\/; HttpOnly; SameSite=Strict$/)
    expect(visitor.cookies.has('gatehouse-login')).toBe(false)
  })

  it('sets it with __Host- and Secure where people come over TLS', async () => {
    const secure = await startSite({ publicUrl: 'https://gatehouse.example' })
    try {
      const other = new Visitor(secure)
      await other.login(secure.tokens.alice)
      const session = other.set.find((one) => one.startsWith('__Host-gatehouse-session='))
      expect(session).toMatch(/; Path=\/; HttpOnly; SameSite=Strict; Secure$/)
      // One without the prefix is none: a neighbour on the same machine could have set it.
      const value = other.cookies.get('__Host-gatehouse-session') ?? ''
      const plain = await fetch(`${secure.url}/`, {
        redirect: 'manual',
        headers: { cookie: `gatehouse-session=${value}` },
      })
      expect(plain.status).toBe(303)
    } finally {
      await secure.close()
    }
  })

  it('starts a new session and ends the one that was there', async () => {
    const planted = 'A'.repeat(43)
    visitor.cookies.set('gatehouse-session', planted)
    await visitor.login(site.tokens.alice)
    const first = visitor.cookies.get('gatehouse-session') ?? ''
    expect(first).not.toBe(planted)
    // Logged in already: the page is passed over, but its form still works from an old tab.
    const old = new Visitor(site)
    const { text } = await old.get('/login')
    old.cookies.set('gatehouse-session', first)
    await old.post('/login', { ...fieldsOf(text, '/login'), token: site.tokens.bob })
    expect(old.cookies.get('gatehouse-session')).not.toBe(first)
    expect((await visitor.get('/')).location).toBe('/login')
  })

  it('two cookies of one name count for nothing', async () => {
    await visitor.login(site.tokens.alice)
    const value = visitor.cookies.get('gatehouse-session')
    const answer = await fetch(`${site.url}/`, {
      redirect: 'manual',
      headers: { cookie: `gatehouse-session=${value}; gatehouse-session=${'B'.repeat(43)}` },
    })
    expect(answer.status).toBe(303)
  })

  it('is for people', async () => {
    const answer = await visitor.login(site.tokens.agent)
    expect(answer.status).toBe(403)
    expect(answer.text).toContain('Only people sign in')
    expect(visitor.cookies.has('gatehouse-session')).toBe(false)
  })

  it('says that a token is wrong, not what is wrong with it, and does not repeat it', async () => {
    const answer = await visitor.login('gh_h_wrong-but-secret')
    expect(answer.status).toBe(401)
    expect(answer.text).toContain('This token is not valid')
    expect(answer.text).not.toContain('wrong-but-secret')
  })

  it('needs the form it was shown', async () => {
    await visitor.get('/login')
    const answer = await visitor.post('/login', { token: site.tokens.alice, 'form-token': 'f'.repeat(64) })
    expect([answer.status, visitor.cookies.has('gatehouse-session')]).toEqual([400, false])
  })

  it('works in the first of two tabs', async () => {
    const { text } = await visitor.get('/login')
    await visitor.get('/login')
    expect(
      (await visitor.post('/login', { ...fieldsOf(text, '/login'), token: site.tokens.alice })).status,
    ).toBe(303)
  })

  it('ends with a log-out, everywhere at once', async () => {
    await visitor.login(site.tokens.alice)
    const cookie = visitor.cookies.get('gatehouse-session') ?? ''
    const answer = await visitor.submit('/', '/logout')
    expect([answer.status, answer.location, visitor.cookies.size]).toEqual([303, '/login', 0])
    const again = await fetch(`${site.url}/`, {
      redirect: 'manual',
      headers: { cookie: `gatehouse-session=${cookie}` },
    })
    expect(again.status).toBe(303)
  })

  it('ends with the token it came from', async () => {
    const { id, token } = await site.newToken({ subject: 'erik' })
    await visitor.login(token)
    expect((await visitor.get('/')).status).toBe(200)
    const { revokeToken, SYSTEM } = await import('../../src/index.ts')
    await revokeToken(site.store, id, SYSTEM)
    expect((await visitor.get('/')).location).toBe('/login')
  })

  // A token has 256 bits: that the right one is let in at any time is no help to whoever guesses, and a program that
  // guesses from the approver's machine is no way to shut the approver out.
  it('guessing is stopped and recorded; a right token is let in all the same', async () => {
    const guessed = await startSite()
    try {
      const other = new Visitor(guessed)
      const statuses: number[] = []
      for (let count = 0; count < 12; count++) statuses.push((await other.login(`guess-${count}`)).status)
      expect(statuses).toEqual([...Array(10).fill(401), 429, 429])
      const late = await other.login('guess-again')
      expect(Number(late.headers.get('retry-after'))).toBeGreaterThan(0)
      // A token that may not sign in is answered like one that does not exist.
      const answers = [late, await other.login(guessed.tokens.agent)]
      expect(answers.map(({ status }) => status)).toEqual([429, 429])
      expect(other.cookies.has('gatehouse-session')).toBe(false)
      const own = new Visitor(guessed)
      expect((await own.login(guessed.tokens.alice)).status).toBe(303)
      expect((await own.get('/')).status).toBe(200)
      // That was no way around it for the others.
      expect((await other.login('guess-more')).status).toBe(429)
      expect((await guessed.get('/api/approvals', guessed.tokens.alice)).status).toBe(200)
      const record = await (await guessed.get('/api/audit', guessed.tokens.alice)).text()
      expect(record.match(/"login\.failed"/g)).toHaveLength(10)
      expect(record).not.toContain('guess-')
    } finally {
      await guessed.close()
    }
  })
})

describe('forms from elsewhere', () => {
  const attempts: [string, Record<string, string>][] = [
    ['another site', { 'sec-fetch-site': 'cross-site', origin: 'https://evil.example' }],
    ['a sibling of this site', { 'sec-fetch-site': 'same-site', origin: 'http://other.localhost' }],
    ['a sandboxed frame', { 'sec-fetch-site': 'cross-site', origin: 'null' }],
    ['a browser that says nothing', { 'sec-fetch-site': '', origin: '' }],
    ['an old browser on another site', { 'sec-fetch-site': '', origin: 'https://evil.example' }],
    ['an old browser in a sandboxed frame', { 'sec-fetch-site': '', origin: 'null' }],
    ['one that lies about itself', { 'sec-fetch-site': 'same-origin', origin: 'https://evil.example' }],
  ]
  it.each(attempts)('%s: neither login nor decision', async (_who, headers) => {
    const { requestId } = await site.request()
    await visitor.login(site.tokens.alice)
    const { text } = await visitor.get(`/requests/${requestId}`)
    const fields = fieldsOf(text, `/requests/${requestId}/approve`)
    const sent = Object.fromEntries(Object.entries(headers).filter(([, value]) => value !== ''))
    const body = new URLSearchParams(fields).toString()
    const form = { 'content-type': 'application/x-www-form-urlencoded' }
    const answer = await visitor.send('POST', `/requests/${requestId}/approve`, body, { ...form, ...sent })
    expect(answer.status).toBe(403)
    const login = await visitor.send('POST', '/login', 'token=x', { ...form, ...sent })
    expect(login.status).toBe(403)
    const { getRequest } = await import('../../src/index.ts')
    expect((await getRequest(site.store, requestId)).state).toBe('pending')
  })

  it('an old browser on a page of ours is served', async () => {
    const { requestId } = await site.request()
    await visitor.login(site.tokens.alice)
    const { text } = await visitor.get(`/requests/${requestId}`)
    const body = new URLSearchParams(fieldsOf(text, `/requests/${requestId}/approve`)).toString()
    const answer = await visitor.send('POST', `/requests/${requestId}/approve`, body, {
      'content-type': 'application/x-www-form-urlencoded',
      origin: site.url,
    })
    expect(answer.status).toBe(303)
  })

  it.each<[string, Record<string, string>, string]>([
    ['without its token', { 'form-token': '' }, 'application/x-www-form-urlencoded'],
    [
      'with the token of another login',
      { 'form-token': 'f'.repeat(64) },
      'application/x-www-form-urlencoded',
    ],
    ['as text', {}, 'text/plain'],
    ['as JSON', {}, 'application/json'],
  ])('a form %s decides nothing', async (_how, change, type) => {
    const { requestId } = await site.request()
    await visitor.login(site.tokens.alice)
    const { text } = await visitor.get(`/requests/${requestId}`)
    const fields = { ...fieldsOf(text, `/requests/${requestId}/approve`), ...change }
    const answer = await visitor.post(`/requests/${requestId}/approve`, fields, { 'content-type': type })
    expect(answer.status).toBeGreaterThanOrEqual(400)
    const { getRequest } = await import('../../src/index.ts')
    expect((await getRequest(site.store, requestId)).state).toBe('pending')
  })

  it('the session cookie opens no call of the API that changes something', async () => {
    const { requestId } = await site.request()
    await visitor.login(site.tokens.alice)
    for (const call of ['approve', 'reject', 'cancel']) {
      const headers = { 'content-type': 'application/json', 'sec-fetch-site': 'same-origin' }
      expect((await visitor.send('POST', `/api/approvals/${requestId}/${call}`, '{}', headers)).status).toBe(
        401,
      )
    }
  })

  it('a link that somebody or a mail scanner follows changes nothing', async () => {
    const { requestId } = await site.request()
    await visitor.login(site.tokens.alice)
    for (const path of ['approve', 'reject', 'undo', 'cancel']) {
      expect((await visitor.get(`/requests/${requestId}/${path}`)).status).toBe(404)
    }
    for (const path of ['/logout', '/brakes/kill-switch/engage', '/tokens/x/revoke'])
      expect((await visitor.get(path)).status).toBe(404)
    await visitor.get('/new?command=kubectl+delete+pod+x&yaml=a')
    expect(site.asked).toEqual([])
    expect((await visitor.get('/')).status).toBe(200)
  })
})
