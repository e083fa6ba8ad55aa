import { ownWords } from '@gatehouse/sanitizer'
import {
  claim,
  fingerprint,
  type Html,
  html,
  identifier,
  lines,
  moment,
  nothing,
  type Shown,
  shortId,
} from '@gatehouse/web'
import type { RequestView } from '../../view/request-view.ts'
import type { Reader } from '../frame.ts'

/** Who asked, why, and by which mark it is recognised elsewhere. */
export function originRows(request: RequestView, { now }: Reader): (readonly [Shown, Html | false])[] {
  return [
    [ownWords`Asked by`, askedBy(request, now)],
    [ownWords`Its reason`, reasonOf(request)],
    [ownWords`Fingerprint`, mark(request)],
    [ownWords`Decided so far`, request.state === 'pending' && votes(request, now)],
  ]
}

function askedBy({ requester, createdAt, seen, tool, requestId }: RequestView, now: number): Html {
  const behind = requester.behind === undefined ? nothing : html` for ${identifier(requester.behind)}`
  const again = seen > 1 ? html` · same request seen ${seen} times` : nothing
  const how = html`<span class="muted">with ${tool} · request ${shortId(requestId)}</span>`
  return html`<div id="asked" data-live>${requester.kind} <strong>${identifier(requester.subject)}</strong>${behind} · ${moment(Date.parse(createdAt), now)}${again}<br>${how}</div>`
}

function reasonOf({ claim: said, requester }: RequestView): Html {
  if (!said) return html`<span class="muted">none given</span>`
  const { reason, severity, service, explanations = [] } = said
  const label = CLAIMS[requester.kind]
  const facts = [
    ...(severity === undefined ? [] : [html`severity ${severity}`]),
    ...(service === undefined ? [] : [html`service ${service}`]),
  ]
  const joined = facts.map((fact, index) => html`${index > 0 ? ' · ' : ''}${fact}`)
  const further = [
    ...(facts.length > 0 ? [html`${joined}`] : []),
    ...explanations.map((text) => html`${text}`),
  ]
  return claim(label, reason, further.length === 0 ? [] : [html`<div class="muted">${lines(further)}</div>`])
}

const CLAIMS: Record<RequestView['requester']['kind'], Shown> = {
  agent: ownWords`claim of the agent, not checked`,
  human: ownWords`words of the person who asked, not checked`,
  service: ownWords`claim of the service, not checked`,
}

function mark({ planDigest }: RequestView): Html {
  return fingerprint(planDigest, ownWords`compare with the agent’s message`)
}

function votes({ decisions, policy }: RequestView, now: number): Html | false {
  if (decisions.length === 0) return false
  const given = decisions.map(
    ({ subject, decision, at }) =>
      html`${identifier(subject)} ${decision === 'approve' ? 'approved' : 'rejected'} ${moment(Date.parse(at), now)}`,
  )
  return html`<div id="votes" data-live>${lines([...given, html`<span class="muted">${decisions.length} of ${policy.approvers} needed</span>`])}</div>`
}
