import { mkdirSync } from 'node:fs'
import { sharedCluster } from '@gatehouse/testing'
import { type Browser, startChromium } from '@gatehouse/testing/chromium'
import { ask, expectCareful, openWindow, type Window } from '@gatehouse/testing/window'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type Running, start } from '../harness.ts'
import { everyAddress, KINDS } from './every-page.ts'

// Set it to a folder to look at every page yourself.
const SCREENS = process.env.GATEHOUSE_SCREENS
const MOST_BYTES = 60_000

let connected: Running
let alone: Running
let browser: Browser
beforeAll(async () => {
  if (SCREENS) mkdirSync(SCREENS, { recursive: true })
  connected = await start({ KUBECONFIG: (await sharedCluster()).kubeconfig })
  alone = await start({ KUBECONFIG: '/nowhere/kubeconfig' })
  browser = await startChromium()
})
afterAll(async () => {
  await browser?.close()
  await connected?.[Symbol.asyncDispose]()
  await alone?.[Symbol.asyncDispose]()
})

/** Opens a page; one that is answered with another status than 200 says so on the console, and nothing else. */
async function visit({ page, complaints }: Window, server: Running, kind: string): Promise<void> {
  const [path, status = 200] = KINDS[kind] ?? ['/']
  const response = await page.goto(server.url + path)
  expect(response?.status(), path).toBe(status)
  const own = status === 200 ? [] : [expect.stringContaining(`status of ${status}`)]
  expect(complaints.splice(0), path).toEqual(own)
}

async function shoot({ page }: Window, name: string): Promise<void> {
  if (SCREENS) await page.screenshot({ path: `${SCREENS}/${name}.png`, fullPage: true })
}

const SIZES = [
  [1280, 'light'],
  [1280, 'dark'],
  [390, 'light'],
  [390, 'dark'],
] as const
const optionsOf = (width: number, colorScheme: 'light' | 'dark') => {
  const phone = width === 390
  const viewport = { width, height: phone ? 844 : 900 }
  return { viewport, colorScheme, hasTouch: phone, isMobile: phone }
}

describe.each(SIZES)('at %i px, %s', (width, colorScheme) => {
  it('every page has enough contrast, fits, is in order, and stays quiet and at home', {
    timeout: 180_000,
  }, async () => {
    const window = await openWindow(browser, connected, optionsOf(width, colorScheme))
    for (const kind of Object.keys(KINDS)) {
      await visit(window, connected, kind)
      await expectCareful(window)
      expect(await ask(window.page, 'structure'), kind).toEqual([])
      expect(await ask(window.page, 'foreign'), kind).toEqual([])
      if (width === 390) expect(await ask(window.page, 'smallTargets'), kind).toEqual([])
      await shoot(window, `${kind}-${width}-${colorScheme}`)
    }
    await window.close()
  })

  it('so has every page without a cluster', { timeout: 180_000 }, async () => {
    const window = await openWindow(browser, alone, optionsOf(width, colorScheme))
    for (const kind of Object.keys(KINDS)) {
      await visit(window, alone, kind)
      await expectCareful(window)
      expect(await ask(window.page, 'structure'), kind).toEqual([])
      if (['home', 'status', 'api', 'kind'].includes(kind))
        await shoot(window, `alone-${kind}-${width}-${colorScheme}`)
    }
    await window.close()
  })
})

it('every page of a part has a title of its own', async () => {
  const window = await openWindow(browser, connected)
  const titles: string[] = []
  for (const [kind, [, status]] of Object.entries(KINDS)) {
    if (status || /^template-filled|^search-/.test(kind)) continue
    await visit(window, connected, kind)
    const part = window.page.locator('.bar nav [aria-current]')
    titles.push(`${await part.allTextContents()}: ${await window.page.title()}`)
  }
  expect(titles.filter((title, at) => titles.indexOf(title) !== at)).toEqual([])
  await window.close()
})

// 1280 px seen at twice and at four times their size.
it.each([
  [640, 2],
  [320, 4],
])('at %i px, which is a zoom of %i, nothing sticks out', { timeout: 120_000 }, async (width, zoom) => {
  const viewport = { width, height: Math.round(900 / zoom) }
  const window = await openWindow(browser, connected, { viewport, deviceScaleFactor: zoom })
  for (const kind of Object.keys(KINDS)) {
    await visit(window, connected, kind)
    await expectCareful(window)
    if (['home', 'kind', 'template'].includes(kind)) await shoot(window, `${kind}-zoom-${zoom}`)
  }
  await window.close()
})

it('forced colours keep every word, border and button', async () => {
  const window = await openWindow(browser, connected, { forcedColors: 'active' })
  for (const kind of ['home', 'kind', 'template', 'template-refused', 'search', 'status']) {
    await visit(window, connected, kind)
    await expectCareful(window)
    const borders = await ask<string[]>(window.page, 'borders')
    expect(borders.length, kind).toBeGreaterThan(0)
    expect(borders, kind).not.toContain('0px')
    await shoot(window, `${kind}-forced-colours`)
  }
  await window.close()
})

it('nothing moves for those who asked for that', async () => {
  const window = await openWindow(browser, connected, { reducedMotion: 'reduce' })
  for (const kind of Object.keys(KINDS)) {
    await visit(window, connected, kind)
    expect(await ask(window.page, 'moving'), kind).toEqual([])
  }
  expect(await ask(window.page, 'movement')).toBe('none')
  await window.close()
})

describe.each([
  ['with a cluster', () => connected],
  ['without one', () => alone],
])('%s', (_where, server) => {
  it(`every topic, template and kind is a page below ${MOST_BYTES / 1000} kB`, {
    timeout: 180_000,
  }, async () => {
    const paths = await everyAddress(server())
    expect(paths.length).toBeGreaterThan(200)
    const wrong: string[] = []
    for (const path of paths) {
      const { status, text } = await server().get(path, { headers: { accept: 'text/html' } })
      const bytes = Buffer.byteLength(text)
      // Not every kind has a spec.
      const known = status === 200 || (status === 404 && path.endsWith('?field=spec'))
      if (!known || bytes > MOST_BYTES) wrong.push(`${path}: ${status}, ${bytes} bytes`)
    }
    expect(wrong).toEqual([])
  })
})
