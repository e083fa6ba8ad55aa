import { createSanitizer } from '@gatehouse/sanitizer'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  attributes,
  exposed,
  hiddenField,
  html,
  identifier,
  inputField,
  part,
  textArea,
} from '../src/html/html.ts'

const { text: shown } = createSanitizer({ key: 'test' })
const plain: string = 'anything'

describe('html', () => {
  it('escapes in text and in attributes', () => {
    const evil = shown(`<b>&"'\``)
    expect(String(html`<p title="${evil}">${evil}</p>`)).toBe(
      '<p title="&lt;b&gt;&amp;&quot;&#39;&#96;">&lt;b&gt;&amp;&quot;&#39;&#96;</p>',
    )
  })

  it('takes markup, lists of it, numbers and nothing', () => {
    const items = [1, 2].map((count) => html`<li>${count}</li>`)
    expect(String(html`<ul>${items}</ul>${false}${null}${undefined}${html`<i>x</i>`}`)).toBe(
      '<ul><li>1</li><li>2</li></ul><i>x</i>',
    )
  })

  it('keeps markup out of attributes and of titles', () => {
    const inside = html`<b>x</b>`
    expect(() => html`<p title="${inside}"></p>`).toThrow('between tags')
    expect(() => html`<title>${inside}</title>`).toThrow('between tags')
  })

  it.each([
    ['no quotes', () => html`<a href=${shown('/x')}>x</a>`],
    ['an event handler', () => html`<a onclick="${shown('x')}">x</a>`],
    ['a style', () => html`<p style="${shown('x')}">x</p>`],
    ['a srcdoc', () => html`<p srcdoc="${shown('x')}">x</p>`],
    ['a comment', () => html`<!-- ${shown('x')} -->`],
    ['a script', () => html`<script>${shown('x')}</script>`],
    ['a style sheet', () => html`<style>${shown('x')}</style>`],
    ['a tag name', () => html`<${shown('b')}>`],
    ['an attribute name', () => html`<p ${shown('onclick')}="x">`],
    ['a half tag', () => html`<p ${attributes({ id: 'x' })}`],
    ['a quote in a value', () => html`<p title="a b="x">${shown('y')}</p>`],
  ])('refuses a template with %s', (_what, made) => {
    expect(made).toThrow(TypeError)
  })

  it.each([
    'javascript:alert(1)',
    'https://evil.example/',
    '//evil.example',
    '/\\evil.example',
    '/\t/evil.example',
    '/\n/evil.example',
    'data:text/html,x',
    ' /x',
    '',
  ])('refuses the address %j', (address) => {
    expect(() => html`<a href="${shown(address)}">x</a>`).toThrow(/leads away/)
    expect(() => html`<form action="${exposedText(address)}"></form>`).toThrow(/leads away/)
  })

  it('writes local addresses', () => {
    expect(String(html`<a href="/requests/${shown('7?a=b&c')}">x</a>`)).toContain('"/requests/7?a=b&amp;c"')
    expect(String(html`<a href="${shown('#top')}">x</a>`)).toContain('"#top"')
  })

  it('refuses attributes that are programs, and writes those that come and go', () => {
    expect(String(html`<input${attributes({ required: true, hidden: false, id: shown('"x') })}>`)).toBe(
      '<input required id="&quot;x">',
    )
    expect(() => attributes({ onclick: 'x' })).toThrow(TypeError)
    expect(() => attributes({ style: 'x' })).toThrow(TypeError)
    expect(() => attributes({ 'a b': 'x' })).toThrow(TypeError)
    expect(() => html`<p${html`x`}>`).toThrow('only attributes()')
  })

  it('gives forms back what was typed, to the byte', () => {
    expect(String(textArea(attributes({ id: 'a' }), '\n</textarea><b>'))).toBe(
      '<textarea id="a">\n\n&lt;/textarea&gt;&lt;b&gt;</textarea>',
    )
    expect(String(inputField(attributes({ id: 'a' }), '"\u202e'))).toBe('<input id="a" value="&quot;\u202e">')
    expect(String(hiddenField('t', 'a"b'))).toBe('<input type="hidden" name="t" value="a&quot;b">')
    expect(String(html`${exposed('<gh_h_x>')}`)).toBe('&lt;gh_h_x&gt;')
  })

  it('lets no text change how many tags or attributes there are', () => {
    const tags = (markup: string) => markup.match(/[<>"]/g)?.length
    const empty = tags(String(html`<p title="${shown('')}" data-x="${shown('')}">${shown('')}</p>`))
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (raw) => {
        const text = exposedText(raw)
        const made = String(html`<p title="${text}" data-x="${text}">${text}</p>`)
        // The marks of odd characters are the only markup that may come in.
        expect(tags(made.replaceAll(/<mark class="odd">|<\/mark>/g, ''))).toBe(empty)
      }),
      { numRuns: 2_000 },
    )
  })

  it('does not compile with plain strings', () => {
    // @ts-expect-error a string that could be anything
    html`<p>${plain}</p>`
    // @ts-expect-error one put together from such
    html`<p>${`a ${plain}` as const}</p>`
    // @ts-expect-error in an attribute list
    attributes({ title: plain })
    // @ts-expect-error as an identifier
    identifier(plain)
    // @ts-expect-error in part
    part(plain, 1)
    expect(String(html`<p>${'a literal'}</p>`)).toBe('<p>a literal</p>')
  })
})

/** As if it had been sanitised: what the escaping does must not depend on what the sanitizer takes out. */
function exposedText(raw: string) {
  return raw as ReturnType<typeof shown>
}
