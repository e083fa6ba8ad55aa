import { GatehouseError } from '@gatehouse/errors'
import type { SiteRoute } from '@gatehouse/host'
import { ownWords, type Sanitizer } from '@gatehouse/sanitizer'
import { type Html, html } from '@gatehouse/web'
import {
  fillTemplate,
  GROUPS,
  manifestObject,
  manifestYaml,
  type Template,
  template,
  templates,
} from '../templates/index.ts'
import type { SiteDeps } from './deps.ts'
import { parameters } from './parameters.ts'
import { templatePage } from './template-page.ts'

/** `/templates` and `/templates/<name>?format=yaml|json`, with the template's parameters in the query. */
export function templateRoutes(deps: SiteDeps): SiteRoute[] {
  const { sanitizer, frame } = deps
  return [
    {
      path: '/templates',
      formats: ['json', 'html'],
      async answer({ query, format }) {
        parameters(query, [])
        const all = await templates()
        if (format === 'json') return { json: sanitizer.value(listing(all)) }
        const content = index(all, sanitizer)
        return { html: frame({ title: ownWords`Templates`, current: ownWords`/templates`, content }) }
      },
    },
    {
      path: '/templates/:name',
      formats: ['json', 'yaml', 'html'],
      async answer({ params, query, format }) {
        const found = await template(params.name ?? '')
        const given = givenIn(query)
        if (format === 'html') {
          const { content, status } = templatePage(found, given, deps)
          const title = sanitizer.text(found.title)
          return { html: frame({ title, current: ownWords`/templates`, content }), status }
        }
        const objects = fillTemplate(found, given)
        // What the caller sent comes back as it was; nothing in it is of the cluster.
        if (format === 'yaml')
          return { text: sanitizer.blind().text(manifestYaml(objects)), type: 'application/yaml' }
        return { json: sanitizer.blind().value(templateJson(found, objects)) }
      },
    },
  ]
}

/** A template for programs. */
function templateJson({ name, title, summary, group, notes, parameters: list }: Template, objects: object[]) {
  return { name, title, summary, group, notes, parameters: list, manifest: manifestObject(objects) }
}

function givenIn(query: URLSearchParams): Record<string, string> {
  const given = Object.fromEntries(query)
  const twice = [...new Set(query.keys())].find((name) => query.getAll(name).length > 1)
  if (twice === undefined) return given
  const name = /^[A-Za-z]\w{0,39}$/.test(twice) ? twice : 'a parameter'
  throw new GatehouseError('INVALID_INPUT', `${name}: is given twice`, { hint: 'Name each parameter once' })
}

function listing(all: readonly Template[]) {
  const items = all.map(({ name, title, summary, group }) => ({
    name,
    title,
    summary,
    group,
    url: `/templates/${name}`,
  }))
  return { total: items.length, items }
}

function index(all: readonly Template[], { text }: Sanitizer): Html {
  const sections = GROUPS.map((group) => {
    const entries = all
      .filter((one) => one.group === group)
      .map(
        ({ name, title, summary }) =>
          html`<li><a class="main-link" href="/templates/${text(name)}">${text(title)}</a> <span class="muted">${text(summary)}</span></li>`,
      )
    const heading = text(group.slice(0, 1).toUpperCase() + group.slice(1))
    return html`<section><h2 id="${group}">${heading}</h2><ul class="entries">${entries}</ul></section>`
  })
  return html`<div class="head"><h1>Templates</h1></div>
<p class="lead">${all.length} manifests to start from: probes, limits and a strict security context are in them. Each takes parameters, as a form here and as a query for programs.</p>
<div class="columns">${sections}</div>`
}
