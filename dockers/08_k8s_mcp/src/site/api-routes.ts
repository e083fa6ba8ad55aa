import type { SiteRoute } from '@gatehouse/host'
import { ownWords, type Sanitizer } from '@gatehouse/sanitizer'
import { type Html, html, nothing, notice } from '@gatehouse/web'
import { type FieldPage, fieldPage } from '../reference/field-page.ts'
import { addressOf, apiVersionOf, type KindName } from '../reference/kinds.ts'
import type { Answered } from '../reference/references.ts'
import type { Survey } from '../reference/survey.ts'
import { fieldView } from './api-page.ts'
import type { SiteDeps } from './deps.ts'
import { invalid, parameters } from './parameters.ts'
import { sourceWords } from './source-words.ts'

const LONGEST_FIELD = 500

/** `/api` and `/api/<group>/<version>/<kind>`; the group without a name is `core`. */
export function apiRoutes({ references, sanitizer, frame }: SiteDeps): SiteRoute[] {
  return [
    {
      path: '/api',
      formats: ['json', 'html'],
      async answer({ query, format }) {
        const { version } = parameters(query, ['version'])
        const answered = await references.survey(version)
        const versions = await references.versions()
        if (format === 'json') return { json: sanitizer.value(listing(answered, versions)) }
        const content = index(answered, versions, version, sanitizer)
        return { html: frame({ title: ownWords`API reference`, current: ownWords`/api`, content }) }
      },
    },
    {
      path: '/api/:group/:version/:kind',
      formats: ['json', 'html'],
      async answer({ params, query, format, signal }) {
        const known = ['field', 'version'] as const
        const { field = '', version } = parameters(query, known)
        if (field.length > LONGEST_FIELD)
          throw invalid('field', `takes at most ${LONGEST_FIELD} characters`, known)
        const { group = '', version: apiVersion = '', kind = '' } = params
        const name: KindName = { group: group === 'core' ? '' : group, version: apiVersion, kind }
        const answered = await references.ask(version, (source) => fieldPage(source, name, field, signal))
        if (format === 'json') return { json: sanitizer.value(pageJson(answered)) }
        const content = fieldView(answered, name, version, sanitizer)
        const title = sanitizer.text([kind, answered.value.field].filter(Boolean).join('.'))
        return { html: frame({ title, current: ownWords`/api`, content }) }
      },
    },
  ]
}

/** A page of the reference for programs, with where it comes from. */
function pageJson({ value, source, note }: Answered<FieldPage>) {
  return { ...value, source: { origin: source.origin, version: source.version }, ...(note && { note }) }
}

type Versions = Awaited<ReturnType<SiteDeps['references']['versions']>>

function listing({ value, source, note }: Answered<Survey>, versions: Versions) {
  return {
    source: { origin: source.origin, version: source.version },
    versions,
    groups: byGroupVersion(value.kinds).map(([apiVersion, kinds]) => ({
      apiVersion,
      kinds: kinds.map((name) => ({ kind: name.kind, url: addressOf(name) })),
    })),
    ...(note && { note }),
  }
}

function index(
  { value, source, note }: Answered<Survey>,
  versions: Versions,
  asked: string | undefined,
  sanitizer: Sanitizer,
): Html {
  const { text } = sanitizer
  const suffix = asked === undefined ? '' : `?version=${encodeURIComponent(asked)}`
  const sections = byGroupVersion(value.kinds).map(([apiVersion, kinds]) => {
    const links = kinds.map(
      (name) => html`<li><a href="${text(addressOf(name) + suffix)}">${text(name.kind)}</a></li>`,
    )
    return html`<section><h2 id="${text(apiVersion)}">${text(apiVersion)}</h2><ul class="names">${links}</ul></section>`
  })
  const others = versions
    .filter(({ version }) => version !== source.version)
    .map(({ version }) => html` <a href="/api?version=${text(version)}">${text(version)}</a>`)
  const unread = value.unread.map(({ groupVersion }) => text(groupVersion))
  return html`<div class="head"><h1>API reference</h1><span class="aside">${others.length > 0 ? html`other versions:${others}` : nothing}</span></div>
<p class="lead">${sourceWords(source, sanitizer)}. A path such as <code>deploy.spec.strategy</code> in the search leads to its field.</p>
${note === undefined ? nothing : notice(text(note))}
${unread.length === 0 ? nothing : notice(ownWords`Not everything could be read`, html`<p>Left out: ${unread.map((one) => html`<code>${one}</code> `)}</p>`)}
<div class="columns">${sections}</div>`
}

function byGroupVersion(kinds: readonly KindName[]): [string, KindName[]][] {
  return Object.entries(Object.groupBy(kinds, apiVersionOf)).map(([apiVersion, list = []]) => [
    apiVersion,
    list,
  ])
}
