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
  write(response, status, JSON.stringify(body), { 'content-type': 'application/json', ...headers })
}

/** Answers with text. */
export function writeText(
  response: ServerResponse,
  status: number,
  body: Sanitised<string>,
  headers: Headers = {},
): void {
  write(response, status, body, { 'content-type': 'text/plain; charset=utf-8', ...headers })
}

function write(response: ServerResponse, status: number, body: string, headers: Headers): void {
  if (response.destroyed) return
  response.writeHead(status, { ...headers, 'content-length': Buffer.byteLength(body) }).end(body)
}
