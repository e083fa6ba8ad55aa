import type { Sanitised } from '@gatehouse/sanitizer'
import { anchored, codeBlock, type Html, html, nothing, type Shown, table } from '@gatehouse/web'
import { lexer, type MarkedToken, type Token, type Tokens } from 'marked'
import { toolCall } from './tool-call.ts'

type Sanitise = (text: string) => Sanitised<string>

/** The Markdown that topics are written in, as parts of a page; what is no part of it (HTML, images) becomes text. */
export function rendered(markdown: string, sanitise: Sanitise): Html[] {
  return blocks(lexer(markdown), sanitise)
}

/** The address of a heading within its page. */
export function slug(heading: string): string {
  return heading
    .toLowerCase()
    .replaceAll(/[^a-z0-9]+/g, '-')
    .replaceAll(/^-|-$/g, '')
}

function blocks(tokens: readonly Token[], sanitise: Sanitise): Html[] {
  return (tokens as MarkedToken[]).map((token) => block(token, sanitise))
}

function block(token: MarkedToken, sanitise: Sanitise): Html {
  switch (token.type) {
    case 'space':
    case 'hr':
    case 'def':
      return nothing
    case 'heading':
      return anchored(
        sanitise(slug(token.text)),
        html`${inline(token.tokens, sanitise)}`,
        token.depth > 2 ? 3 : 2,
      )
    case 'paragraph':
      return html`<p>${inline(token.tokens, sanitise)}</p>`
    case 'text':
      return html`${token.tokens ? inline(token.tokens, sanitise) : [html`${sanitise(token.text)}`]}`
    case 'code':
      return code(token, sanitise)
    case 'blockquote':
      return html`<blockquote>${blocks(token.tokens, sanitise)}</blockquote>`
    case 'list': {
      const items = token.items.map((item) => html`<li>${blocks(item.tokens, sanitise)}</li>`)
      return token.ordered ? html`<ol>${items}</ol>` : html`<ul>${items}</ul>`
    }
    case 'table':
      return rows(token, sanitise)
    default:
      return html`<p>${sanitise(token.raw)}</p>`
  }
}

function rows({ header, rows: body }: Tokens.Table, sanitise: Sanitise): Html {
  const columns = header.map((cell) => ({ head: sanitise(cell.text), labelled: true }))
  return table(
    columns,
    body.map((cells) => cells.map((cell) => html`${inline(cell.tokens, sanitise)}`)),
  )
}

function code({ lang = '', text }: Tokens.Code, sanitise: Sanitise): Html {
  const [language = '', tool = ''] = lang.split(' ')
  if (language === 'tool') return toolCall(sanitise(tool), sanitise(text))
  return codeBlock(sanitise(text), language ? html`${sanitise(language)}` : nothing)
}

function inline(tokens: readonly Token[] = [], sanitise: Sanitise): Html[] {
  return (tokens as MarkedToken[]).map((token) => {
    switch (token.type) {
      case 'strong':
        return html`<strong>${inline(token.tokens, sanitise)}</strong>`
      case 'em':
        return html`<em>${inline(token.tokens, sanitise)}</em>`
      case 'codespan':
        return html`<code>${sanitise(token.text)}</code>`
      case 'br':
        return html`<br>`
      case 'link':
        return link(token, sanitise)
      case 'escape':
        return html`${sanitise(token.text)}`
      case 'text':
        return token.tokens ? html`${inline(token.tokens, sanitise)}` : html`${sanitise(token.text)}`
      default:
        return html`${sanitise(token.raw)}`
    }
  })
}

// Links of topics stay on this site; docs-check says so to whoever writes another one.
function link({ href, tokens }: Tokens.Link, sanitise: Sanitise): Html {
  const text = inline(tokens, sanitise)
  const local: Shown | undefined = /^(\/(?!\/)|#)[^\s\\]*$/.test(href) ? sanitise(href) : undefined
  return local === undefined ? html`${text}` : html`<a href="${local}">${text}</a>`
}
