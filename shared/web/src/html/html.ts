import type { Sanitised } from '@gatehouse/sanitizer'
import { pieces, plainly } from './odd-characters.ts'
import { type Place, placesOf } from './template.ts'

/** Markup. Made by `html` only, so whatever is one may stand in a page as it is. */
class Markup {
  readonly #text: string
  constructor(text: string) {
    this.#text = text
  }
  toString(): string {
    return this.#text
  }
}

class AttributeList {
  readonly #text: string
  constructor(text: string) {
    this.#text = text
  }
  toString(): string {
    return this.#text
  }
}

export type Html = Markup
export type Attributes = AttributeList

/** Text of the program itself or text that went through the sanitizer: any string type but plain `string`. */
export type Shown = Sanitised<string>
type Fill = Html | Attributes | number | string | false | null | undefined | readonly Html[]
// A string put together at run time could be anything; literals stand in the source, Sanitised passed the sanitizer.
type Showable<T> = T extends Shown ? T : T extends string ? (Literal<T> extends true ? T : never) : T
type Literal<T extends string> = Record<never, never> extends Record<T, 1> ? false : true

const places = new WeakMap<TemplateStringsArray, Place[]>()

/**
 * Markup from a literal template. Every value is escaped for the place it stands in, hidden and posing characters
 * are made visible, and plain `string`s do not compile: sanitise them first.
 * @throws TypeError for a template in which a value could become markup, and for an address that leaves this site
 */
export function html<const F extends readonly Fill[]>(
  strings: TemplateStringsArray,
  ...fills: F & { [K in keyof F]: Showable<F[K]> }
): Html {
  const where = places.get(strings) ?? placesOf(strings)
  places.set(strings, where)
  let text = strings[0] ?? ''
  for (const [index, fill] of (fills as readonly Fill[]).entries()) {
    text += written(fill, where[index] ?? { kind: 'text' }) + (strings[index + 1] ?? '')
  }
  return new Markup(text)
}

/** Attributes that come and go: `true` writes the bare name, `false` and `undefined` nothing. */
export function attributes<const T extends Record<string, string | number | boolean | undefined>>(
  list: T & { [K in keyof T]: Showable<T[K]> },
): Attributes {
  const parts = Object.entries(list).map(([name, value]) => {
    if (!/^[a-z][a-z-]*$/.test(name) || /^on|^style$|^srcdoc$/.test(name)) {
      throw new TypeError(`No attribute may be called ${name}`)
    }
    if (value === undefined || value === false) return ''
    if (value === true) return ` ${name}`
    return ` ${name}="${attributeValue(String(value), name, true)}"`
  })
  return new AttributeList(parts.join(''))
}

/**
 * The address of a link that leaves this listener: another server of the suite, as a setting names it. Never what a
 * caller or a cluster wrote.
 * @throws TypeError for anything but plain HTTP, and for an address with credentials
 */
export function linkAway(address: URL): AttributeList {
  if (!/^https?:$/.test(address.protocol) || address.username || address.password) {
    throw new TypeError('A link leads to plain HTTP, without credentials')
  }
  return new AttributeList(` href="${escaped(address.href)}"`)
}

/** Kubernetes names, ids and commands: everything outside ASCII stands out. */
export function identifier(text: Shown): Html {
  return new Markup(marked(text, true))
}

/** Part of an id or a digest, from `start` up to `end`, so that it can be compared by eye. */
export function part(text: Shown, start: number, end?: number): Html {
  return new Markup(marked(text.slice(start, end), true))
}

/** A value that belongs to the reader alone and no sanitizer may touch: form tokens, a new token shown once. */
export function exposed(text: string): Html {
  return new Markup(escaped(text))
}

/** A hidden form field whose value comes back exactly as it is given. */
export function hiddenField(name: string, value: string): Html {
  return new Markup(`<input type="hidden" name="${escaped(name)}" value="${escaped(value)}">`)
}

/** A text area with what the reader typed or followed a link with; it comes back exactly as it is given. */
export function textArea(list: Attributes, value = ''): Html {
  // A parser drops the first line break, so there is one to drop.
  return new Markup(`<textarea${String(list)}>\n${escaped(value)}</textarea>`)
}

/** A field whose value comes back exactly as it is given. */
export function inputField(list: Attributes, value: string): Html {
  return new Markup(`<input${String(list)} value="${escaped(value)}">`)
}

export const nothing: Html = new Markup('')

function written(fill: Fill, place: Place): string {
  if (place.kind === 'tag') {
    if (fill instanceof AttributeList) return String(fill)
    if (fill === false || fill === null || fill === undefined) return ''
    throw new TypeError('Inside a tag only attributes() may stand')
  }
  if (Array.isArray(fill)) return (fill as readonly Html[]).map((one) => written(one, place)).join('')
  if (fill === false || fill === null || fill === undefined) return ''
  if (fill instanceof Markup) {
    if (place.kind !== 'text') throw new TypeError('Markup may stand between tags only')
    return String(fill)
  }
  if (typeof fill !== 'string' && typeof fill !== 'number') throw new TypeError('This is no text')
  const text = String(fill)
  if (place.kind === 'attribute') return attributeValue(text, place.name, place.first)
  if (place.kind === 'plain') return escaped(place.raw ? text : plainly(text))
  return marked(text, false)
}

const ADDRESSES = new Set(['href', 'src', 'action', 'formaction'])
const READ_OUT = new Set(['title', 'alt', 'placeholder'])

function attributeValue(text: string, name: string, first: boolean): string {
  // What a browser drops from an address (tabs, line breaks) must not turn /x into //x.
  if (ADDRESSES.has(name) && first && !/^(\/(?![/\\])|[?#])[^\s\\\p{Cc}]*$/u.test(text)) {
    throw new TypeError(`${name} leads away from this site`)
  }
  return escaped(READ_OUT.has(name) || name.startsWith('aria-') ? plainly(text) : text)
}

function marked(text: string, asIdentifier: boolean): string {
  return pieces(text, asIdentifier)
    .map((piece) => (piece.odd ? `<mark class="odd">${escaped(piece.text)}</mark>` : escaped(piece.text)))
    .join('')
}

const ESCAPES: Record<string, string> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
  '`': '&#96;',
}

function escaped(text: string): string {
  return text.replace(/[&<>"'`]/g, (character) => ESCAPES[character] ?? '')
}
