import { ownWords, type Sanitizer } from '@gatehouse/sanitizer'
import { badge, type Html, html, type Link, nothing, notice, type Shown } from '@gatehouse/web'
import type { FieldPage, FieldRow } from '../reference/field-page.ts'
import { addressOf, apiVersionOf, type KindName } from '../reference/kinds.ts'
import type { Answered } from '../reference/references.ts'
import { crumbs } from './frame.ts'
import { sourceWords } from './source-words.ts'

/** A kind or a field with the fields below; each has an anchor, and a page where it has fields of its own. */
export function fieldView(
  { value, source, note }: Answered<FieldPage>,
  name: KindName,
  asked: string | undefined,
  sanitizer: Sanitizer,
): Html {
  const { text } = sanitizer
  const version = asked === undefined ? '' : `version=${encodeURIComponent(asked)}`
  const at = (field: string): Shown => {
    const address = addressOf(name, field)
    return text(version ? `${address}${field ? '&' : '?'}${version}` : address)
  }
  const path = value.field === '' ? [] : value.field.split('.')
  const above = path.slice(0, -1).map(
    (part, index): Link => ({
      address: at(path.slice(0, index + 1).join('.')),
      text: text(part),
    }),
  )
  const steps: Link[] = [
    { address: ownWords`/api`, text: ownWords`API reference` },
    {
      address: text(`/api${version && `?${version}`}#${apiVersionOf(name)}`),
      text: text(apiVersionOf(name)),
    },
    ...(path.length > 0 ? [{ address: at(''), text: text(name.kind) }, ...above] : []),
  ]
  const rows = value.fields.map((row) => fieldRow(row, at, sanitizer))
  return html`${crumbs(steps, text(path.at(-1) ?? name.kind))}
<div class="head"><h1>${text([name.kind, ...path].join('.'))}</h1>${path.length > 0 && html`<span class="aside">${facts(value, sanitizer)}</span>`}</div>
${note === undefined ? nothing : notice(text(note))}
<p class="prose">${text(value.description)}</p>
${rows.length === 0 ? html`<p class="muted">No fields below.</p>` : html`<h2>Fields</h2><dl class="fields">${rows}</dl>`}
<p class="muted">${sourceWords(source, sanitizer)}. <code>${text(value.apiVersion)}</code></p>`
}

function fieldRow(row: FieldRow, at: (field: string) => Shown, sanitizer: Sanitizer): Html {
  const { text } = sanitizer
  const name = row.more
    ? html`<a class="main-link" href="${at(row.path)}">${text(row.name)}</a>`
    : html`<a class="anchor" href="#${text(row.path)}">${text(row.name)}</a>`
  const below = row.fields?.map((one) => fieldRow(one, at, sanitizer))
  return html`<div id="${text(row.path)}"><dt><code>${name}</code> ${facts(row, sanitizer)}</dt><dd>${text(row.description)}${below ? html`<dl class="fields">${below}</dl>` : nothing}</dd></div>`
}

function facts(
  { type, required, ...more }: Omit<FieldRow, 'name' | 'path' | 'description'>,
  { text }: Sanitizer,
): Html {
  const values = more.enum?.map((one) => html`<code>${text(one)}</code> `)
  return html`<span class="type">${text(type)}</span>${required ? badge(ownWords`required`, 'care') : nothing}${
    more.default === undefined
      ? nothing
      : html` <span class="muted">default <code>${text(more.default)}</code></span>`
  }${values ? html` <span class="muted">one of ${values}</span>` : nothing}${
    more.limits === undefined ? nothing : html` <span class="muted">${text(more.limits)}</span>`
  }`
}
