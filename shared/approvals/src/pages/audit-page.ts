import { ownWords } from '@gatehouse/sanitizer'
import {
  badge,
  empty,
  type Html,
  html,
  identifier,
  moment,
  nothing,
  notice,
  part,
  type Shown,
  table,
} from '@gatehouse/web'
import { form, framed, type Reader } from './frame.ts'

export interface AuditLine {
  sequence: number
  at: number
  type: Shown
  actor: { subject: Shown; kind: 'human' | 'agent' | 'service' | 'system' }
  requestId?: Shown | undefined
  outcome?: Shown | undefined
}

export interface AuditPage {
  lines: readonly AuditLine[]
  /** Address of the next page. */
  older?: Shown | undefined
  verdict?: Verdict | undefined
}

export interface Verdict {
  ok: boolean
  rows: number
  checkpoints: number
  /** The first bad row and why. */
  reason?: Shown | undefined
}

const COLUMNS = [
  { head: ownWords`Event` },
  { head: ownWords`Who` },
  { head: ownWords`Request` },
  { head: ownWords`Result` },
  { head: ownWords`Row`, number: true },
  { head: ownWords`When`, number: true },
]

/** The record, newest first, whether it verifies, and what halts everything. */
export function auditPage(reader: Reader, { lines, older, verdict }: AuditPage): Html {
  const rows = lines.map((line) => rowOf(line, reader.now))
  const content = html`<div class="head"><h1>Audit</h1><span class="aside"><a href="/audit?verify=now">Verify now</a> <a href="/audit/export">Export as JSON lines</a>${reader.isAdmin ? html` <a href="#brakes">Kill switch</a>` : nothing}</span></div>
<p class="lead">Every request, view, decision, claim and outcome in a chain that nothing is cut out of unseen. Reads of the cluster are in the log, not here.</p>
${verdict === undefined ? nothing : verdictOf(verdict)}
${rows.length === 0 ? empty(ownWords`Nothing on the record yet`, html`The first request will be.`) : table(COLUMNS, rows)}
${older === undefined ? nothing : html`<p><a href="${older}">Older ones</a></p>`}
${reader.isAdmin ? brakes(reader) : nothing}`
  return framed(reader, { title: ownWords`Audit`, current: ownWords`/audit`, content })
}

function rowOf({ sequence, at, type, actor, requestId, outcome }: AuditLine, now: number): Html[] {
  const request =
    requestId === undefined
      ? html`<span class="muted">–</span>`
      : html`<a href="/requests/${requestId}"><code>${part(requestId, -8)}</code></a>`
  const shown =
    outcome === undefined
      ? nothing
      : outcome.length > 24
        ? html`<code title="${outcome}">${part(outcome, 0, 12)}…</code>`
        : html`${outcome}`
  return [
    html`${type}`,
    html`${identifier(actor.subject)} <span class="muted">${actor.kind}</span>`,
    request,
    shown,
    html`${sequence}`,
    moment(at, now),
  ]
}

function verdictOf({ ok, rows, checkpoints, reason }: Verdict): Html {
  if (!ok) {
    return notice(
      ownWords`The record does not verify`,
      html`<p>${reason}</p><p>Somebody changed the database past Gatehouse. Approve nothing, and find out who can write to it.</p>`,
      'bad',
    )
  }
  const signed =
    checkpoints === 0
      ? html`No signed checkpoint was compared, so a cut at the end would not be seen.`
      : html`It agrees with ${checkpoints} signed checkpoints.`
  return notice(
    ownWords`The record verifies: ${rows} rows`,
    html`<p>${signed}</p>`,
    checkpoints === 0 ? 'care' : 'good',
  )
}

function brakes(reader: Reader): Html {
  const { halted } = reader
  if (halted?.release === 'rollback') {
    const button = html`<p>Confirm only when it is known why the database is older. Void requests stay void.</p><button class="button danger">Acknowledge the loss</button>`
    return html`<h2 id="brakes">Brakes</h2>${badge(ownWords`database rolled back`, 'bad')}${form(reader, ownWords`/brakes/rollback/acknowledge`, button)}`
  }
  if (halted) {
    const button = html`<button class="button">Release the kill switch</button>`
    return html`<h2 id="brakes">Kill switch</h2><p>${badge(ownWords`on`, 'bad')} “${halted.reason}”</p>${form(reader, ownWords`/brakes/kill-switch/release`, button)}`
  }
  const fields = html`<div class="inline"><div><label for="halt-reason">Reason</label><input type="text" id="halt-reason" name="reason" required maxlength="500"></div><div><button class="button danger">Stop everything</button></div></div>`
  return html`<h2 id="brakes">Kill switch</h2><p class="muted">Stops approvals and executions at once and voids what is approved. What waits stays.</p>${form(reader, ownWords`/brakes/kill-switch/engage`, fields)}`
}
