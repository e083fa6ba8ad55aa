import type { SiteRoute } from '@gatehouse/host'
import { ownWords, type Sanitizer } from '@gatehouse/sanitizer'
import { badge, definitions, type Html, html, moment, nothing, table } from '@gatehouse/web'
import type { SiteDeps } from './deps.ts'
import { parameters } from './parameters.ts'
import { statusOf } from './status.ts'

/** `/status`: of this moment. */
export function statusRoutes(deps: SiteDeps): SiteRoute[] {
  const { sanitizer, frame } = deps
  return [
    {
      path: '/status',
      formats: ['json', 'html'],
      fresh: true,
      async answer({ query, format }) {
        parameters(query, [])
        const status = await statusOf(deps)
        if (format === 'json') return { json: sanitizer.value(status) }
        const content = statusPage(status, sanitizer)
        return { html: frame({ title: ownWords`Status`, current: ownWords`/status`, content }) }
      },
    },
  ]
}

type Status = Awaited<ReturnType<typeof statusOf>>

const CONTEXTS = [{ head: ownWords`Context` }, { head: ownWords`Connection` }]

function statusPage(status: Status, { text }: Sanitizer): Html {
  const { cluster, calls } = status
  const connection = cluster.connected
    ? html`${badge(ownWords`connected`, 'good')} ${text(cluster.context ?? '')}, Kubernetes ${text(cluster.version ?? '')}`
    : html`${badge(ownWords`not connected`, 'care')} ${text(cluster.reason ?? '')} <span class="muted">${text(cluster.hint ?? '')}</span>`
  const rows = status.contexts.map(({ name, current, connection: state }) => [
    html`${text(name)}${current ? html` <span class="muted">default</span>` : nothing}`,
    state === 'not used yet'
      ? html`<span class="muted">not used yet</span>`
      : badge(text(state), state === 'connected' ? 'good' : 'care'),
  ])
  return html`<div class="head"><h1>Status</h1><span class="aside"><a href="/health">health</a> <a href="/livez">livez</a> <a href="/readyz">readyz</a> <a href="/metrics">metrics</a> <a href="/openapi.json">OpenAPI</a></span></div>
${definitions([
  [ownWords`Version`, html`${text(status.version)}, ${status.tools} tools`],
  [ownWords`Started`, moment(status.startedAt, Date.now())],
  [ownWords`Cluster`, connection],
  [
    ownWords`API reference`,
    html`Kubernetes ${text(status.reference.version)} ${status.reference.note === undefined ? nothing : html` <span class="muted">${text(status.reference.note)}</span>`}`,
  ],
  [ownWords`Calls`, html`${calls.total} since the start, ${calls.errors} with an error`],
])}
<h2>Contexts</h2>
${rows.length === 0 ? html`<p class="muted">None: there is no kubeconfig that can be used.</p>` : table(CONTEXTS, rows)}`
}
