import { attributes, type Html, html, nothing, type Shown } from '../html/html.ts'

/** Lines to be read and copied, with what they are above them; it scrolls by keyboard too. */
export function codeBlock(text: Shown, caption: Html = nothing, label?: Shown): Html {
  const name = attributes({ tabindex: 0, role: 'region', 'aria-label': label ?? 'Code' })
  return html`<figure class="code"><figcaption><span>${caption}</span><button type="button" class="copy" data-copies hidden>copy</button></figcaption><pre${name}><code>${text}</code></pre></figure>`
}

/** A heading that can be linked to. */
export function anchored(id: Shown, text: Html, depth: 2 | 3 = 2): Html {
  const link = html`<a class="anchor" href="#${id}">${text}</a>`
  return depth === 2 ? html`<h2 id="${id}">${link}</h2>` : html`<h3 id="${id}">${link}</h3>`
}
