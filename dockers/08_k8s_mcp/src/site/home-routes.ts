import type { SiteRoute } from '@gatehouse/host'
import { ownWords, type Sanitizer } from '@gatehouse/sanitizer'
import type { AnyTool } from '@gatehouse/tools'
import { badge, codeBlock, type Html, html, nothing, notice, type Shown, table } from '@gatehouse/web'
import type { ConnectionState } from '../connection-state.ts'
import { clientSnippets } from './client-snippets.ts'
import type { SiteDeps } from './deps.ts'
import { endpoints } from './endpoints.ts'
import { parameters } from './parameters.ts'

/** `/`: what this is, what it is connected to, and every endpoint and tool. */
export function homeRoutes(deps: SiteDeps): SiteRoute[] {
  const { sanitizer, frame, tools } = deps
  const listed = toolSections(tools, sanitizer)
  return [
    {
      path: '/',
      formats: ['json', 'html'],
      async answer({ query, format, origin }) {
        parameters(query, [])
        if (format === 'json') return { json: sanitizer.value(endpoints(deps)) }
        const content = home(deps, await deps.connection(), sanitizer.text(origin), listed)
        return { html: frame({ title: ownWords`Kubernetes`, current: ownWords`/`, content }) }
      },
    },
  ]
}

function home(
  { sanitizer, tools }: SiteDeps,
  { cluster }: ConnectionState,
  origin: Shown,
  listed: Html,
): Html {
  const { text } = sanitizer
  const connection = cluster.connected
    ? html`<p>${badge(ownWords`connected`, 'good')} Context <strong>${text(cluster.context ?? '')}</strong>, Kubernetes ${text(cluster.version ?? '')}. <a href="/status">Status</a></p>`
    : notice(
        text(cluster.reason ?? 'No cluster connected'),
        html`<p>${text(cluster.hint ?? '')}</p><p>Documentation, reference, templates and search work all the same.</p>`,
      )
  return html`<div class="head"><h1>Kubernetes for AI clients</h1></div>
<p class="lead">Answers are small and free of secrets; nothing changes before a person has seen and approved exactly that. ${tools.length} tools over MCP and REST.</p>
${connection}
<h2 id="clients">Connect a client</h2>
<p>MCP is at <code>${origin}/mcp</code>. Hosts that take no dots in tool names use <code>/mcp/names/safe</code>; fewer tools are at <code>/mcp/essential</code>, <code>/mcp/readonly</code> and <code>/mcp/infra.k8s.pods</code>.</p>
${clientSnippets(origin)}
<h2 id="endpoints">Endpoints</h2>
${endpointTable(tools, sanitizer)}
<h2 id="tools">Tools</h2>
${listed}`
}

const COLUMNS = [{ head: ownWords`Address` }, { head: ownWords`What it gives` }]

function endpointTable(tools: readonly AnyTool[], { text }: Sanitizer): Html {
  const open: [Shown, Shown][] = [
    [ownWords`/docs`, ownWords`Documentation by topic`],
    [ownWords`/api`, ownWords`API reference of exactly this cluster, or of a prepared version`],
    [ownWords`/search`, ownWords`One search over topics, fields, templates and tools: ?q=`],
    [ownWords`/templates`, ownWords`Manifests to start from: /templates/deployment?name=shop&format=yaml`],
    [ownWords`/status`, ownWords`Version, connection, calls`],
    [ownWords`/openapi.json`, ownWords`Every REST route`],
  ]
  const rows = [
    ...open.map(([address, what]) => [html`<a href="${address}">${address}</a>`, html`${what}`]),
    [html`<code>POST /tools/&lt;name&gt;</code>`, html`Every tool; the body is its input as JSON`],
    ...tools.flatMap(({ rest, description }) =>
      rest ? [[html`<code>${rest.method} ${text(rest.path)}</code>`, html`${text(description)}`]] : [],
    ),
  ]
  return table(COLUMNS, rows)
}

// The same on every request: written once.
function toolSections(tools: readonly AnyTool[], { text }: Sanitizer): Html {
  const entries = tools.map(({ name, description, risk, examples }) => {
    const [example] = examples
    const body = text(JSON.stringify(example?.input ?? {}))
    const changes = risk === 'read' ? nothing : badge(ownWords`asks a person`, 'care')
    return html`<details id="${text(name)}"><summary><code>${text(name)}</code> ${changes} <span class="muted">${text(description)}</span></summary>${codeBlock(body, html`${text(example?.title ?? '')}`, text(name))}</details>`
  })
  return html`<div class="tools">${entries}</div>`
}
