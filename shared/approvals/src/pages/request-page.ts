import { ownWords, type Sanitised } from '@gatehouse/sanitizer'
import {
  badge,
  definitions,
  type Html,
  html,
  identifier,
  lines,
  moment,
  nothing,
  notice,
  place,
  type Shown,
} from '@gatehouse/web'
import type { RequestView } from '../view/request-view.ts'
import { framed, type Reader } from './frame.ts'
import { decisionOf } from './request/decision.ts'
import { operationRows } from './request/operation-rows.ts'
import { originRows } from './request/origin-rows.ts'
import { outcomeOf } from './request/outcome.ts'
import { MEANS, STATES } from './state-words.ts'

export interface RequestPage {
  request: Sanitised<RequestView>
  /** What is no longer as it was shown, in a few words. */
  stale?: Shown | undefined
  /** The staleness could not be looked at now. */
  unchecked?: boolean | undefined
  /** What went wrong with the form that was just sent. */
  failure?: Shown | undefined
  /** What the reader had typed. */
  typed?: { reason?: string }
}

/** One request: all a person must know above the buttons, in the order in which one asks. */
export function requestPage(reader: Reader, shown: RequestPage): Html {
  const { request, failure } = shown
  const content = html`<article>
${head(reader, shown)}
${where(request)}
${failure === undefined ? nothing : html`<div role="alert">${notice(failure, nothing, 'bad')}</div>`}
${staleness(shown)}
${body(request, reader)}
${request.state === 'pending' ? decisionOf(reader, shown) : outcomeOf(reader, request)}
${afterwards(request)}
</article>`
  return framed(reader, {
    title: request.title,
    content,
    events: ownWords`/api/approvals/${request.requestId}/events`,
  })
}

function head({ now }: Reader, { request, stale }: RequestPage): Html {
  const { state, expiresAt, finishedAt } = request
  const { word, tone } = STATES[state]
  const isStale = state === 'pending' && stale !== undefined
  const aside = isStale
    ? badge(ownWords`stale`, 'care')
    : html`${badge(word, tone)}${clock(state, expiresAt, finishedAt, now)}`
  const announce = isStale ? ownWords`Stale: ${stale}` : word
  return html`<header class="head" id="head" data-live data-announce="${announce}"><h1>${request.title}</h1><span class="aside">${aside}</span></header>`
}

function clock(
  state: RequestView['state'],
  expiresAt: string,
  finishedAt: string | undefined,
  now: number,
): Html {
  if (state === 'pending') return html`<span>expires ${moment(Date.parse(expiresAt), now)}</span>`
  return finishedAt === undefined ? nothing : html`<span>${moment(Date.parse(finishedAt), now)}</span>`
}

function where({ target, operations }: RequestView): Html {
  const clusters = [...new Set(operations.map(({ target: { clusterId } }) => clusterId))]
  return html`<dl class="where">
<div><dt>cluster</dt><dd title="${clusters[0]}">${place(target.context)}</dd></div>
${target.namespace === '' ? nothing : html`<div><dt>namespace</dt><dd>${place(target.namespace)}</dd></div>`}
<div><dt>identity</dt><dd>${identifier(target.identity)}</dd></div>
</dl>`
}

function staleness({ request, stale, unchecked }: RequestPage): Html {
  return html`<div id="stale" data-live>${standing({ request, stale, unchecked })}</div>`
}

function standing({ request, stale, unchecked }: RequestPage): Html {
  if (request.state !== 'pending') {
    const why = request.reason === undefined ? nothing : html`<p>${request.reason}</p>`
    const disappointed = request.state === 'succeeded' && request.outcome?.verification?.ok === false
    if (disappointed) return notice(ownWords`It was carried out, but did not work as expected.`, why, 'bad')
    return notice(MEANS[request.state], why, toneOf(request.state))
  }
  if (stale !== undefined) {
    const what = html`<p>The object has changed since this was asked. It cannot be approved any more; ask again to see it as it is now.</p>`
    return notice(ownWords`Stale: ${stale}`, what)
  }
  if (!request.approvable) {
    return notice(ownWords`This cannot be approved`, html`<p>${request.notApprovable}</p>`, 'bad')
  }
  if (!unchecked) return nothing
  const what = html`<p>Whether the object has changed could not be looked at. It is checked again before anything is carried out.</p>`
  return notice(ownWords`The cluster does not answer`, what)
}

function toneOf(state: RequestView['state']): 'good' | 'bad' | 'care' {
  const { tone } = STATES[state]
  return tone === 'plain' ? 'care' : tone
}

function body(request: RequestView, reader: Reader): Html {
  const { operations } = request
  if (operations.length === 1 && operations[0]) {
    return definitions([...operationRows(operations[0], request), ...originRows(request, reader)])
  }
  const parts = operations.map(
    (operation, index) =>
      html`<section><h2>${index + 1}. ${operation.title}</h2>${definitions(operationRows(operation, request, true))}</section>`,
  )
  return html`<p class="muted">Carried out in this order; it stops at the first that does not succeed.</p>${parts}<h2>The request</h2>${definitions(originRows(request, reader))}`
}

function afterwards({ operations, state }: RequestView): Html {
  if (state !== 'pending' && state !== 'approved' && state !== 'executing') return nothing
  const texts = operations.map(
    ({ expectation }) =>
      html`${expectation.text}${expectation.timeoutSeconds > 0 ? html` <span class="muted">within ${minutes(expectation.timeoutSeconds)}</span>` : nothing}`,
  )
  return definitions([[ownWords`Afterwards`, html`<span class="muted">Verified by:</span> ${lines(texts)}`]])
}

function minutes(seconds: number): Shown {
  return seconds % 60 === 0 ? ownWords`${seconds / 60} min` : ownWords`${seconds} s`
}
