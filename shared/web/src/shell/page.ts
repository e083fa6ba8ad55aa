import { attributes, type Html, html, inputField, linkAway, nothing, type Shown } from '../html/html.ts'
import { assets } from './assets.ts'

export interface Link {
  /** A path of this listener, or the address of another server of the suite as a setting names it. */
  address: Shown | URL
  text: Shown
}

/** The search field of every page. */
export interface SearchField {
  action: Shown
  /** What the reader searched for. */
  value?: string
}

const KEYS = {
  rows: html`<dt><kbd>j</kbd> <kbd>k</kbd></dt><dd>next and previous row</dd>
<dt><kbd>Enter</kbd></dt><dd>open the row</dd>
`,
  decision: html`<dt><kbd>a</kbd></dt><dd>go to “Approve”</dd>
<dt><kbd>r</kbd></dt><dd>open “Reject”</dd>
`,
  search: html`<dt><kbd>/</kbd></dt><dd>search</dd>
`,
}
type Key = keyof typeof KEYS
const ALL_KEYS: readonly Key[] = ['rows', 'decision', 'search']

export interface Page {
  /** Of the window; the product's name is put behind it. */
  title: Shown
  /** Which part of the suite this is, beside the product's name. */
  place: Shown
  links: readonly Link[]
  /** The address of `links` that this page belongs to. */
  current?: Shown
  search?: SearchField
  /** What `?` lists; unless given: the search where there is a search field, else all. */
  keys?: readonly Key[]
  /** Who looks, and how to leave. */
  identity?: { name: Shown; leave: Html }
  /** What concerns every page: a kill switch, single-user mode. */
  banners?: readonly Html[]
  content: Html
  /** Address of the event stream that tells when the page's live parts have news. */
  events?: Shown
}

/** A whole page in the one shell of the suite. Works without its script. */
export function page(shown: Page): Html {
  const { title, place, links, current, search, identity, banners = [], content, events } = shown
  const listed = shown.keys ?? (search ? ['search'] : ALL_KEYS)
  const { style, script, icon } = addresses()
  return html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>${title} · Gatehouse</title>
<link rel="stylesheet" href="${style}">
<link rel="icon" href="${icon}" type="image/svg+xml">
<script src="${script}" type="module"></script>
</head>
<body${attributes({ 'data-events': events })}>
<a class="skip" href="#content">Skip to the content</a>
<header class="bar"><div>
<a class="product" href="/"><img src="${icon}" alt="">Gatehouse <span>${place}</span></a>
${navigation(links, current)}
${search ? searchForm(search) : nothing}
<div class="who"><span id="connection" class="connection" role="status" hidden></span>${
    identity ? html`<bdi>${identity.name}</bdi>${identity.leave}` : nothing
  }</div>
</div></header>
${banners}
<main id="content" tabindex="-1">
${content}
</main>
${keys(listed)}
<div id="announce" class="hidden-visually" aria-live="polite"></div>
</body>
</html>
`
}

/** A line across the top of every page. */
export function banner(strong: Shown, text: Html, kind: 'care' | 'bad' = 'care'): Html {
  return html`<div class="banner ${kind}"><div><strong>${strong}</strong>${text}</div></div>`
}

function navigation(links: readonly Link[], current: Shown | undefined): Html {
  if (links.length === 0) return nothing
  const entries = links.map(({ address, text }) =>
    address instanceof URL
      ? html`<a class="away"${linkAway(address)}>${text}</a>`
      : html`<a href="${address}"${attributes({ 'aria-current': address === current && 'page' })}>${text}</a>`,
  )
  return html`<nav aria-label="Main">${entries}</nav>`
}

function searchForm({ action, value = '' }: SearchField): Html {
  const field = attributes({
    type: 'search',
    id: 'search',
    name: 'q',
    maxlength: 200,
    'aria-label': 'Search',
    placeholder: 'Search',
  })
  return html`<form class="search" role="search" action="${action}">${inputField(field, value)}</form>`
}

function keys(listed: readonly Key[]): Html {
  return html`<dialog id="keys" class="keys" aria-labelledby="keys-title"><h2 id="keys-title">Keys</h2>
<dl>
${listed.map((key) => KEYS[key])}<dt><kbd>?</kbd></dt><dd>show these keys</dd>
</dl>
<form method="dialog"><button class="button" id="keys-close">Close</button></form></dialog>`
}

// The literal type says that these are no one's text.
type Address = `/assets/${'style' | 'script' | 'icon'}`
function addresses(): Record<'style' | 'script' | 'icon', Address> {
  const { style, script, icon } = assets()
  return {
    style: style.address as Address,
    script: script.address as Address,
    icon: icon.address as Address,
  }
}
