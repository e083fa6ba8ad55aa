import { once } from 'node:events'
import { createServer, type Server } from 'node:http'
import { sharedCluster } from '@gatehouse/testing'
import { type Browser, startChromium } from '@gatehouse/testing/chromium'
import { ask, openWindow, type Window } from '@gatehouse/testing/window'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type Running, start } from '../harness.ts'
import { KINDS } from './every-page.ts'

let approvals: Server
let asked: URL[]
let server: Running
let browser: Browser
beforeAll(async () => {
  approvals = createServer(({ url = '' }, response) => {
    asked.push(new URL(url, 'http://approvals.invalid'))
    response.setHeader('content-type', 'text/html').end('<title>Propose</title>')
  }).listen(0, '127.0.0.1')
  await once(approvals, 'listening')
  const { port } = approvals.address() as { port: number }
  const { kubeconfig: KUBECONFIG } = await sharedCluster()
  server = await start({ KUBECONFIG, APPROVAL_PUBLIC_URL: `http://127.0.0.1:${port}` })
  browser = await startChromium()
})
afterAll(async () => {
  await browser?.close()
  await server?.[Symbol.asyncDispose]()
  approvals?.close()
})

const open = async (path: string, options: Parameters<typeof openWindow>[2] = {}): Promise<Window> => {
  const window = await openWindow(browser, server, options)
  await window.page.goto(server.url + path)
  return window
}

interface Stop {
  at: number
  visible: boolean
  text: string
}

describe('by keyboard', () => {
  it.each(Object.entries(KINDS))(
    'Tab goes through %s as one reads it, and always visibly',
    {
      timeout: 120_000,
    },
    async (_kind, [path]) => {
      const window = await open(path)
      const { page } = window
      const expected = await ask<number[]>(page, 'stops')
      const stops: Stop[] = []
      for (let count = 0; count < expected.length + 20; count++) {
        await page.keyboard.press('Tab')
        const stop = await ask<Stop>(page, 'stop')
        if (stop.text.startsWith('BODY') || stop.at === stops[0]?.at) break
        stops.push(stop)
      }
      expect(stops[0]?.text).toBe('A Skip to the content')
      expect(stops[1]?.text).toBe('A Gatehouse Kubernetes')
      const places = stops.map(({ at }) => at)
      expect(places).toEqual(places.toSorted((a, b) => a - b))
      // What scrolls is a stop of its own, where the browser finds nothing in it to stop at.
      expect(expected.filter((at) => !places.includes(at))).toEqual([])
      expect(stops.filter(({ visible }) => !visible)).toEqual([])
      await window.close()
    },
  )

  it('the first stop leads past the bar', async () => {
    const window = await open('/docs/pods')
    const { page } = window
    await page.keyboard.press('Tab')
    await page.keyboard.press('Enter')
    expect(await ask(page, 'focused')).toBe('content')
    await page.keyboard.press('Tab')
    expect((await ask<Stop>(page, 'stop')).text).toBe('A Documentation')
    await window.close()
  })

  it('/ goes to the search, ? shows the keys that there are', async () => {
    const window = await open('/docs/pods')
    const { page } = window
    await page.keyboard.press('/')
    expect(await ask(page, 'focused')).toBe('search')
    await page.keyboard.type('liveness probe?/')
    expect(await page.inputValue('#search')).toBe('liveness probe?/')
    await page.keyboard.press('Enter')
    await page.waitForURL(/\/search\?q=liveness/)
    expect(await page.inputValue('#search')).toBe('liveness probe?/')
    await page.focus('h1 + * a, main a')
    await page.keyboard.press('?')
    await page.waitForSelector('#keys[open]')
    expect(await page.locator('#keys kbd').allTextContents()).toEqual(['/', '?'])
    await page.keyboard.press('Escape')
    await page.waitForSelector('#keys:not([open])', { state: 'hidden' })
    expect(window.complaints).toEqual([])
    await window.close()
  })
})

describe('copying', () => {
  it.each(['/', '/docs/crash-loop', '/templates/deployment', '/templates/role'])(
    'on %s puts exactly the code on the clipboard',
    async (path) => {
      const window = await open(path, { permissions: ['clipboard-read', 'clipboard-write'] })
      const { page } = window
      for (const summary of await page.locator('summary').all()) await summary.click()
      const figures = await page.locator('figure.code').all()
      expect(figures.length).toBeGreaterThan(0)
      for (const figure of figures) {
        await figure.locator('.copy').click()
        await figure.locator('.copy', { hasText: 'copied' }).waitFor()
        const copied = await page.evaluate<string>('navigator.clipboard.readText()')
        expect(copied).toBe(await figure.locator('pre code').textContent())
      }
      expect(await ask(page, 'announced')).toBe('Copied')
      expect(window.complaints).toEqual([])
      await window.close()
    },
  )
})

describe('anchors', () => {
  it.each([
    ['/docs/pods#see-also', 'see-also'],
    ['/api/apps/v1/Deployment#spec', 'spec'],
    ['/api/apps/v1/Deployment?field=spec#spec.strategy', 'spec.strategy'],
    ['/api#apps/v1', 'apps/v1'],
    ['/docs#Helm', 'Helm'],
    ['/#tools', 'tools'],
  ])('%s is reached', async (path, id) => {
    const window = await open(path, { viewport: { width: 390, height: 600 } })
    const target = window.page.locator(`[id="${id}"]`)
    const box = await target.boundingBox()
    expect(await target.evaluate((element) => element.matches(':target'))).toBe(true)
    expect(box?.y).toBeGreaterThanOrEqual(0)
    expect(box?.y).toBeLessThan(600)
    await window.close()
  })

  it('of headings and fields lead to themselves', async () => {
    const window = await open('/docs/pods')
    const { page } = window
    for (const path of ['/docs/pods', '/api/apps/v1/Deployment']) {
      await page.goto(server.url + path)
      const links = await page.locator('a[href^="#"]:not(.skip)').all()
      expect(links.length).toBeGreaterThan(0)
      for (const link of links) {
        const id = (await link.getAttribute('href'))?.slice(1) ?? ''
        expect(await page.locator(`[id="${id}"]`).count(), id).toBe(1)
      }
    }
    await window.close()
  })
})

describe.each([true, false])('the form of a template, with JavaScript: %s', (javaScriptEnabled) => {
  it('makes the manifest that was asked for', async () => {
    const window = await open('/templates/deployment', { javaScriptEnabled })
    const { page } = window
    await page.getByLabel(/^name /).fill('shop')
    await page.getByLabel(/^replicas /).fill('5')
    await page.getByRole('button', { name: 'Fill in' }).click()
    await page.waitForURL(/name=shop/)
    const yaml = (await page.textContent('figure.code pre')) ?? ''
    expect(yaml).toContain('name: shop')
    expect(yaml).toContain('replicas: 5')
    expect(await page.getByLabel(/^name /).inputValue()).toBe('shop')
    expect(window.complaints).toEqual([])
    await window.close()
  })

  it('says what is wrong, and keeps what was typed', async () => {
    const window = await open('/templates/deployment', { javaScriptEnabled })
    const { page } = window
    await page.getByLabel(/^name /).fill('shop')
    await page.getByLabel(/^replicas /).fill('<b>many</b>')
    await page.getByRole('button', { name: 'Fill in' }).click()
    const alert = page.getByRole('alert')
    await alert.waitFor()
    expect(await alert.textContent()).toMatch(/replicas/)
    expect(await page.getByLabel(/^name /).inputValue()).toBe('shop')
    expect(await page.getByLabel(/^replicas /).inputValue()).toBe('<b>many</b>')
    expect(await page.locator('figure.code').count()).toBe(0)
    expect(window.complaints.splice(0)).toEqual([expect.stringContaining('status of 400')])
    await window.close()
  })

  it('shows on a phone what came of it at once', async () => {
    const window = await open('/templates/deployment', {
      javaScriptEnabled,
      viewport: { width: 390, height: 844 },
    })
    const { page } = window
    const fillIn = async (replicas: string, outcome: string) => {
      await page.getByLabel(/^replicas /).fill(replicas)
      await page.getByRole('button', { name: 'Fill in' }).click()
      await page.waitForURL((url) => url.searchParams.get('replicas') === replicas)
      const { y = -1, height = 0 } = (await page.locator(outcome).boundingBox()) ?? {}
      expect(y).toBeGreaterThanOrEqual(0)
      expect(y + height).toBeLessThan(844)
    }
    await fillIn('5', '#manifest')
    await fillIn('many', '[role=alert]')
    await window.close()
  })

  it('leads to the approval pages with the manifest', async () => {
    asked = []
    const window = await open('/templates/deployment?name=shop&replicas=5', { javaScriptEnabled })
    const { page } = window
    const yaml = await page.textContent('figure.code pre')
    await page.getByRole('link', { name: 'Ask to apply…' }).click()
    await page.waitForURL(/\/new\?yaml=/)
    const [address] = asked.filter(({ pathname }) => pathname === '/new')
    expect(address?.searchParams.get('yaml')).toBe(yaml)
    await window.close()
  })

  it('says why where nobody can allow it', async () => {
    const window = await open('/templates/cluster-role-read', { javaScriptEnabled })
    const { page } = window
    expect(await page.isVisible('text=It cannot be asked for here')).toBe(true)
    expect((await page.textContent('.notice li'))?.length).toBeGreaterThan(20)
    expect(await page.getByRole('link', { name: 'Ask to apply…' }).count()).toBe(0)
    await window.close()
  })
})

describe('without JavaScript', () => {
  it('everything is read and found', async () => {
    const window = await open('/', { javaScriptEnabled: false })
    const { page } = window
    expect(await page.locator('.copy:visible').count()).toBe(0)
    await page.locator('summary').first().click()
    expect(await page.locator('.tools pre:visible').count()).toBe(1)
    await page.fill('#search', 'readiness probe')
    await page.press('#search', 'Enter')
    await page.waitForURL(/\/search\?q=readiness/)
    const first = page.locator('.results .main-link').first()
    const address = await first.getAttribute('href')
    await first.click()
    await page.waitForURL(server.url + address)
    expect(await page.locator('h1').isVisible()).toBe(true)
    expect(window.complaints).toEqual([])
    await window.close()
  })
})
