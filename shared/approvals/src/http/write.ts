import type { Sanitised } from '@gatehouse/sanitizer'
import { ASSET_HEADERS, type Asset, type Html, PAGE_HEADERS } from '@gatehouse/web'
import type { ServerResponse } from './message.ts'

type Headers = Record<string, string>

/** Answers with JSON. These functions are the only ways out of this listener and take nothing unsanitised. */
export function writeJson(
  response: ServerResponse,
  status: number,
  body: Sanitised<unknown>,
  headers: Headers = {},
): void {
  const type = { 'content-type': 'application/json', 'cache-control': 'no-store' }
  answer(response, status, JSON.stringify(body), { ...type, ...headers })
}

/** The same for a list. Its entries were sanitised one by one: all at once would hold up everybody else. */
export function writeList(
  response: ServerResponse,
  items: readonly Sanitised<object>[],
  more: Sanitised<Record<string, unknown>>,
): void {
  const type = { 'content-type': 'application/json', 'cache-control': 'no-store' }
  answer(response, 200, JSON.stringify({ items, ...more }), type)
}

/** Answers with a page; `Html` holds only sanitised text and the program's own. */
export function writePage(response: ServerResponse, status: number, page: Html, headers: Headers = {}): void {
  answer(response, status, String(page), { ...PAGE_HEADERS, ...headers })
}

export function writeText(
  response: ServerResponse,
  status: number,
  body: Sanitised<string>,
  headers: Headers = {},
): void {
  const type = { 'content-type': 'text/plain; charset=utf-8', 'cache-control': 'no-store' }
  answer(response, status, body, { ...type, ...headers })
}

export function writeAsset(response: ServerResponse, { type, body }: Asset): void {
  answer(response, 200, body, { ...ASSET_HEADERS, 'content-type': type })
}

/** After a form: the browser reads the page again. `address` is a path of this listener. */
export function seeOther(
  response: ServerResponse,
  address: `/${string}`,
  cookies: readonly string[] = [],
): void {
  if (/^\/[/\\]|[\s\\\p{Cc}]/u.test(address)) throw new TypeError('A redirect stays on this listener')
  if (cookies.length > 0) response.setHeader('set-cookie', cookies)
  answer(response, 303, '', { location: address, 'cache-control': 'no-store' })
}

function answer(response: ServerResponse, status: number, body: string, headers: Headers): void {
  if (response.destroyed) return
  const head = response.req.method === 'HEAD'
  response.writeHead(status, { ...headers, 'content-length': Buffer.byteLength(body) })
  response.end(head ? undefined : body)
}
