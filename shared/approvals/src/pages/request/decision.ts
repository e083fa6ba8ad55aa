import { ownWords, type Sanitised } from '@gatehouse/sanitizer'
import {
  attributes,
  type Html,
  hiddenField,
  html,
  identifier,
  nothing,
  type Shown,
  textArea,
} from '@gatehouse/web'
import { sameSubject } from '../../principal.ts'
import type { RequestView } from '../../view/request-view.ts'
import { form, type Reader } from '../frame.ts'
import type { RequestPage } from '../request-page.ts'
import { DESTRUCTIVE } from '../state-words.ts'

/** The buttons, or why there are none. They go when the object changes. */
export function decisionOf(reader: Reader, { request, stale, typed }: RequestPage): Html {
  return html`<section id="decision" data-live aria-label="Decision">${content(reader, request, stale, typed)}</section>`
}

function content(
  reader: Reader,
  request: Sanitised<RequestView>,
  stale: Shown | undefined,
  typed: RequestPage['typed'],
): Html {
  const own = isOwn(reader, request)
  const says = mayNotDecide(reader, request, own)
  if (says)
    return html`<div class="decision"><p class="says">${says}</p>${own ? withdrawForm(reader, request) : nothing}</div>`
  const why = mayNotApprove(reader, request, stale)
  const approve = why === undefined ? approveForm(reader, request) : nothing
  const kind = why === undefined && typedNames(request) !== '' ? 'decision typed' : 'decision'
  const before = why ?? quorum(request)
  return html`<div class="${kind}"><p class="says">${before}</p>${rejectForm(reader, request, typed)}${approve}</div>`
}

function isOwn({ subject }: Reader, { requester }: RequestView): boolean {
  return [requester.subject, requester.behind].some((one) => one !== undefined && sameSubject(one, subject))
}

function mayNotDecide(
  { mayApprove, subject, singleUser }: Reader,
  { decisions, policy }: RequestView,
  own: boolean,
): Html | undefined {
  if (own && !singleUser) return html`You asked for this yourself, so somebody else has to decide it.`
  if (!mayApprove) return html`You may read this, but not decide it.`
  const voted = decisions.some((decision) => decision.subject === subject)
  return voted
    ? html`You have approved this. It waits for ${policy.approvers - decisions.length} more.`
    : undefined
}

function withdrawForm(reader: Reader, { requestId }: RequestView): Html {
  return form(reader, ownWords`/requests/${requestId}/cancel`, html`<button class="button">Withdraw</button>`)
}

function mayNotApprove({ halted }: Reader, request: RequestView, stale: Shown | undefined): Html | undefined {
  if (stale !== undefined) return html`Stale: it can only be rejected.`
  if (!request.approvable) return html`<strong>This cannot be approved.</strong> ${request.notApprovable}`
  if (halted) return html`Approvals are halted: it can only be rejected.`
  return undefined
}

function quorum({ policy, decisions }: RequestView): Html {
  if (policy.approvers < 2) return nothing
  return html`${decisions.length} of ${policy.approvers} people have approved.`
}

function approveForm(reader: Reader, request: RequestView): Html {
  const { requestId, planDigest, viewDigest, operations, policy, decisions } = request
  const names = typedNames(request)
  const danger = operations.some(({ kind, typedName }) => typedName || DESTRUCTIVE.has(kind))
  const last = decisions.length + 1 >= policy.approvers
  const typing =
    names === ''
      ? nothing
      : html`<div><label for="typed-name">Type ${identifierOf(request)} to approve</label><input type="text" id="typed-name" name="typed-name" required autocomplete="off" autocapitalize="none" spellcheck="false"></div>`
  const content = html`${hiddenField('plan-digest', planDigest)}${hiddenField('view-digest', viewDigest)}${typing}<button id="approve" class="button ${danger ? 'danger' : 'primary'}">${last ? 'Approve and run' : 'Approve'}</button>`
  return html`<div class="approve-part">${form(reader, ownWords`/requests/${requestId}/approve`, content, ownWords`approve-form`)}</div>`
}

/** What must be typed: the names of all objects that would be gone, with a space between. Empty where nothing must. */
export function typedNames({ operations }: RequestView): string {
  return operations.flatMap(({ typedName, target }) => (typedName ? [target.name] : [])).join(' ')
}

function identifierOf({ operations }: RequestView): Html {
  const names = operations.flatMap(({ typedName, target }) => (typedName ? [target.name] : []))
  return html`${names.map((name, index) => html`${index > 0 ? ' ' : ''}<code>${identifier(name)}</code>`)}`
}

function rejectForm(reader: Reader, { requestId }: RequestView, typed: RequestPage['typed']): Html {
  const area = attributes({
    id: 'reason',
    name: 'reason',
    rows: 3,
    required: true,
    maxlength: 2000,
    'aria-describedby': 'reason-hint',
  })
  const fields = html`<label for="reason">Why not?</label><p class="hint" id="reason-hint">The one who asked reads this.</p>${textArea(area, typed?.reason)}<button class="button">Reject</button>`
  const content = form(reader, ownWords`/requests/${requestId}/reject`, fields)
  const open = attributes({ open: typed?.reason !== undefined })
  return html`<details id="reject"${open}><summary class="button">Reject…</summary><div class="reject">${content}</div></details>`
}
