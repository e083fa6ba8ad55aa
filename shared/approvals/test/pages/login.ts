import type { Page } from '@gatehouse/testing/chromium'
import type { Site } from '../http/site.ts'

export async function login(page: Page, site: Site, token = site.tokens.alice): Promise<void> {
  await page.goto(`${site.url}/login`)
  await page.fill('#token', token)
  await page.click('form[action="/login"] button')
  await page.waitForURL(`${site.url}/`)
}
