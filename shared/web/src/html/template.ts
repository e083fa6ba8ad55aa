/** Where a value stands in a template, which decides how it is written. */
export type Place =
  | { kind: 'text' }
  /** Title and textarea: text without markup; `raw` must come back from the browser as it is. */
  | { kind: 'plain'; raw: boolean }
  | { kind: 'attribute'; name: string; first: boolean }
  | { kind: 'tag' }

const PLAIN = new Set(['title', 'textarea'])
const REFUSED = new Set(['script', 'style', 'iframe', 'object', 'embed', 'base', 'svg', 'math', 'noscript'])

interface State {
  at: 'text' | 'tag' | 'value'
  element: string
  attribute: string
  /** Characters of the value so far. */
  length: number
  inside: string
}

/**
 * Finds the place of each value from the literal parts alone, once per template. Throws where a value could become
 * markup or program: unquoted attributes, event handlers, comments, script and style.
 */
export function placesOf(strings: readonly string[]): Place[] {
  const state: State = { at: 'text', element: '', attribute: '', length: 0, inside: '' }
  return strings.map((text, index) => {
    read(text, state)
    if (index === strings.length - 1) {
      if (state.at !== 'text') throw wrong('ends inside a tag', text)
      return { kind: 'text' }
    }
    return placeOf(state, text)
  })
}

function placeOf(state: State, text: string): Place {
  if (state.at === 'tag') {
    if (/=\s*$/.test(text)) throw wrong('has a value in an attribute without quotes', text)
    return { kind: 'tag' }
  }
  if (state.at === 'value') {
    const first = state.length === 0
    state.length++
    return { kind: 'attribute', name: state.attribute, first }
  }
  if (PLAIN.has(state.inside)) return { kind: 'plain', raw: state.inside === 'textarea' }
  return { kind: 'text' }
}

const TOKEN = /<!doctype html>|<!|<\/?([a-z][a-z0-9]*)|<|>|([a-z-]+)="|"|[^<>"]/gi

function read(text: string, state: State): void {
  for (const match of text.matchAll(TOKEN)) step(match, state, text)
}

function step([token, element, attribute]: RegExpMatchArray, state: State, text: string): void {
  if (state.at === 'value') {
    if (token === '"') state.at = 'tag'
    else if (token.endsWith('"')) throw wrong('has a quote inside a value', text)
    else state.length += token.length
    return
  }
  if (state.at === 'text') {
    if (token === '<!' || token === '<') throw wrong('has a comment or a bare <', text)
    if (element !== undefined) openTag(token, element.toLowerCase(), state, text)
    return
  }
  if (token === '>') {
    state.at = 'text'
  } else if (attribute !== undefined) {
    if (/^on|^style$|^srcdoc$/i.test(attribute)) throw wrong(`has the attribute ${attribute}`, text)
    Object.assign(state, { at: 'value', attribute: attribute.toLowerCase(), length: 0 })
  } else if (token === '"' || token.startsWith('<')) {
    throw wrong('is not well formed', text)
  }
}

function openTag(token: string, element: string, state: State, text: string): void {
  const closing = token.startsWith('</')
  // The shell's script and style sheet are files, named in attributes.
  if (REFUSED.has(element) && element !== 'script') throw wrong(`has the element ${element}`, text)
  if (element === 'script' && !closing && !/<script src="/i.test(text)) throw wrong('has a script', text)
  state.at = 'tag'
  state.element = element
  state.inside = closing ? '' : element
}

function wrong(what: string, text: string): TypeError {
  return new TypeError(`This template ${what}: ${text.trim().slice(-60)}`)
}
