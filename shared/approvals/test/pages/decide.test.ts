import type { Browser, Page } from '@gatehouse/testing/chromium'
import { startChromium } from '@gatehouse/testing/chromium'
import { ask, openWindow, until } from '@gatehouse/testing/window'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { cancel, getRequest, revokeToken, SYSTEM } from '../../src/index.ts'
import { type Site, startSite } from '../http/site.ts'
import { OPERATIONS } from './fixtures.ts'
import { login } from './login.ts'

let site: Site
let browser: Browser
beforeAll(async () => {
  site = await startSite({ staleEveryMs: 50, heartbeatMs: 50 })
  browser = await startChromium()
})
afterAll(async () => {
  await browser?.close()
  await site?.close()
})

const stateOf = async (id: string) => (await getRequest(site.store, id)).state
const deleting = () => site.request(OPERATIONS.delete as never)
const live = (page: Page) => until(page, 'connection', /^live$/)
const focused = (page: Page) => ask<string>(page, 'focused')

describe('by keyboard alone', () => {
  it('from the inbox to an approved deletion', async () => {
    const window = await openWindow(browser, site)
    const { page } = window
    const { requestId } = await deleting()
    await login(page, site)
    await page.keyboard.press('j')
    expect(await focused(page)).toBe(requestId)
    await page.keyboard.press('k')
    expect(await focused(page)).toBe(requestId)
    await page.keyboard.press('Enter')
    await page.waitForURL(`${site.url}/requests/${requestId}`)
    await page.keyboard.press('a')
    expect(await focused(page)).toBe('typed-name')
    // A letter in a field is a letter.
    await page.keyboard.type('ar?jk')
    expect(await page.inputValue('#typed-name')).toBe('ar?jk')
    await page.fill('#typed-name', 'web-7d9c5b8f6-x2k4p')
    await page.keyboard.press('Tab')
    expect(await focused(page)).toBe('approve')
    await page.keyboard.press('Enter')
    await page.waitForSelector('text=Approved.')
    expect(await stateOf(requestId)).toBe('approved')
    expect(window.complaints).toEqual([])
    await window.close()
  })

  it('r opens the reason, ? the keys, Escape closes them', async () => {
    const window = await openWindow(browser, site)
    const { page } = window
    const { requestId } = await site.request()
    await login(page, site)
    await page.goto(`${site.url}/requests/${requestId}`)
    await page.keyboard.press('?')
    await page.waitForSelector('#keys[open]')
    await page.keyboard.press('Escape')
    await page.waitForSelector('#keys:not([open])', { state: 'hidden' })
    await page.keyboard.press('r')
    expect(await focused(page)).toBe('reason')
    await page.keyboard.type('Not now')
    await page.keyboard.press('Tab')
    await page.keyboard.press('Enter')
    await page.waitForSelector('text=Rejected. Nothing was changed.')
    expect((await getRequest(site.store, requestId)).decisions[0]).toMatchObject({ reason: 'Not now' })
    await window.close()
  })

  it('the way through the page is the way one reads it, and always visible', async () => {
    const window = await openWindow(browser, site)
    const { page } = window
    const { requestId } = await site.request()
    await login(page, site)
    await page.goto(`${site.url}/requests/${requestId}`)
    const order: string[] = []
    for (let count = 0; count < 20; count++) {
      await page.keyboard.press('Tab')
      order.push(await focused(page))
      if (order.at(-1) === 'approve') break
      const outline = await ask(page, 'outline')
      expect(outline, order.at(-1)).not.toBe('none')
    }
    expect(order).toEqual([
      'Skip to the content',
      'Gatehouse Approvals',
      'Inbox',
      'History',
      'Propose',
      'Audit',
      'Tokens',
      'Log out',
      'kubectl scale deployment web --replicas=',
      'copy',
      'copy whole',
      'Reject…',
      'approve',
    ])
    await window.close()
  })
})

describe('without JavaScript', () => {
  it('everything is read, and decided', async () => {
    const window = await openWindow(browser, site, { javaScriptEnabled: false })
    const { page } = window
    const [first, second] = [await deleting(), await site.request()]
    await login(page, site)
    await page.click(`a[href="/requests/${first.requestId}"]`)
    expect(await page.isVisible('text=not checked')).toBe(true)
    expect(await page.isVisible('.copy')).toBe(false)
    await page.fill('#typed-name', 'web-7d9c5b8f6-x2k4p')
    await page.click('#approve')
    expect(await page.isVisible('text=Approved.')).toBe(true)
    expect(await stateOf(first.requestId)).toBe('approved')
    await page.goto(`${site.url}/requests/${second.requestId}`)
    await page.click('summary')
    await page.fill('#reason', 'Too late')
    await page.click('#reject form button')
    expect(await stateOf(second.requestId)).toBe('rejected')
    await page.click('text=Log out')
    expect(page.url()).toBe(`${site.url}/login`)
    await window.close()
  })
})

describe('live', () => {
  it('the inbox shows what comes and goes, and says so', async () => {
    const window = await openWindow(browser, site)
    const { page } = window
    await login(page, site)
    await live(page)
    const { requestId } = await site.request({ title: 'Scale deployment live from 1 to 2' })
    await page.waitForSelector('text=Scale deployment live')
    await until(page, 'announced', /waiting/)
    await page.focus(`[id="${requestId}"]`)
    const other = await site.request()
    await page.waitForSelector(`[id="${other.requestId}"]`)
    expect(await focused(page)).toBe(requestId)
    await cancel(site.store, site.principals.agent, requestId)
    await page.waitForSelector('text=Scale deployment live', { state: 'detached' })
    expect(window.complaints).toEqual([])
    await window.close()
  })

  it('a page whose object changes says how, and its buttons go; it comes back when the object does', async () => {
    const window = await openWindow(browser, site)
    const { page } = window
    const { requestId } = await site.request()
    await login(page, site)
    await page.goto(`${site.url}/requests/${requestId}`)
    await live(page)
    site.stale.set(requestId, 'replicas are now 4')
    await page.waitForSelector('text=Stale: replicas are now 4')
    await page.waitForSelector('#approve', { state: 'detached' })
    await until(page, 'announced', /Stale/)
    site.stale.delete(requestId)
    await page.waitForSelector('#approve')
    await window.close()
  })

  it('what one is typing stays while other parts change', async () => {
    const window = await openWindow(browser, site)
    const { page } = window
    const { requestId } = await site.request(
      {},
      { policy: { level: 4, approvers: 3, rules: [], digest: 'd' } },
    )
    await login(page, site)
    await page.goto(`${site.url}/requests/${requestId}`)
    await live(page)
    await page.keyboard.press('r')
    await page.keyboard.type('I am still')
    await site.request()
    const { sql } = await import('kysely')
    await sql`update requests set seen = 7 where id = ${requestId}`.execute(site.store.db)
    const { recordEvent } = await import('../../src/index.ts')
    await recordEvent(site.store, { type: 'request.seen', actor: SYSTEM, request: requestId })
    await page.waitForSelector('text=same request seen 7 times')
    await page.keyboard.type(' writing')
    expect(await page.inputValue('#reason')).toBe('I am still writing')
    await window.close()
  })

  it('a decision elsewhere ends the decision here', async () => {
    const window = await openWindow(browser, site)
    const { page } = window
    const { requestId } = await site.request()
    await login(page, site)
    await page.goto(`${site.url}/requests/${requestId}`)
    await live(page)
    await cancel(site.store, site.principals.agent, requestId)
    await page.waitForSelector('text=Withdrawn. Nothing was changed.')
    await page.waitForSelector('#approve', { state: 'detached' })
    await window.close()
  })

  it('a login that ends leads to the login page', async () => {
    const window = await openWindow(browser, site)
    const { page } = window
    const { id, token } = await site.newToken({ subject: 'hana' })
    await login(page, site, token)
    await live(page)
    await revokeToken(site.store, id, SYSTEM)
    await page.waitForURL(`${site.url}/login`)
    await window.close()
  })
})

describe('the link with a token', () => {
  it('logs in and leaves the token in no address and no history', async () => {
    const window = await openWindow(browser, site)
    const { page } = window
    const seen: string[] = []
    page.on('request', (request) => seen.push(request.url()))
    await page.goto(`${site.url}/login?next=%2Fhistory#token=${site.tokens.alice}`)
    await page.waitForURL(`${site.url}/history`)
    expect(seen.map((url) => url.split('#')[0]).join()).not.toContain(site.tokens.alice)
    await page.goBack()
    expect(page.url()).not.toContain(site.tokens.alice)
    expect(site.logged.join()).not.toContain(site.tokens.alice)
    await window.close()
  })

  it('followed by somebody who is logged in leaves no token in the address either', async () => {
    const window = await openWindow(browser, site)
    const { page } = window
    await login(page, site)
    await page.goto(`${site.url}/login#token=${site.tokens.alice}`)
    await page.waitForURL(`${site.url}/`)
    await window.close()
  })

  it('without JavaScript leaves the field to paste it into', async () => {
    const window = await openWindow(browser, site, { javaScriptEnabled: false })
    await window.page.goto(`${site.url}/login#token=${site.tokens.alice}`)
    expect(await window.page.isVisible('#token')).toBe(true)
    await window.close()
  })
})
