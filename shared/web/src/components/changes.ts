import { type Html, html, nothing, type Shown } from '../html/html.ts'

/** One field, before and after, as it may be shown. */
export interface ShownChange {
  path: Shown
  before?: Shown
  after?: Shown
  /** A secret in it may differ and is not shown. */
  hidden?: boolean
}

/** Fields that change, every one of them, in monospace so that nothing looks like something else. */
export function changes(list: readonly ShownChange[]): Html {
  const rows = list.map((change) => html`<tr><td>${change.path}</td>${sides(change)}</tr>`)
  return html`<div class="scroll"><table class="changes"><thead class="hidden-visually"><tr><th scope="col">Field</th><th scope="col">Before</th><th scope="col"></th><th scope="col">After</th></tr></thead><tbody>${rows}</tbody></table></div>`
}

function sides(change: ShownChange): Html {
  if (!change.hidden) return html`${before(change)}${ARROW}${after(change)}`
  if (change.before === undefined && change.after === undefined) {
    return html`<td class="none" colspan="3">a secret that is not shown: it may change</td>`
  }
  return html`${before(change)}${ARROW}${after(change, html`<span class="none"> (a secret in it is not shown: it may change)</span>`)}`
}

const ARROW = html`<td class="arrow" aria-hidden="true">→</td>`

function before({ before }: ShownChange): Html {
  return before === undefined ? none('not set') : html`<td class="old">${before}</td>`
}

function after({ after }: ShownChange, note: Html = nothing): Html {
  return after === undefined ? none('removed') : html`<td class="new">${after}${note}</td>`
}

function none(word: 'not set' | 'removed'): Html {
  return html`<td class="none">${word}</td>`
}
