import { createHash, timingSafeEqual } from 'node:crypto'
import type { IncomingMessage } from 'node:http'
import { GatehouseError } from '@gatehouse/errors'
import {
  localhostAllowedHostnames,
  localhostAllowedOrigins,
  validateHostHeader,
  validateOriginHeader,
} from '@modelcontextprotocol/server'
import { CALLER_HEADER, notSigned, type SignedCaller, verifyCaller } from './caller-identity.ts'

export interface GuardOptions {
  /** MCP_TOKEN. Without it only loopback clients are served. */
  token: string | undefined
  /** The address listened on. */
  host: string
  /** Further tokens and whose they are, where there are any; then nobody is served without one. */
  named?: { any(): boolean; find(token: string): string | undefined }
  /** The hub says who calls, signed with this key for the server of this id; `only`: nobody else is served. */
  hub?: { key: string; only: boolean; server: string } | undefined
}

/** Refuses what no page and no stranger may do; throws GatehouseError. Order: host, origin, then who calls. */
export function createGuards({ token, host, named, hub }: GuardOptions) {
  const expected = token === undefined ? undefined : digest(token)
  const local = localhostAllowedHostnames()
  // Whoever listens beyond loopback is called by names we cannot know; there the token protects.
  const guarded = () => expected !== undefined || named?.any() === true
  const anyHost = () => guarded() && !isLoopback(host)
  const holderOf = (request: IncomingMessage): string => {
    if (guarded()) {
      const sent = /^Bearer (\S+)$/i.exec(request.headers.authorization ?? '')?.[1]
      if (sent !== undefined && expected && timingSafeEqual(digest(sent), expected)) return 'mcp-token'
      const name = sent === undefined ? undefined : named?.find(sent)
      if (name !== undefined) return name
      throw new GatehouseError(
        'UNAUTHENTICATED',
        sent === undefined ? undefined : 'The bearer token is not valid',
      )
    }
    if (isLoopback(request.socket.remoteAddress ?? '')) return 'loopback'
    throw new GatehouseError('UNAUTHENTICATED', 'Without MCP_TOKEN only this machine is served', {
      hint: 'Set MCP_TOKEN (32 characters or more) and send it as a bearer token',
    })
  }
  const directly = (request: IncomingMessage): string => {
    const holder = holderOf(request)
    if (hub && request.headers[CALLER_HEADER] !== undefined) throw notSigned()
    if (!hub?.only) return holder
    throw new GatehouseError('UNAUTHENTICATED', 'Only the hub is served here', {
      hint: 'Call this tool through the hub, or unset HUB_ONLY',
    })
  }
  return {
    /** For every request: a name in Host that is not ours means DNS rebinding, a foreign Origin a foreign page. */
    address(request: IncomingMessage): void {
      const given = request.headers.host
      if (!anyHost() && !validateHostHeader(given, [...local, host]).ok) {
        throw new GatehouseError('ORIGIN_REFUSED', 'This host name is not served')
      }
      const origin = request.headers.origin
      const own = given === undefined ? [] : [hostnameOf(given)]
      if (origin !== undefined && !validateOriginHeader(origin, [...localhostAllowedOrigins(), ...own]).ok) {
        throw new GatehouseError('ORIGIN_REFUSED', 'This origin is not served')
      }
    },
    /** For calls: who holds the bearer where one is set, else loopback. */
    caller: directly,
    /** For MCP, the hub's only door: as above, or whom it signed for; then the body must be the signed one. */
    mcpCaller(request: IncomingMessage): SignedCaller {
      const signed = request.headers[CALLER_HEADER]
      if (!hub || typeof signed !== 'string') return { name: directly(request), seal: () => {} }
      holderOf(request)
      // The hub posts; whatever has no body would not be sealed.
      if (request.method !== 'POST') throw notSigned()
      const correlationId = String(request.headers['x-correlation-id'])
      return verifyCaller(signed, { correlationId, server: hub.server }, hub.key)
    },
    /** For what is about this process and not for the hub to ask: the bearer alone. */
    holder: holderOf,
  }
}

function digest(value: string): Buffer {
  return createHash('sha256').update(value).digest()
}

function isLoopback(address: string): boolean {
  return address === 'localhost' || address === '::1' || /^(::ffff:)?127\./.test(address)
}

function hostnameOf(host: string): string {
  return host.replace(/:\d+$/, '')
}
