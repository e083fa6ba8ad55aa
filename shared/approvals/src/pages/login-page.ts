import { ownWords } from '@gatehouse/sanitizer'
import { type Html, hiddenField, html, nothing, notice, page, type Shown } from '@gatehouse/web'

export interface LoginPage {
  /** Repeated by the form; belongs to a cookie set with this page. */
  formToken: string
  /** Where to go afterwards: a path of this listener. */
  next: string
  failure?: Shown
}

export function loginPage({ formToken, next, failure }: LoginPage): Html {
  return page({
    title: ownWords`Log in`,
    place: ownWords`Approvals`,
    links: [],
    content: html`<div class="narrow">
<h1>Log in</h1>
<p class="muted">Changes to your clusters wait here until a person has seen and approved them.</p>
${failure === undefined ? nothing : notice(failure, nothing, 'bad')}
<form method="post" action="/login">
${hiddenField('form-token', formToken)}
${hiddenField('next', next)}
<div class="field"><label for="token">Approver token</label>
<p class="hint" id="token-hint">Shown at the first start, or in the file the log names. It begins with <code>gh_h_</code>.</p>
<input type="password" id="token" name="token" required autocomplete="off" spellcheck="false" autofocus aria-describedby="token-hint"></div>
<button class="button primary">Log in</button>
</form>
<p class="muted">No token? Whoever runs Gatehouse makes one with <code>npm run token -- new</code>.</p>
</div>`,
  })
}
