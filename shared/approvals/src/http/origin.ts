import { GatehouseError } from '@gatehouse/errors'
import type { IncomingMessage } from './message.ts'

const LOOPBACK = ['localhost', '127.0.0.1', '[::1]']

/** Names under which this listener may be addressed: loopback, its own address, that of its public URL, and those given. */
export function servedNames(publicUrl: string, host: string, further: readonly string[] = []): Set<string> {
  const own = host.includes(':') ? `[${host}]` : host
  const names = [...LOOPBACK, own, new URL(publicUrl).hostname, ...further]
  return new Set(
    names.map((name) => name.toLowerCase()).filter((name) => !/^(0\.0\.0\.0|\[::\])$/.test(name)),
  )
}

/**
 * A name in Host that is not ours means that somebody else's name was pointed at this listener.
 * @throws GatehouseError ORIGIN_REFUSED
 */
export function assertHost(request: IncomingMessage, names: ReadonlySet<string>): void {
  const name = /^(\[[0-9a-f:.]+\]|[a-z0-9.-]+)(?::\d{1,5})?$/i.exec(request.headers.host ?? '')?.[1]
  if (name !== undefined && names.has(name.toLowerCase())) return
  throw new GatehouseError('ORIGIN_REFUSED', 'This host name is not served', {
    hint: 'Use the address of APPROVAL_PUBLIC_URL, or localhost on the machine itself',
  })
}

/**
 * For what a browser sends along with a cookie: it must come from a page of this listener, and the browser must say so.
 * @throws GatehouseError ORIGIN_REFUSED
 */
export function assertOwnPage(request: IncomingMessage): void {
  const { origin, host, 'sec-fetch-site': site } = request.headers
  const originIsOurs = origin !== undefined && hostOf(origin) === host?.toLowerCase()
  // Pages that send no Referer send the origin `null` with their forms, so beside `same-origin` it says nothing.
  const silent = origin === undefined || (origin === 'null' && site === 'same-origin')
  const fromHere = site === undefined ? originIsOurs : site === 'same-origin' || site === 'none'
  if (fromHere && (originIsOurs || silent)) return
  throw new GatehouseError('ORIGIN_REFUSED', 'This does not come from a page of this server', {
    hint: 'Open the page again here and repeat what you did; nothing was changed',
  })
}

/** An API is not called from foreign pages: no CORS, and a foreign Origin is refused. @throws GatehouseError ORIGIN_REFUSED */
export function assertNoForeignPage(request: IncomingMessage): void {
  const { origin, host } = request.headers
  if (origin === undefined || hostOf(origin) === host?.toLowerCase()) return
  throw new GatehouseError('ORIGIN_REFUSED', 'This origin is not served')
}

function hostOf(origin: string): string | undefined {
  return URL.parse(origin)?.host.toLowerCase()
}
