import { once } from 'node:events'
import { createServer, type Server } from 'node:http'
import type { PlannedOperation } from '@gatehouse/operations'
import type { Browser } from '@gatehouse/testing/chromium'
import { startChromium } from '@gatehouse/testing/chromium'
import { ask, openWindow } from '@gatehouse/testing/window'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createWorker, decide, getRequest } from '../../src/index.ts'
import { type Site, startSite } from '../http/site.ts'
import { fieldsOf } from '../http/visitor.ts'
import { ATTACKS } from './fixtures.ts'
import { login } from './login.ts'

let site: Site
let browser: Browser
let elsewhere: Server
let elsewherePort: number
let foreignPage = ''
beforeAll(async () => {
  site = await startSite()
  browser = await startChromium()
  elsewhere = createServer((_request, response) => {
    response.setHeader('content-type', 'text/html')
    response.end(foreignPage)
  }).listen(0, '127.0.0.1')
  await once(elsewhere, 'listening')
  elsewherePort = (elsewhere.address() as { port: number }).port
})
afterAll(async () => {
  await browser?.close()
  elsewhere?.close()
  await site?.close()
})

const hit = 'globalThis.hit'

/** A request in which this text stands wherever one can come from outside. */
function poisoned(text: string): { change: Partial<PlannedOperation>; plan: object } {
  const target = {
    context: text,
    clusterId: text,
    group: text,
    version: text,
    kind: text,
    resource: text,
    namespace: text,
    name: text,
  }
  return {
    change: {
      title: text,
      target,
      command: text,
      warnings: [text],
      impact: [text],
      changes: [{ path: text, before: text, after: text }],
      expectation: { check: 'none', text, timeoutSeconds: 1 },
      typedName: true,
    },
    plan: {
      claim: { reason: text, severity: text, service: text, explanations: [text] },
      policy: { level: 2, approvers: 1, rules: [text], digest: 'd' },
      tool: text,
      identity: text,
    },
  }
}

describe('what agents, clusters and people write', () => {
  it('is shown and does nothing, on every page', { timeout: 180_000 }, async () => {
    const paths: string[] = []
    for (const text of ATTACKS) {
      const { change, plan } = poisoned(text)
      const made = await site.request(change, plan)
      const done = await site.request({ ...change, typedName: false }, plan)
      const { requestId, planDigest, viewDigest } = done
      const decision = { decision: 'approve' as const, reason: text }
      await decide(site.store, site.principals.bob, { requestId, planDigest, viewDigest, ...decision })
      const outcome = { state: 'failed' as const, reason: text, result: { stdout: text, stderr: text } }
      await createWorker({ store: site.store, executor: { execute: async () => outcome } }).runOnce()
      site.stale.set(made.requestId, text)
      const said = encodeURIComponent(text)
      paths.push(`/requests/${made.requestId}`, `/requests/${requestId}`)
      paths.push(`/new?yaml=${said}&command=${said}&reason=${said}`, `/history?search=${said}`)
    }
    const window = await openWindow(browser, site)
    const { page } = window
    await login(page, site)
    for (const path of [...paths, '/', '/history', '/audit']) {
      await page.goto(site.url + path, { waitUntil: 'domcontentloaded' })
      expect(await page.evaluate(hit), path).toBeUndefined()
      expect(page.url().startsWith(site.url)).toBe(true)
      expect(await ask(page, 'foreign'), path).toEqual([])
    }
    expect(window.complaints).toEqual([])
    await window.close()
  })

  it('a rejected form gives the reason back as text', async () => {
    const window = await openWindow(browser, site)
    const { page } = window
    await login(page, site)
    const { requestId } = await site.request()
    await page.goto(`${site.url}/requests/${requestId}`)
    await page.click('summary')
    await page.fill('#reason', '</textarea><img src=x onerror=window.hit=1>')
    await page.click('#reject form button')
    await page.waitForSelector('text=Rejected. Nothing was changed.')
    expect(await page.evaluate(hit)).toBeUndefined()
    expect(await page.isVisible('text=onerror=window.hit=1')).toBe(true)
    await window.close()
  })

  it('an identity and a token’s name do not either', async () => {
    const { token } = await site.newToken({ subject: 'ivan', name: '<img src=x onerror=window.hit=1>' })
    const window = await openWindow(browser, site)
    await login(window.page, site, token)
    await window.page.goto(`${site.url}/tokens`)
    expect(await window.page.evaluate(hit)).toBeUndefined()
    expect(window.complaints).toEqual([])
    await window.close()
  })
})

describe('what other pages try', () => {
  const attempt = async (
    host: string,
    makePage: (fields: Record<string, string>, requestId: string) => string,
  ) => {
    const { requestId } = await site.request()
    const window = await openWindow(browser, site)
    const { page } = window
    await login(page, site)
    await page.goto(`${site.url}/requests/${requestId}`)
    // As if the attacker even knew what stands in the form.
    foreignPage = makePage(fieldsOf(await page.content(), `/requests/${requestId}/approve`), requestId)
    const ours = (one: { url(): string }) => one.url().startsWith(site.url)
    const answered = Promise.race([
      page.waitForEvent('response', ours).then((response) => response.status()),
      // The browser keeps what the page may not see: then only the state tells.
      page.waitForEvent('requestfailed', ours).then(() => 403),
    ])
    await page.goto(`http://${host}:${elsewherePort}/`)
    const status = await answered
    const state = (await getRequest(site.store, requestId)).state
    await window.close()
    return { status, state }
  }
  const formTo = (
    path: string,
    fields: Record<string, string>,
    type = 'application/x-www-form-urlencoded',
  ) => {
    const inputs = Object.entries(fields).map(([name, value]) => `<input name="${name}" value="${value}">`)
    return `<form id="f" method="post" enctype="${type}" action="${site.url}${path}">${inputs.join('')}</form><script>f.submit()</script>`
  }

  // 127.0.0.1 on another port is another origin of the same site: SameSite alone would let it pass.
  it.each(['localhost', '127.0.0.1'])('a form on %s decides nothing', async (host) => {
    const result = await attempt(host, (fields, id) => formTo(`/requests/${id}/approve`, fields))
    expect(result).toEqual({ status: 403, state: 'pending' })
  })

  it('a form sent as text does not reach the API', async () => {
    const result = await attempt('127.0.0.1', (_fields, id) =>
      formTo(`/api/approvals/${id}/reject`, { '{&quot;reason&quot;:&quot;x': '&quot;}' }, 'text/plain'),
    )
    expect(result.status).toBeGreaterThanOrEqual(400)
    expect(result.state).toBe('pending')
  })

  it('a script with the cookie is refused and reads nothing', async () => {
    const result = await attempt(
      '127.0.0.1',
      (_fields, id) =>
        `<script>fetch('${site.url}/api/approvals/${id}/approve', { method: 'POST', credentials: 'include', mode: 'no-cors', body: '{}' })</script>`,
    )
    expect(result.status).toBeGreaterThanOrEqual(400)
    expect(result.state).toBe('pending')
  })

  it('a frame around the page stays empty', async () => {
    const window = await openWindow(browser, site)
    const { page } = window
    await login(page, site)
    const { requestId } = await site.request()
    foreignPage = `<iframe src="${site.url}/requests/${requestId}"></iframe>`
    await page.goto(`http://127.0.0.1:${elsewherePort}/`)
    await page.waitForSelector('iframe')
    const texts = await Promise.all(
      page
        .frames()
        .slice(1)
        .map((frame) => frame.content().catch(() => '')),
    )
    expect(texts.join('')).not.toContain('Approve and run')
    expect(window.complaints.join('\n')).toMatch(/frame-ancestors|X-Frame-Options|Framing/i)
    await window.close()
  })

  it('a window that was opened from elsewhere has no hold on the page', async () => {
    const window = await openWindow(browser, site)
    await login(window.page, site)
    foreignPage = `<script>addEventListener('click', () => { const w = open('${site.url}/'); setTimeout(() => { try { document.title = String(w.closed || w.length) } catch { document.title = 'no' } }, 0) })</script><p>click</p>`
    await window.page.goto(`http://127.0.0.1:${elsewherePort}/`)
    const [opened] = await Promise.all([window.page.waitForEvent('popup'), window.page.click('p')])
    await opened.waitForLoadState()
    expect(await opened.evaluate('window.opener')).toBeNull()
    await window.close()
  })
})
