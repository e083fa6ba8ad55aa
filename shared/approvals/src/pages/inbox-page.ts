import { ownWords, type Sanitised } from '@gatehouse/sanitizer'
import {
  badge,
  empty,
  type Html,
  html,
  identifier,
  moment,
  nothing,
  place,
  type Shown,
  table,
} from '@gatehouse/web'
import type { ListedView } from '../view/listing.ts'
import { framed, type Reader } from './frame.ts'
import { DESTRUCTIVE } from './state-words.ts'

export interface Inbox {
  requests: readonly Sanitised<ListedView>[]
  /** How many wait in all. */
  total: number
  /** Of the next page. */
  cursor?: Shown
}

/** What waits for a decision, grouped by where it would happen, what expires first at the top. */
export function inboxPage(reader: Reader, inbox: Inbox): Html {
  const { requests, total, cursor } = inbox
  const content = html`<section id="inbox" data-live data-announce="${ownWords`${total} waiting`}">
<div class="head"><h1>Waiting for a decision</h1><span class="aside">${total} in all</span></div>
${requests.length === 0 ? nobodyWaits() : groups(reader, requests)}
${
  cursor === undefined
    ? nothing
    : html`<p>${requests.length} of ${total} shown. <a href="/?cursor=${cursor}">Older ones</a></p>`
}
</section>`
  return framed(reader, {
    title: total === 0 ? ownWords`Inbox` : ownWords`Inbox (${total})`,
    current: ownWords`/`,
    content,
    events: ownWords`/api/events`,
  })
}

function nobodyWaits(): Html {
  return empty(
    ownWords`Nothing waits`,
    html`When an agent asks for a change, it appears here at once. People can ask too: <a href="/new">propose a change</a>.`,
  )
}

function groups(reader: Reader, requests: Inbox['requests']): Html[] {
  const byPlace = Map.groupBy(requests, ({ target }) => `${target.context}\n${target.namespace}`)
  const ordered = [...byPlace.values()].map((group) => {
    return group.toSorted((a, b) => (a.expiresAt < b.expiresAt ? -1 : 1))
  })
  ordered.sort((a, b) => ((a[0]?.expiresAt ?? '') < (b[0]?.expiresAt ?? '') ? -1 : 1))
  return ordered.map((group) => groupOf(reader, group))
}

const COLUMNS = [
  { head: ownWords`What` },
  { head: ownWords`Asked by` },
  { head: ownWords`Asked`, number: true },
  { head: ownWords`Expires`, number: true, labelled: true },
]

function groupOf({ now }: Reader, group: readonly Sanitised<ListedView>[]): Html {
  const target = group[0]?.target
  if (!target) return nothing
  const rows = group.map((request) => [
    html`<a class="main-link" href="/requests/${request.requestId}" id="${request.requestId}" data-row>${request.title}</a>${risk(request)}`,
    html`<span class="muted">${request.requester.kind}</span> ${identifier(request.requester.subject)}`,
    moment(Date.parse(request.createdAt), now),
    moment(Date.parse(request.expiresAt), now),
  ])
  const where =
    target.namespace === ''
      ? place(target.context)
      : html`${place(target.context)} <span class="muted">namespace</span> ${place(target.namespace)}`
  return html`<h2 class="group">${where}</h2>${table(COLUMNS, rows, 'stacked even')}`
}

function risk({ operations }: ListedView): Html {
  if (operations.some(({ kind }) => DESTRUCTIVE.has(kind))) return html` ${badge(ownWords`deletes`, 'bad')}`
  if (operations.some(({ kind }) => kind === 'exec')) return html` ${badge(ownWords`runs a command`, 'care')}`
  return nothing
}
