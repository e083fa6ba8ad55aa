import { ownWords, type Sanitised } from '@gatehouse/sanitizer'
import {
  attributes,
  badge,
  empty,
  type Html,
  html,
  identifier,
  inputField,
  moment,
  nothing,
  place,
  type Shown,
  table,
} from '@gatehouse/web'
import { type RequestState, requestStates } from '../request.ts'
import type { ListedView } from '../view/listing.ts'
import { framed, type Reader } from './frame.ts'
import { STATES } from './state-words.ts'

export interface History {
  requests: readonly Sanitised<ListedView>[]
  state?: RequestState | undefined
  /** What is searched for, as the reader typed it. */
  search: string
  /** How many requests the search looked at, newest first, where it did not reach the oldest. */
  searched?: number | undefined
  /** Address of the next page. */
  next?: Shown | undefined
}

const COLUMNS = [
  { head: ownWords`What` },
  { head: ownWords`Outcome` },
  { head: ownWords`Where` },
  { head: ownWords`Asked by`, labelled: true },
  { head: ownWords`Decided by`, labelled: true },
  { head: ownWords`Asked`, number: true },
]

/** All requests, newest first, and how they ended. */
export function historyPage(reader: Reader, history: History): Html {
  const { requests, next, searched } = history
  const rows = requests.map((request) => rowOf(request, reader.now))
  const limit =
    searched === undefined ? nothing : html`<p class="muted">Searched the newest ${searched} requests.</p>`
  const content = html`<div class="head"><h1>History</h1></div>
${searchForm(history)}
${rows.length === 0 ? nothingFound(history) : table(COLUMNS, rows)}
${limit}
${next === undefined ? nothing : html`<p><a href="${next}">Older ones</a></p>`}`
  return framed(reader, { title: ownWords`History`, current: ownWords`/history`, content })
}

function rowOf(
  { requestId, title, state, target, requester, decisions, createdAt }: ListedView,
  now: number,
): Html[] {
  const { word, tone } = STATES[state]
  const voters = decisions.map(({ subject }, index) => html`${index > 0 ? ', ' : ''}${identifier(subject)}`)
  return [
    html`<a class="main-link" href="/requests/${requestId}" data-row>${title}</a>`,
    badge(word, tone),
    target.namespace === ''
      ? place(target.context)
      : html`${place(target.context)} ${place(target.namespace)}`,
    identifier(requester.subject),
    voters.length === 0 ? html`<span class="muted">nobody</span>` : html`${voters}`,
    moment(Date.parse(createdAt), now),
  ]
}

function searchForm({ search, state }: History): Html {
  const options = requestStates.map(
    (one) =>
      html`<option value="${one}"${attributes({ selected: one === state })}>${STATES[one].word}</option>`,
  )
  const field = attributes({ type: 'search', id: 'search', name: 'search', maxlength: 200 })
  return html`<form method="get" action="/history" class="inline" role="search">
<div><label for="search">Search</label>${inputField(field, search)}</div>
<div><label for="state">Outcome</label><select id="state" name="state"><option value="">any</option>${options}</select></div>
<div><button class="button">Search</button></div>
</form>`
}

function nothingFound({ search, state }: History): Html {
  if (search === '' && state === undefined) {
    return empty(
      ownWords`No requests yet`,
      html`Every change that is asked for stays here, with who decided it and how it ended.`,
    )
  }
  return empty(
    ownWords`Nothing found`,
    html`Search for part of a title, a name, a namespace or who asked. <a href="/history">Show all</a>`,
  )
}
