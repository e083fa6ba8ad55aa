import { type Html, html, identifier, nothing, part, type Shown } from '../html/html.ts'

export type Tone = 'plain' | 'good' | 'care' | 'bad'

/** A state or a class in a word; the colour only repeats it. */
export function badge(word: Shown, tone: Tone = 'plain'): Html {
  return html`<span class="badge ${tone}">${word}</span>`
}

/** The name of a cluster or a namespace with a colour that is always the same for the same name. */
export function place(name: Shown): Html {
  let sum = 7
  for (let index = 0; index < name.length; index++) sum = (sum * 31 + name.charCodeAt(index)) % 65_521
  return html`<span class="place hue-${sum % 8}">${identifier(name)}</span>`
}

/** The end of an id, the whole behind a button. Without script the whole id is on hover. */
export function shortId(id: Shown): Html {
  return html`<code title="${id}">${part(id, -8)}</code><button type="button" class="copy" data-copy="${id}" hidden aria-label="Copy ${id}">copy</button>`
}

/** The first characters of a digest, in two groups, to be compared by eye. */
export function fingerprint(digest: Shown, hint: Shown): Html {
  return html`<span class="fingerprint" title="${digest}">${part(digest, 0, 4)} ${part(digest, 4, 8)}</span><span class="muted">${hint}</span><button type="button" class="copy" data-copy="${digest}" hidden aria-label="Copy the whole digest">copy whole</button>`
}

/** Somebody's words, marked as not checked. */
export function claim(label: Shown, text: Shown | undefined, further: readonly Html[] = []): Html {
  return html`<figure class="claim"><figcaption>${label}</figcaption>${text === undefined ? html`<p class="muted">no reason given</p>` : html`<blockquote>“${text}”</blockquote>`}${further}</figure>`
}

/** What would be here, and how it gets here. */
export function empty(title: Shown, text: Html): Html {
  return html`<div class="empty"><h2>${title}</h2><p class="muted">${text}</p></div>`
}

/** Something to know before reading on. */
export function notice(strong: Shown, text: Html = nothing, tone: 'care' | 'bad' | 'good' = 'care'): Html {
  return html`<div class="notice ${tone}" role="note"><strong>${strong}</strong>${text}</div>`
}

/** What happened, what was not done, what to do, and the id to search the logs for. */
export function errorBlock(what: Shown, next: Shown, correlationId: Shown): Html {
  return html`<h1>${what}</h1><p>${next}</p><p class="muted">Correlation id <code>${identifier(correlationId)}</code></p>`
}
