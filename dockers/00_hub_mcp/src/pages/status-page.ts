import { ownWords, type Sanitised, type Sanitizer } from '@gatehouse/sanitizer'
import {
  attributes,
  badge,
  empty,
  type Html,
  html,
  identifier,
  inputField,
  type Link,
  moment,
  notice,
  page,
  type Tone,
  table,
} from '@gatehouse/web'
import type { Health } from '../health.ts'
import type { Hub } from '../hub.ts'
import type { RecentCall } from '../records/recent.ts'

export interface StatusPage {
  hub: Hub
  health: Health
  failed: readonly RecentCall[]
  /** What was searched for, and the calls with that id. */
  search?: { id: string; found: readonly RecentCall[] } | undefined
  sanitizer: Sanitizer
  /** The other pages of the suite. */
  links: readonly Link[]
  now: number
}

type Say = (text: string) => Sanitised<string>

const TONES: Record<string, Tone> = {
  healthy: 'good',
  up: 'good',
  ok: 'good',
  degraded: 'care',
  conflict: 'care',
  starting: 'care',
  unhealthy: 'bad',
  down: 'bad',
}

/** How the hub and its servers stand. Read only; works without script. */
export function statusPage({ hub, health, failed, search, sanitizer, links, now }: StatusPage): Html {
  const blind = sanitizer.blind()
  const say: Say = (text) => blind.text(text)
  const content = html`<div class="head"><h1>Hub</h1><span class="aside">${badge(say(health.state), TONES[health.state] ?? 'plain')}</span></div>
<p class="lead">${health.tools} tools of ${health.servers.length} servers at one address: /mcp. A server that is down fails only its own calls.</p>
${health.registry === undefined ? null : notice(ownWords`hub.yaml has a mistake; the last good one is in force.`, html` ${say(health.registry)}`)}
<section id="servers" data-live><h2>Servers</h2>${servers(hub, health, say, now)}</section>
<section><h2>Search</h2>${searchForm(search?.id ?? '')}${search ? calls(search.found, say, now, ownWords`No call with this id`) : null}</section>
<section id="errors" data-live><h2>Recent errors</h2>${calls(failed, say, now, ownWords`No call has failed`)}</section>
<section><h2>Tools</h2>${tools(hub, say)}</section>`
  return page({ title: ownWords`Hub`, place: ownWords`hub`, links, content })
}

function servers(hub: Hub, { servers: list }: Health, say: Say, now: number): Html {
  const columns = [
    { head: ownWords`Server` },
    { head: ownWords`State` },
    { head: ownWords`Tools`, number: true },
    { head: ownWords`In flight`, number: true },
    { head: ownWords`Since`, number: true },
  ]
  const rows = list.map(({ id, state, reason, tools: count }) => {
    const link = hub.link(id)
    return [
      identifier(say(id)),
      html`${badge(say(state), TONES[state] ?? 'plain')} ${reason === undefined ? null : say(reason)}`,
      html`${count}`,
      html`${link?.slots.running ?? 0}`,
      moment(link?.since ?? now, now),
    ]
  })
  return table(columns, rows)
}

function calls(list: readonly RecentCall[], say: Say, now: number, none: Sanitised<string>): Html {
  if (list.length === 0) return empty(none, html`Calls stand here as long as this process remembers them.`)
  const columns = ['Tool', 'Server', 'Caller', 'Result', 'Correlation id', 'Took', 'When'].map((head) => ({
    head: say(head),
  }))
  const rows = list.map((call) => [
    identifier(say(call.tool)),
    identifier(say(call.server)),
    identifier(say(call.caller)),
    html`${badge(say(call.outcome), call.outcome === 'ok' ? 'good' : 'bad')} ${say(call.errorCode ?? '')}`,
    html`<a href="/?id=${say(call.correlationId)}">${identifier(say(call.correlationId))}</a>`,
    html`${Math.round(call.ms * 10) / 10} ms`,
    moment(call.at, now),
  ])
  return table(columns, rows)
}

function searchForm(id: string): Html {
  const field = attributes({ id: 'id', name: 'id', type: 'search', maxlength: 128, autocomplete: 'off' })
  return html`<form method="get" action="/"><label for="id">Correlation id</label> ${inputField(field, id)} <button class="button">Search</button></form>`
}

function tools(hub: Hub, say: Say): Html {
  const columns = [{ head: ownWords`Name` }, { head: ownWords`Safe name` }, { head: ownWords`Server` }]
  const rows = hub.catalogue.tools.all.map(({ canonical, safe, server }) =>
    [canonical, safe, server].map((text) => identifier(say(text))),
  )
  return rows.length === 0
    ? empty(ownWords`No tools`, html`No server has been reached yet.`)
    : table(columns, rows)
}
