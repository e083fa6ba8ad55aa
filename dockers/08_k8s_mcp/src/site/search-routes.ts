import type { SiteRoute } from '@gatehouse/host'
import { ownWords, type Sanitised, type Sanitizer } from '@gatehouse/sanitizer'
import { attributes, badge, empty, type Html, html, nothing, notice } from '@gatehouse/web'
import { ENTRY_KINDS, type EntryKind, type SearchItem } from '../search/entry.ts'
import { piecesOf } from '../search/fragment.ts'
import type { SearchAnswer } from '../search/search.ts'
import type { SiteDeps } from './deps.ts'
import { invalid, parameters } from './parameters.ts'

const KNOWN = ['q', 'kind', 'limit'] as const
const MOST_CHARACTERS = 200
const MOST_ITEMS = 100
const USUAL_ITEMS = 20

/** `/search?q=`. */
export function searchRoutes({ search, sanitizer, frame }: SiteDeps): SiteRoute[] {
  return [
    {
      path: '/search',
      formats: ['json', 'html'],
      async answer({ query, format }) {
        const given = parameters(query, KNOWN)
        const kind = kindOf(given.kind)
        const limit = limitOf(given.limit)
        const q = (given.q ?? '').trim()
        if (q.length > MOST_CHARACTERS)
          throw invalid('q', `takes at most ${MOST_CHARACTERS} characters`, KNOWN)
        if (q === '' && format === 'json') throw invalid('q', 'is what to search for', KNOWN)
        const answer = q === '' ? undefined : await search({ query: q, kind, limit })
        if (format === 'json') return { json: sanitizer.value(answer) }
        const content = answer ? results(answer, kind, sanitizer) : NOTHING_ASKED
        return { html: frame({ title: ownWords`Search`, content, searched: q }) }
      },
    },
  ]
}

function kindOf(given: string | undefined): EntryKind | undefined {
  if (given === undefined || given === '') return undefined
  const found = ENTRY_KINDS.find((one) => one === given)
  if (!found) throw invalid('kind', `is one of ${ENTRY_KINDS.join(', ')}`, KNOWN)
  return found
}

function limitOf(given: string | undefined): number {
  if (given === undefined) return USUAL_ITEMS
  const limit = /^\d{1,3}$/.test(given) ? Number(given) : 0
  if (limit < 1 || limit > MOST_ITEMS) throw invalid('limit', `is a number from 1 to ${MOST_ITEMS}`, KNOWN)
  return limit
}

const NOTHING_ASKED = html`<div class="head"><h1>Search</h1></div>
<p class="lead">Topics, fields of the API reference, templates and tools. A path such as <code>deploy.spec.strategy</code> leads to that field.</p>`

function results(
  { query, total, items, note }: SearchAnswer,
  kind: EntryKind | undefined,
  sanitizer: Sanitizer,
): Html {
  const { text } = sanitizer
  const asked = text(query)
  const list = items.map((item) => result(item, sanitizer))
  const found =
    items.length === 0
      ? empty(
          ownWords`Nothing found`,
          html`Try fewer or other words, the name of a kind, or a path such as <code>deploy.spec.strategy</code>.`,
        )
      : html`<p class="muted">${items.length} of ${total} shown</p><ol class="results">${list}</ol>`
  return html`<div class="head"><h1>Search: ${asked}</h1></div>
${kinds(query, kind, sanitizer)}
${note === undefined ? nothing : notice(text(note))}
${found}`
}

const KIND_WORDS: Record<EntryKind, Sanitised<string>> = {
  topic: ownWords`Topics`,
  template: ownWords`Templates`,
  tool: ownWords`Tools`,
  field: ownWords`API fields`,
}

function kinds(query: string, current: EntryKind | undefined, { text }: Sanitizer): Html {
  const all = text(`/search?q=${encodeURIComponent(query)}`)
  const links = ENTRY_KINDS.map(
    (one) =>
      html`<a href="${all}&amp;kind=${one}"${attributes({ 'aria-current': one === current && 'true' })}>${KIND_WORDS[one]}</a>`,
  )
  return html`<nav class="choices" aria-label="Kinds"><a href="${all}"${attributes({ 'aria-current': current === undefined && 'true' })}>All</a>${links}</nav>`
}

function result({ kind, title, url, fragment }: SearchItem, { text }: Sanitizer): Html {
  const pieces = piecesOf(fragment).map((piece, index) =>
    index % 2 === 1 ? html`<mark>${text(piece)}</mark>` : html`${text(piece)}`,
  )
  return html`<li><a class="main-link" href="${text(url)}">${text(title)}</a> ${badge(text(kind))}<p>${pieces}</p></li>`
}
