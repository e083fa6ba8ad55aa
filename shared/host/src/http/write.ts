import type { ServerResponse } from 'node:http'
import type { Sanitised } from '@gatehouse/sanitizer'

type Headers = Record<string, string>

/** Answers with JSON. This and `writeText` are the host's own ways out, and take nothing unsanitised. */
export function writeJson(
  response: ServerResponse,
  status: number,
  body: Sanitised<unknown>,
  headers: Headers = {},
): void {
  writeBody(response, status, JSON.stringify(body), { 'content-type': 'application/json', ...headers })
}

/** Answers with text. */
export function writeText(
  response: ServerResponse,
  status: number,
  body: Sanitised<string>,
  headers: Headers = {},
): void {
  writeBody(response, status, body, { 'content-type': 'text/plain; charset=utf-8', ...headers })
}

/** For site.ts, which takes `Html` and Sanitised data only. Without a body for a 304. */
export function writeBody(
  response: ServerResponse,
  status: number,
  body: string | undefined,
  headers: Headers,
): void {
  if (response.destroyed) return
  const length = body === undefined ? {} : { 'content-length': Buffer.byteLength(body) }
  response.writeHead(status, { ...headers, ...length }).end(body)
}
