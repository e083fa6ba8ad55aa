import { expect } from 'vitest'
import type { Browser, BrowserContextOptions, Page } from './chromium.ts'

export interface Window {
  page: Page
  /** What a page must never do: console errors, requests elsewhere, violations of the policy, dialogs. */
  complaints: string[]
  close(): Promise<void>
}

/** A window of a real browser in which everything a page must not do is written down. */
export async function openWindow(
  browser: Browser,
  /** Where it is at home: requests to any other place are complaints. */
  site: { url: string },
  options: BrowserContextOptions = {},
): Promise<Window> {
  const context = await browser.newContext({ viewport: { width: 1280, height: 900 }, ...options })
  const page = await context.newPage()
  const complaints: string[] = []
  const complain = (what: string) => complaints.push(what)
  page.on('console', (message) => {
    if (['error', 'warning'].includes(message.type())) complain(`console: ${message.text()}`)
  })
  page.on('pageerror', (error) => complain(`error: ${error.message}`))
  page.on('dialog', (dialog) => {
    complain(`dialog: ${dialog.message()}`)
    void dialog.dismiss()
  })
  page.on('request', (request) => {
    const url = request.url()
    if (!url.startsWith(`${site.url}/`) && !url.startsWith('data:')) complain(`request to ${url}`)
  })
  await page.exposeFunction('complainOfPolicy', complain)
  await page.addInitScript({ path: new URL('./in-page.js', import.meta.url).pathname })
  return { page, complaints, close: () => context.close() }
}

type InPage = { careful: Record<string, () => unknown> }

/** Asks in-page.js. */
export function ask<T>(page: Page, question: string): Promise<T> {
  return page.evaluate(
    (name) => (globalThis as unknown as InPage).careful[name]?.() as T,
    question,
  ) as Promise<T>
}

/** Waits until in-page.js answers so. */
export async function until(page: Page, question: string, pattern: RegExp): Promise<void> {
  await page.waitForFunction(
    ({ name, source }) =>
      new RegExp(source).test(String((globalThis as unknown as InPage).careful[name]?.())),
    { name: question, source: pattern.source },
  )
}

export async function expectCareful(window: Window): Promise<void> {
  const { page, complaints } = window
  expect(await ask(page, 'lowContrast'), page.url()).toEqual([])
  expect(await ask(page, 'overflowing'), page.url()).toEqual([])
  expect(complaints, page.url()).toEqual([])
}
