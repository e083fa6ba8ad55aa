import { ownWords } from '@gatehouse/sanitizer'
import {
  attributes,
  type Html,
  html,
  inputField,
  nothing,
  notice,
  type Shown,
  textArea,
} from '@gatehouse/web'
import { form, framed, type Reader } from './frame.ts'

/** What the form holds, as the reader typed it or followed a link with it. */
export interface Proposing {
  command: string
  manifest: string
  reason: string
  failure?: { message: Shown; hint: Shown } | undefined
}

/** Asks for a change as a person does: one kubectl command, with a manifest where it needs one. */
export function proposePage(reader: Reader, { command, manifest, reason, failure }: Proposing): Html {
  const one = attributes({
    type: 'text',
    id: 'command',
    name: 'command',
    class: 'mono',
    required: true,
    maxlength: 8000,
    spellcheck: 'false',
    autocapitalize: 'none',
    'aria-describedby': 'command-hint',
  })
  const many = attributes({
    id: 'manifest',
    name: 'manifest',
    class: 'mono',
    rows: 14,
    spellcheck: 'false',
    'aria-describedby': 'manifest-hint',
  })
  const why = attributes({ id: 'reason', name: 'reason', rows: 2, maxlength: 2000 })
  const second = reader.singleUser
    ? 'You can approve it yourself: single-user mode is on.'
    : 'Somebody else has to approve it.'
  const fields = html`<div class="field"><label for="command">Command</label><p class="hint" id="command-hint">One kubectl command. It is not run: it says what you mean.</p>${inputField(one, command)}</div>
<div class="field"><label for="manifest">Manifest</label><p class="hint" id="manifest-hint">For <code>kubectl apply -f -</code>: what would come on standard input.</p>${textArea(many, manifest)}</div>
<div class="field"><label for="reason">Reason</label>${textArea(why, reason)}</div>
<button class="button primary">Rehearse and propose</button>`
  const content = html`<div class="head"><h1>Propose a change</h1></div>
<p class="lead">It is rehearsed against the cluster first, then waits in the inbox. Nothing changes before it is approved. ${second}</p>
${failure === undefined ? nothing : html`<div role="alert">${notice(failure.message, html`<p>${failure.hint}</p>`, 'bad')}</div>`}
${form(reader, ownWords`/new`, fields)}`
  return framed(reader, { title: ownWords`Propose a change`, current: ownWords`/new`, content })
}
