import type { IncomingMessage, ServerResponse } from 'node:http'
import { GatehouseError } from '@gatehouse/errors'
import type { Sanitizer } from '@gatehouse/sanitizer'
import {
  ASSET_HEADERS,
  type Asset,
  assetAt,
  GUARD_HEADERS,
  type Html,
  type Link,
  PAGE_HEADERS,
} from '@gatehouse/web'
import { healthOf } from '../health.ts'
import type { Hub } from '../hub.ts'
import type { Records } from '../records/records.ts'
import { statusPage } from './status-page.ts'

export interface PagesOptions {
  hub: Hub
  records: Records
  sanitizer: Sanitizer
  problem: () => string | undefined
  /** The other pages of the suite. */
  links: readonly Link[]
  /** Throws where this request shows no valid token. */
  admit: (request: IncomingMessage) => void
}

/** The status page and its files. False: the address is none of theirs. */
export function createPages({ hub, records, sanitizer, problem, links, admit }: PagesOptions) {
  return (request: IncomingMessage, response: ServerResponse, path: string): boolean => {
    const asset = path.startsWith('/assets/') ? assetAt(path) : undefined
    if (asset) {
      writeAsset(response, asset)
      return true
    }
    if (path !== '/') return false
    if (!admitted(request, response, admit)) return true
    const id = new URL(request.url ?? '/', 'http://hub').searchParams.get('id')?.trim()
    const search = id ? { id: id.slice(0, 128), found: records.recent.of(id) } : undefined
    const health = healthOf(hub, problem())
    writePage(
      response,
      statusPage({
        ...{ hub, health, search, sanitizer, links },
        failed: records.recent.failed(),
        now: Date.now(),
      }),
    )
    return true
  }
}

// A browser cannot send a bearer token, but asks for a password: the token, whatever the name.
function admitted(request: IncomingMessage, response: ServerResponse, admit: PagesOptions['admit']): boolean {
  const [, encoded] = /^Basic ([A-Za-z0-9+/=]+)$/i.exec(request.headers.authorization ?? '') ?? []
  if (encoded !== undefined) {
    const password = Buffer.from(encoded, 'base64').toString().split(':').slice(1).join(':')
    request.headers.authorization = `Bearer ${password}`
  }
  try {
    admit(request)
    return true
  } catch (error) {
    if (!(error instanceof GatehouseError) || error.http !== 401) throw error
    response.setHeader(
      'www-authenticate',
      'Basic realm="gatehouse hub: the token as password", charset="UTF-8"',
    )
    response.writeHead(401, { ...GUARD_HEADERS, 'content-length': 0 }).end()
    return false
  }
}

function writePage(response: ServerResponse, page: Html): void {
  const body = String(page)
  response
    .writeHead(200, { ...GUARD_HEADERS, ...PAGE_HEADERS, 'content-length': Buffer.byteLength(body) })
    .end(body)
}

function writeAsset(response: ServerResponse, { type, body }: Asset): void {
  const headers = { ...GUARD_HEADERS, ...ASSET_HEADERS, 'content-type': type }
  response.writeHead(200, { ...headers, 'content-length': Buffer.byteLength(body) }).end(body)
}
