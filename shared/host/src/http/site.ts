import { createHash } from 'node:crypto'
import type { IncomingMessage, ServerResponse } from 'node:http'
import { didYouMean, GatehouseError, nearest } from '@gatehouse/errors'
import type { Sanitised } from '@gatehouse/sanitizer'
import {
  ASSET_HEADERS,
  type Asset,
  assetAt,
  GUARD_HEADERS,
  type Html,
  PAGE_HEADERS,
  type Shown,
} from '@gatehouse/web'
import { writeBody } from './write.ts'

type Format = 'html' | 'json' | 'yaml' | 'markdown'

export interface SiteRequest {
  /** Parts of the path that the route names. */
  params: Readonly<Record<string, string>>
  /** Without `format`. */
  query: URLSearchParams
  format: Format
  /** How the reader calls this server: `http://127.0.0.1:8008`. */
  origin: string
  /** Aborted when the reader leaves. */
  signal: AbortSignal
}

export type SiteAnswer =
  | { html: Html; status?: number }
  | { json: Sanitised<unknown> }
  | { text: Sanitised<string>; type: 'application/yaml' | 'text/markdown' }

/** A page that needs no token and its forms for programs, from the same data. */
export interface SiteRoute {
  /** As express writes it: `/docs/:topic`. */
  path: string
  /** The first is what a program gets that asks for nothing else. */
  formats: readonly [Format, ...Format[]]
  /** About this moment: never kept. */
  fresh?: boolean
  answer(request: SiteRequest): Promise<SiteAnswer> | SiteAnswer
}

export interface Site {
  routes: readonly SiteRoute[]
  errorPage(words: { message: Shown; hint: Shown; correlationId: Shown }): Html
}

/** Answers a request for a page; throws a GatehouseError for a format the route has not. */
export async function answerRoute(
  route: SiteRoute,
  request: IncomingMessage,
  response: ServerResponse,
  params: Record<string, string>,
  signal: AbortSignal,
): Promise<void> {
  const { searchParams: query } = new URL(request.url ?? '/', 'http://site.invalid')
  const format = formatOf(route, request, query)
  query.delete('format')
  const answer = await route.answer({ params, query, format, origin: originOf(request), signal })
  const { body, headers } = written(answer)
  const caching = route.fresh ? 'no-store' : 'no-cache'
  const etag = `"${createHash('sha256').update(body).digest('base64url').slice(0, 22)}"`
  const all = { ...headers, 'cache-control': caching, vary: 'accept', ...(!route.fresh && { etag }) }
  if (!route.fresh && matches(request.headers['if-none-match'], etag)) {
    writeBody(response, 304, undefined, all)
  } else writeBody(response, 'status' in answer ? (answer.status ?? 200) : 200, body, all)
}

/** The style sheet, script or icon at this address. */
export function answerAsset(address: string, response: ServerResponse): void {
  const asset: Asset | undefined = assetAt(address)
  if (!asset) throw new GatehouseError('NOT_FOUND', 'There is no such file', { hint: 'Load the page again' })
  writeBody(response, 200, asset.body, { ...ASSET_HEADERS, ...GUARD_HEADERS, 'content-type': asset.type })
}

/** What a reader sees instead of a page. */
export function answerError(response: ServerResponse, status: number, page: Html): void {
  writeBody(response, status, String(page), { ...PAGE_HEADERS, ...GUARD_HEADERS })
}

/** Whether a page rather than data is asked for: by `format`, else by Accept. Programs that take anything get data. */
export function wantsPage(request: IncomingMessage): boolean {
  const accept = request.headers.accept ?? ''
  const [html, json] = [accept.indexOf('text/html'), accept.indexOf('json')]
  return html >= 0 && (json < 0 || html < json)
}

// Behind a proxy that ends TLS the scheme is the proxy's word.
function originOf({ headers }: IncomingMessage): string {
  const { host = '', 'x-forwarded-proto': scheme } = headers
  const named = /^[A-Za-z0-9.:[\]-]{1,255}$/.test(host) ? host : 'localhost'
  return `${scheme === 'https' ? 'https' : 'http'}://${named}`
}

function formatOf({ formats }: SiteRoute, request: IncomingMessage, query: URLSearchParams): Format {
  const asked = query.getAll('format')
  if (asked.length === 0) {
    const page = formats.includes('html') && wantsPage(request)
    return page ? 'html' : (formats.find((format) => format !== 'html') ?? formats[0])
  }
  const found = formats.find((format) => asked.length === 1 && format === asked[0])
  if (found) return found
  const near = nearest(asked[0] ?? '', formats)
  throw new GatehouseError('INVALID_INPUT', `format: there is no such format here${didYouMean(near)}`, {
    hint: `format is one of ${formats.join(', ')}`,
    data: { nearest: near },
  })
}

function written(answer: SiteAnswer): { body: string; headers: Record<string, string> } {
  if ('html' in answer) return { body: String(answer.html), headers: { ...GUARD_HEADERS, ...PAGE_HEADERS } }
  if ('json' in answer) {
    return { body: JSON.stringify(answer.json), headers: { 'content-type': 'application/json' } }
  }
  return { body: answer.text, headers: { 'content-type': `${answer.type}; charset=utf-8` } }
}

function matches(sent: string | undefined, etag: string): boolean {
  return (
    sent?.split(',').some((one) => one.trim() === '*' || one.trim().replace(/^W\//, '') === etag) ?? false
  )
}
