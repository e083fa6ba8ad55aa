import { ownWords } from '@gatehouse/sanitizer'
import {
  attributes,
  badge,
  empty,
  exposed,
  type Html,
  html,
  identifier,
  moment,
  nothing,
  notice,
  type Shown,
  table,
} from '@gatehouse/web'
import { form, framed, type Reader } from './frame.ts'

export interface TokenLine {
  id: Shown
  subject: Shown
  kind: 'human' | 'agent' | 'service'
  scopes: Shown
  name: Shown
  behind?: Shown | undefined
  expiresAt: number
  revoked: boolean
  lastUsedAt?: number | undefined
  /** The one this session came from. */
  own: boolean
}

export interface TokensPage {
  tokens: readonly TokenLine[]
  /** The secret of the token just made; shown this once. */
  made?: { secret: string; subject: Shown } | undefined
  failure?: Shown | undefined
}

const COLUMNS = [
  { head: ownWords`Who` },
  { head: ownWords`For` },
  { head: ownWords`May`, labelled: true },
  { head: ownWords`Last used`, number: true, labelled: true },
  { head: ownWords`Expires`, number: true, labelled: true },
  { head: ownWords`Revoke` },
]

/** Who may do what, and since when nobody has used it. */
export function tokensPage(reader: Reader, { tokens, made, failure }: TokensPage): Html {
  const rows = tokens.map((token) => rowOf(reader, token))
  const content = html`<div class="head"><h1>Tokens</h1></div>
${made === undefined ? nothing : html`<div role="status">${notice(ownWords`New token of ${made.subject}`, html`<p>Copy it now: only its digest is kept, so nobody can show it again.</p><code class="once">${exposed(made.secret)}</code>`, 'good')}</div>`}
${failure === undefined ? nothing : html`<div role="alert">${notice(failure, nothing, 'bad')}</div>`}
${rows.length === 0 ? empty(ownWords`No tokens`, html`Make one below.`) : table(COLUMNS, rows)}
<h2>New token</h2>
${newToken(reader)}`
  return framed(reader, { title: ownWords`Tokens`, current: ownWords`/tokens`, content })
}

function rowOf(reader: Reader, token: TokenLine): Html[] {
  const { id, subject, kind, scopes, name, behind, expiresAt, revoked, lastUsedAt, own } = token
  const behindWhom = behind === undefined ? nothing : html` for ${identifier(behind)}`
  const over = expiresAt <= reader.now
  const button = html`<button class="quiet" aria-label="Revoke the token ${name} of ${subject}">Revoke</button>`
  const last = revoked
    ? badge(ownWords`revoked`)
    : over
      ? badge(ownWords`expired`)
      : html`<span class="inline-form">${form(reader, ownWords`/tokens/${id}/revoke`, button)}${own ? html` <span class="muted">this login</span>` : nothing}</span>`
  return [
    html`<strong>${identifier(subject)}</strong> <span class="muted">${kind}${behindWhom}</span>`,
    html`${name}`,
    html`${scopes}`,
    lastUsedAt === undefined ? html`<span class="muted">never</span>` : moment(lastUsedAt, reader.now),
    moment(expiresAt, reader.now),
    last,
  ]
}

const KINDS = [
  ['agent', 'an agent: may ask for changes', true],
  ['human', 'a person: may decide', false],
  ['service', 'another server of the suite', false],
] as const

const MAY = [
  ['read', 'read', true],
  ['propose', 'propose', true],
  ['approve', 'approve', false],
  ['admin', 'admin', false],
] as const

function newToken(reader: Reader): Html {
  const kinds = KINDS.map(
    ([kind, words, checked]) =>
      html`<label class="choice"><input type="radio" name="kind" value="${kind}"${attributes({ checked })}> ${words}</label>`,
  )
  const scopes = MAY.map(
    ([scope, words, checked]) =>
      html`<label class="choice"><input type="checkbox" name="scope-${scope}" value="yes"${attributes({ checked })}> ${words}</label>`,
  )
  return form(
    reader,
    ownWords`/tokens`,
    html`<div class="field"><label for="subject">Who</label><p class="hint">Lower case, such as <code>ana</code> or <code>oncall-bot</code>.</p><input type="text" id="subject" name="subject" required maxlength="128" autocapitalize="none" spellcheck="false"></div>
<div class="field"><label for="name">For what</label><input type="text" id="name" name="name" required maxlength="100"></div>
<fieldset class="field"><legend>It belongs to</legend>${kinds}</fieldset>
<fieldset class="field"><legend>It may</legend><p class="hint">Nothing both proposes and approves.</p>${scopes}</fieldset>
<div class="field"><label for="days">Valid for (days)</label><input type="number" id="days" name="days" required min="1" max="3650" value="90"></div>
<button class="button primary">Make token</button>`,
  )
}
