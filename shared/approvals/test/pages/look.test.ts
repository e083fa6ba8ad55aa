import { mkdirSync } from 'node:fs'
import type { PlannedOperation } from '@gatehouse/operations'
import type { Browser } from '@gatehouse/testing/chromium'
import { startChromium } from '@gatehouse/testing/chromium'
import { ask, expectCareful, openWindow, type Window } from '@gatehouse/testing/window'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import {
  createWorker,
  decide,
  engageKillSwitch,
  releaseKillSwitch,
  type StoredRequest,
} from '../../src/index.ts'
import { type Site, startSite } from '../http/site.ts'
import { ATTACKS, OPERATIONS, several } from './fixtures.ts'
import { login } from './login.ts'

// Set it to a folder to look at every page yourself.
const SCREENS = process.env.GATEHOUSE_SCREENS

let site: Site
let browser: Browser
const paths: Record<string, string> = {
  inbox: '/',
  history: '/history',
  'history-empty': '/history?search=nothing-has-this',
  audit: '/audit?verify=now',
  tokens: '/tokens',
  propose: '/new?yaml=kind:%20ConfigMap',
  error: '/nowhere',
}

const policy = { level: 2, approvers: 1, rules: ['default'], digest: 'd'.repeat(64) }
const claim = {
  reason: 'p99 latency above 2 s since the 14:05 release',
  severity: 'HIGH',
  service: 'web',
  explanations: ['Two more replicas bring it below 1 s in the last load test'],
}
const long = 'a-very-long-name-without-any-place-to-break-it-'.repeat(5)

beforeAll(async () => {
  if (SCREENS) mkdirSync(SCREENS, { recursive: true })
  site = await startSite({ settings: { singleUser: true } })
  browser = await startChromium()
  const add = async (name: string, change: object, plan: object = {}): Promise<StoredRequest> => {
    const request = await site.request(change as Partial<PlannedOperation>, { policy, claim, ...plan })
    paths[`request-${name}`] = `/requests/${request.requestId}`
    return request
  }
  for (const [name, operation] of Object.entries(OPERATIONS)) await add(name, operation)
  await add('several', {}, several())
  await add('quorum', OPERATIONS.rollback, { policy: { ...policy, approvers: 2 } })
  await add('large', {
    changes: Array.from({ length: 1_001 }, (_one, at) => ({ path: `data.k${at}`, after: 'x' })),
  })
  await add(
    'long',
    {
      ...OPERATIONS.patch,
      title: `Change ${long}`,
      command: long,
      impact: [long],
      changes: [{ path: long, before: long, after: long }],
    },
    { claim: { reason: long } },
  )
  await add(
    'hostile',
    { title: ATTACKS.join(' '), changes: ATTACKS.map((text) => ({ path: text, before: text, after: text })) },
    { claim: { reason: ATTACKS.join('\n') } },
  )
  const stale = await add('stale', OPERATIONS.scale)
  site.stale.set(stale.requestId, 'replicas are now 4')
  const decided = (
    { requestId, planDigest, viewDigest }: StoredRequest,
    decision: { decision: 'approve' | 'reject'; reason?: string },
  ) => decide(site.store, site.principals.bob, { requestId, planDigest, viewDigest, ...decision })
  const rejected = await add('rejected', OPERATIONS.scale)
  await decided(rejected, { decision: 'reject', reason: 'Not during the sale. Ask again on Monday.' })
  const states = ['succeeded', 'failed', 'indeterminate'] as const
  for (const state of states) {
    const request = await add(state, OPERATIONS.exec)
    await decided(request, { decision: 'approve' })
    const outcome = {
      state,
      reason: 'the webhook said no',
      result: { stdout: 'ok\n', stderr: 'warning', exitCode: 0 },
    }
    const executor = {
      execute: async () => ({ ...outcome, verification: { ok: state === 'succeeded', text: 'exit code 0' } }),
    }
    await createWorker({ store: site.store, executor }).runOnce()
  }
})
afterAll(async () => {
  await browser?.close()
  await site?.close()
})

const shoot = async ({ page }: Window, name: string) => {
  if (SCREENS) await page.screenshot({ path: `${SCREENS}/${name}.png`, fullPage: true })
}

describe.each([
  [1280, 'light'],
  [1280, 'dark'],
  [390, 'light'],
  [390, 'dark'],
] as const)('at %i px, %s', (width, colorScheme) => {
  const phone = width === 390
  const options = {
    viewport: { width, height: phone ? 844 : 900 },
    colorScheme,
    hasTouch: phone,
    isMobile: phone,
  }

  it('every page has enough contrast, fits, and stays quiet and at home', async () => {
    const window = await openWindow(browser, site, options)
    await window.page.goto(`${site.url}/login`)
    await expectCareful(window)
    await shoot(window, `login-${width}-${colorScheme}`)
    await login(window.page, site)
    for (const [name, path] of Object.entries(paths)) {
      await window.page.goto(site.url + path)
      if (name === 'error') expect(window.complaints.splice(0)).toEqual([expect.stringContaining('404')])
      await expectCareful(window)
      if (phone) expect(await ask(window.page, 'smallTargets'), path).toEqual([])
      await shoot(window, `${name}-${width}-${colorScheme}`)
    }
    await window.close()
  })

  it('so have what unfolds and what halts', async () => {
    const window = await openWindow(browser, site, options)
    await login(window.page, site)
    await engageKillSwitch(site.store, site.principals.alice, 'looks wrong, asking the team first')
    await window.page.goto(site.url + (paths['request-scale'] ?? ''))
    await window.page.click('#reject summary')
    await expectCareful(window)
    await shoot(window, `halted-${width}-${colorScheme}`)
    await releaseKillSwitch(site.store, site.principals.alice)
    await window.page.keyboard.press('?')
    await window.page.waitForSelector('#keys[open]')
    await expectCareful(window)
    await shoot(window, `keys-${width}-${colorScheme}`)
    await window.close()
  })
})

it('forced colours keep every word, border and button', async () => {
  const window = await openWindow(browser, site, { forcedColors: 'active' })
  await login(window.page, site)
  await window.page.goto(site.url + (paths['request-delete'] ?? ''))
  const borders = await ask<string[]>(window.page, 'borders')
  expect(borders.length).toBeGreaterThan(2)
  expect(borders.every((width) => width !== '0px')).toBe(true)
  await shoot(window, 'forced-colours')
  await window.close()
})

it('nothing moves for those who asked for that', async () => {
  const window = await openWindow(browser, site, { reducedMotion: 'reduce' })
  await login(window.page, site)
  const moving = await ask(window.page, 'movement')
  expect(moving).toBe('none')
  await window.close()
})
