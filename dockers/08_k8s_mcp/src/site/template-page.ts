import { asGatehouseError } from '@gatehouse/errors'
import { ownWords, type Sanitizer } from '@gatehouse/sanitizer'
import {
  attributes,
  codeBlock,
  type Html,
  html,
  inputField,
  type Link,
  linkAway,
  nothing,
  notice,
} from '@gatehouse/web'
import { toolCall } from '../documentation/tool-call.ts'
import { fillTemplate, manifestYaml, type Parameter, type Template } from '../templates/index.ts'
import { asking } from './asking.ts'
import type { SiteDeps } from './deps.ts'
import { crumbs } from './frame.ts'

const TEMPLATES: Link = { address: ownWords`/templates`, text: ownWords`Templates` }
// Longer addresses are refused by Node's own HTTP server (16 kB of headers).
const MOST_OF_ADDRESS = 12_000

/** A template with its form, the manifest it makes, and the ways to have it applied; 400 where a parameter is wrong. */
export function templatePage(
  found: Template,
  given: Record<string, string>,
  deps: SiteDeps,
): { content: Html; status: 200 | 400 } {
  const { text } = deps.sanitizer
  const { title, summary, notes } = found
  const { part, status } = result(found, given, deps)
  const content = html`${crumbs([TEMPLATES], text(title))}
<div class="head"><h1>${text(title)}</h1></div>
<p class="lead">${text(summary)}</p>
<ul class="notes">${notes.map((note) => html`<li>${text(note)}</li>`)}</ul>
${status === 400 && part}
<div class="beside"><form method="get" action="/templates/${text(found.name)}#manifest" class="parameters"><h2>Parameters</h2>
${found.parameters.map((one) => field(one, given[one.name], deps.sanitizer))}
<button class="button primary">Fill in</button> <a href="/templates/${text(found.name)}">Start over</a></form>
${status === 200 && html`<div>${part}</div>`}</div>`
  return { content, status }
}

function result(
  found: Template,
  given: Record<string, string>,
  deps: SiteDeps,
): { part: Html; status: 200 | 400 } {
  try {
    return { part: manifest(found, given, fillTemplate(found, given), deps), status: 200 }
  } catch (thrown) {
    const error = asGatehouseError(thrown)
    if (error.code !== 'INVALID_INPUT') throw thrown
    const { text } = deps.sanitizer
    const part = html`<div role="alert">${notice(text(error.message), html`<p>${text(error.hint)}</p>`, 'bad')}</div>`
    return { part, status: 400 }
  }
}

function manifest(
  found: Template,
  given: Record<string, string>,
  objects: readonly object[],
  deps: SiteDeps,
): Html {
  const { text } = deps.sanitizer.blind()
  const yaml = manifestYaml(objects)
  // Empty fields of the form are parameters that were not given.
  const query = new URLSearchParams(Object.entries(given).filter(([, value]) => value !== ''))
  const address = text(`/templates/${found.name}?${query}${query.size > 0 ? '&' : ''}`)
  const forms = html`<a href="${address}format=yaml">YAML</a> · <a href="${address}format=json">JSON</a>`
  return html`<h2 id="manifest">Manifest</h2>
${codeBlock(text(yaml), forms, ownWords`Manifest`)}
<h2>Apply it</h2>
${apply(yaml, objects, deps)}
<details><summary>The same as a tool call</summary>${toolCall(ownWords`infra.k8s.apply.applyManifest`, text(JSON.stringify({ yamlContent: yaml })))}</details>`
}

function apply(yaml: string, objects: readonly object[], { approvals, sanitizer }: SiteDeps): Html {
  const { refused, conditions } = asking(objects)
  if (refused.length > 0) {
    return notice(
      ownWords`It cannot be asked for here`,
      html`<ul>${refused.map((reason) => html`<li>${sanitizer.text(reason)}</li>`)}</ul><p>Take the YAML, and have it applied by who may.</p>`,
    )
  }
  const address = new URL('/new', approvals)
  address.searchParams.set('yaml', yaml)
  const notes = conditions.map((one) => html`<p class="muted">${sanitizer.text(one)}</p>`)
  if (address.href.length > MOST_OF_ADDRESS) {
    const empty = new URL('/new', approvals)
    return html`<p>Too long for a link: copy the YAML into <a${linkAway(empty)}>the form on the approval pages</a>.</p>${notes}`
  }
  return html`<p><a class="button"${linkAway(address)}>Ask to apply…</a></p><p class="muted">Opens a filled form on the approval pages. Nothing happens before a person has seen and approved it.</p>${notes}`
}

function field(
  { name, type, description, choices, default: usual }: Parameter,
  given: string | undefined,
  { text }: Sanitizer,
): Html {
  const id = text(`parameter-${name}`)
  const hint = text(`parameter-${name}-hint`)
  const common = { id, name: text(name), 'aria-describedby': hint }
  const value = given ?? ''
  const label = html`<label for="${id}">${text(name)} <span class="type">${type}</span></label><p class="hint" id="${hint}">${text(description)}${usual === undefined ? nothing : html` <span class="muted">(${text(String(usual))} unless given)</span>`}</p>`
  if (choices || type === 'boolean') {
    const options = (choices ?? ['true', 'false']).map(
      (one) =>
        html`<option value="${text(one)}"${attributes({ selected: one === value })}>${text(one)}</option>`,
    )
    return html`<div class="field">${label}<select${attributes(common)}><option value="">–</option>${options}</select></div>`
  }
  // A field of type number drops what it cannot read, and the reader would not see what was wrong.
  const input = attributes({
    ...common,
    type: 'text',
    inputmode: type === 'integer' || type === 'port' ? 'numeric' : undefined,
    spellcheck: 'false',
    autocomplete: 'off',
  })
  return html`<div class="field">${label}${inputField(input, value)}</div>`
}
