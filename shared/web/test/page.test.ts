import { createHash } from 'node:crypto'
import { ownWords } from '@gatehouse/sanitizer'
import { describe, expect, it } from 'vitest'
import {
  assetAt,
  banner,
  changes,
  GUARD_HEADERS,
  html,
  moment,
  type Page,
  page,
  place,
  shortId,
} from '../src/index.ts'

const made = String(
  page({
    title: ownWords`Inbox`,
    place: ownWords`Approvals`,
    links: [{ address: ownWords`/`, text: ownWords`Inbox` }],
    current: ownWords`/`,
    banners: [banner(ownWords`Kill switch on.`, html`why`, 'bad')],
    content: html`<p>here</p>`,
    events: ownWords`/api/events`,
  }),
)

describe('page', () => {
  it('has language, title, width, a way past the bar, one main part and a place for news', () => {
    expect(made).toMatch(/^<!doctype html>\n<html lang="en">/)
    expect(made).toContain('<title>Inbox · Gatehouse</title>')
    expect(made).toContain('content="width=device-width, initial-scale=1"')
    expect(made).toContain('<a class="skip" href="#content">')
    expect(made.match(/<main /g)).toHaveLength(1)
    expect(made).toContain('aria-live="polite"')
    expect(made).toContain('aria-current="page"')
    expect(made).toContain('data-events="/api/events"')
  })

  it('lists the keys that it has', () => {
    const keysOf = (more: Partial<Page>) => {
      const shown = page({
        title: ownWords`A`,
        place: ownWords`B`,
        links: [],
        content: html`<p>here</p>`,
        ...more,
      })
      return [...String(shown).matchAll(/<kbd>(.*?)<\/kbd>/g)].map((match) => match[1]).join(' ')
    }
    expect(keysOf({})).toBe('j k Enter a r / ?')
    expect(keysOf({ search: { action: ownWords`/search` } })).toBe('/ ?')
    expect(keysOf({ keys: ['rows'] })).toBe('j k Enter ?')
    expect(keysOf({ keys: [] })).toBe('?')
  })

  it('has no inline program or style and nothing from elsewhere', () => {
    expect(made).not.toMatch(/<script(?! src="\/assets\/)|<style|\son\w+=|\sstyle=|https?:|\/\/[a-z]/i)
  })

  it('names local files by their content', () => {
    const addresses = [...made.matchAll(/"(\/assets\/[^"]+)"/g)].map((match) => match[1] ?? '')
    expect(new Set(addresses).size).toBe(3)
    for (const address of addresses) {
      const asset = assetAt(address)
      const hash = createHash('sha256')
        .update(asset?.body ?? '')
        .digest('hex')
      expect(address).toContain(hash.slice(0, 12))
    }
    expect(assetAt('/assets/style.000000000000.css')).toBeUndefined()
    expect(assetAt('/assets/../page.ts')).toBeUndefined()
  })

  it('ships a small script that makes no markup out of text and runs no text', () => {
    const script = assetAt(made.match(/src="(\/assets\/script[^"]+)"/)?.[1] ?? '')?.body ?? ''
    expect(script.split('\n').length).toBeLessThanOrEqual(160)
    expect(script).not.toMatch(
      /innerHTML|outerHTML\s*=|insertAdjacent|document\.write|eval\(|new Function|setTimeout\('/,
    )
  })

  it('forbids frames, foreign content, base, inline programs and text sinks', () => {
    const policy = GUARD_HEADERS['content-security-policy']
    for (const rule of [
      "default-src 'none'",
      "script-src 'self'",
      "style-src 'self'",
      "connect-src 'self'",
      "form-action 'self'",
      "frame-ancestors 'none'",
      "base-uri 'none'",
      "require-trusted-types-for 'script'",
    ])
      expect(policy).toContain(rule)
    expect(policy).not.toMatch(/unsafe|\*|https?:/)
    expect(GUARD_HEADERS['referrer-policy']).toBe('no-referrer')
  })
})

describe('parts', () => {
  it('tell times relative, with the exact one beside', () => {
    const now = Date.UTC(2026, 10, 26, 14, 5, 0)
    const tell = (offset: number) => String(moment(now + offset, now))
    expect(tell(42 * 60_000)).toBe(
      '<time datetime="2026-11-26T14:47:00Z" title="2026-11-26 14:47:00 UTC" data-relative>in 42 min</time>',
    )
    expect(tell(-2 * 60_000)).toContain('>2 min ago<')
    expect(tell(-3 * 3_600_000)).toContain('>3 h ago<')
    expect(tell(-5 * 86_400_000)).toContain('>5 days ago<')
    expect(tell(0)).toContain('>just now<')
  })

  it('give the same place the same colour, in words too', () => {
    expect(String(place(ownWords`prod-eu-1`))).toMatch(/^<span class="place hue-[0-7]">prod-eu-1<\/span>$/)
    expect(String(place(ownWords`prod-eu-1`))).toBe(String(place(ownWords`prod-eu-1`)))
  })

  it('shorten ids and keep the whole beside', () => {
    const id = ownWords`01a21956-309a-74d1-98b1-d76b4172c2e4`
    expect(String(shortId(id))).toContain(`<code title="${id}">4172c2e4</code>`)
    expect(String(shortId(id))).toContain(`data-copy="${id}" hidden`)
  })

  it('show every change, what is not set and what is secret', () => {
    const shown = String(
      changes([
        { path: ownWords`a`, before: ownWords`1`, after: ownWords`2` },
        { path: ownWords`b`, after: ownWords`2` },
        { path: ownWords`c`, before: ownWords`1` },
        { path: ownWords`d`, hidden: true },
        { path: ownWords`e`, before: ownWords`u@h`, after: ownWords`v@h`, hidden: true },
      ]),
    )
    expect(shown.match(/<tr>/g)).toHaveLength(6)
    expect(shown).toContain('not set')
    expect(shown).toContain('removed')
    expect(shown).toContain('a secret that is not shown: it may change')
    expect(shown).toMatch(/v@h<span[^>]*> \(a secret in it is not shown/)
  })
})
