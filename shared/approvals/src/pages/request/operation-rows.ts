import { ownWords } from '@gatehouse/sanitizer'
import { badge, changes, type Html, html, lines, nothing, type Shown } from '@gatehouse/web'
import type { OperationView } from '../../view/plan-view.ts'
import type { RequestView } from '../../view/request-view.ts'

type Row = readonly [Shown, Html | false]

/** What one operation changes, what it touches, and what has been checked. */
export function operationRows(operation: OperationView, request: RequestView, several = false): Row[] {
  const { impact, target, expectation } = operation
  return [
    ...(several ? [[ownWords`Where`, whereOf(target)] as const] : []),
    [ownWords`What changes`, whatChanges(operation)],
    [ownWords`What it touches`, impact.length > 0 && lines(impact.map((text) => html`${text}`))],
    [ownWords`Checked`, checked(operation, request)],
    ...(several ? [[ownWords`Verified by`, html`${expectation.text}`] as const] : []),
  ]
}

function whereOf({ context, namespace, kind, name }: OperationView['target']): Html {
  const inside = namespace === '' ? nothing : html`, namespace ${namespace}`
  return html`${kind} <strong>${name}</strong><span class="muted"> in ${context}${inside}</span>`
}

function whatChanges(operation: OperationView): Html {
  const unseen = operation.unseen.map(
    (where) => html`<p>${badge(ownWords`hidden characters`, 'bad')} ${where}</p>`,
  )
  return html`${change(operation)}${unseen}`
}

function change(operation: OperationView): Html {
  const { diff, exec, command } = operation
  const asCommand = html`<code class="command" tabindex="0" aria-label="The same as a command">${command}</code>`
  if (exec) return html`${execOf(exec)}${asCommand}`
  return html`${operation.switch ? switchOf(operation.switch) : diff.length > 0 ? changes(diff) : whole(operation)}${asCommand}`
}

function whole({ kind, title }: OperationView): Html {
  if (kind === 'delete') return html`The whole object is deleted.`
  if (kind === 'evict') return html`The pod is evicted and deleted.`
  return html`${title}`
}

function execOf({ container, command, timeoutSeconds }: NonNullable<OperationView['exec']>): Html {
  const words = command.map((word) => html`<li><code>${word}</code></li>`)
  return html`<p>Runs once in container <strong>${container}</strong>, for at most ${timeoutSeconds} s. Each line is one word of the command:</p><ol class="words">${words}</ol>`
}

function switchOf({ server, from, to }: NonNullable<OperationView['switch']>): Html {
  return changes([{ path: ownWords`default context of ${server}`, before: from, after: to }])
}

function checked({ kind, warnings }: OperationView, { policy }: RequestView): Html {
  const parts: Html[] = []
  if (kind === 'exec') parts.push(html`access review accepted; a command has no dry run`)
  else if (kind === 'switchContext') parts.push(html`the context exists; no cluster is touched`)
  else parts.push(html`server dry run accepted`)
  for (const warning of warnings) parts.push(html`${badge(ownWords`warning`, 'care')} ${warning}`)
  const people = policy.approvers === 1 ? ownWords`one person` : ownWords`${policy.approvers} people`
  const rules =
    policy.rules.length === 0 ? nothing : html` <span class="muted">(${joined(policy.rules)})</span>`
  parts.push(html`policy: needs ${people}${rules}`)
  return lines(parts)
}

function joined(texts: readonly Shown[]): Shown {
  return texts.reduce((all, text) => ownWords`${all}, ${text}`)
}
