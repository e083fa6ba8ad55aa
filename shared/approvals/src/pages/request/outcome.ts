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
  type Shown,
  type Tone,
} from '@gatehouse/web'
import type { OperationOutcomeView, Result } from '../../view/outcome-view.ts'
import type { RequestView } from '../../view/request-view.ts'
import { form, type Reader } from '../frame.ts'

/** Who decided, what was done, and what can be done now. Stands where the buttons were. */
export function outcomeOf(reader: Reader, request: Sanitised<RequestView>): Html {
  const { decisions, outcome, state } = request
  const rows = [
    [ownWords`Decided by`, decisions.length > 0 && lines(decisions.map((vote) => decided(vote, reader.now)))],
    [
      ownWords`What was done`,
      outcome !== undefined && outcome.operations.length > 0 && done(outcome.operations),
    ],
    [ownWords`Verified`, outcome?.verification !== undefined && verified(outcome.verification)],
  ] as const
  const undo = state === 'succeeded' ? undoForm(reader, request) : nothing
  return html`<section id="decision" data-live aria-label="Outcome"><h2>What happened</h2>${definitions(rows)}${undo}</section>`
}

function decided(
  { subject, decision, reason, at, singleUser }: RequestView['decisions'][number],
  now: number,
): Html {
  const alone = singleUser ? html` <span class="muted">(single-user mode)</span>` : nothing
  const why = reason === undefined ? nothing : html`: “${reason}”`
  return html`<strong>${identifier(subject)}</strong> ${decision === 'approve' ? 'approved' : 'rejected'} ${moment(Date.parse(at), now)}${alone}${why}`
}

function done(operations: readonly OperationOutcomeView[]): Html {
  return lines(
    operations.map(({ state, title, error, result }) => {
      const why = error === undefined ? nothing : html`: ${error}`
      const { word, tone } = OUTCOMES[state]
      return html`${badge(word, tone)} ${title}${why}${result === undefined ? nothing : output(result)}`
    }),
  )
}

// Of a command what it wrote; ids and proofs are for programs.
function output({ stdout, stderr, exitCode }: Result): Html {
  const code = typeof exitCode === 'number' ? html`<p class="muted">exit code ${exitCode}</p>` : nothing
  const written = [stdout, stderr].flatMap((text) => {
    if (typeof text !== 'string' || text.trim() === '') return []
    return [html`<code class="command" tabindex="0" aria-label="Output">${text}</code>`]
  })
  return html`${code}${written}`
}

const OUTCOMES: Record<OperationOutcomeView['state'], { word: Shown; tone: Tone }> = {
  succeeded: { word: ownWords`done`, tone: 'good' },
  failed: { word: ownWords`failed`, tone: 'bad' },
  stale: { word: ownWords`stale`, tone: 'care' },
  indeterminate: { word: ownWords`not known`, tone: 'bad' },
  blocked: { word: ownWords`blocked`, tone: 'bad' },
  skipped: { word: ownWords`not tried`, tone: 'plain' },
}

function verified({ ok, text }: { ok: boolean; text: Shown }): Html {
  return html`${badge(ok ? ownWords`as expected` : ownWords`not as expected`, ok ? 'good' : 'bad')} ${text}`
}

function undoForm(reader: Reader, { requestId }: RequestView): Html {
  const button = html`<button class="button" id="undo">Undo this…</button>`
  return html`<div class="decision"><p class="says">Undoing makes a new request; nothing changes before it is approved.</p>${form(reader, ownWords`/requests/${requestId}/undo`, button)}</div>`
}
