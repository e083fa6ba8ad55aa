import { createHash, timingSafeEqual } from 'node:crypto'
import type { IncomingMessage } from 'node:http'
import { GatehouseError } from '@gatehouse/errors'
import {
  localhostAllowedHostnames,
  localhostAllowedOrigins,
  validateHostHeader,
  validateOriginHeader,
} from '@modelcontextprotocol/server'

export interface GuardOptions {
  /** MCP_TOKEN. Without it only loopback clients are served. */
  token: string | undefined
  /** The address listened on. */
  host: string
}

/** Refuses what no page and no stranger may do; throws GatehouseError. Order: host, origin, then who calls. */
export function createGuards({ token, host }: GuardOptions) {
  const expected = token === undefined ? undefined : digest(token)
  const local = localhostAllowedHostnames()
  // Whoever listens beyond loopback is called by names we cannot know; there the token protects.
  const anyHost = token !== undefined && !isLoopback(host)
  return {
    /** For every request: a name in Host that is not ours means DNS rebinding, a foreign Origin a foreign page. */
    address(request: IncomingMessage): void {
      const named = request.headers.host
      if (!anyHost && !validateHostHeader(named, [...local, host]).ok) {
        throw new GatehouseError('ORIGIN_REFUSED', 'This host name is not served')
      }
      const origin = request.headers.origin
      const own = named === undefined ? [] : [hostnameOf(named)]
      if (origin !== undefined && !validateOriginHeader(origin, [...localhostAllowedOrigins(), ...own]).ok) {
        throw new GatehouseError('ORIGIN_REFUSED', 'This origin is not served')
      }
    },
    /** For calls: the bearer where one is set, else loopback. Returns the caller's name for the log. */
    caller(request: IncomingMessage): string {
      if (expected) {
        const sent = /^Bearer (\S+)$/i.exec(request.headers.authorization ?? '')?.[1]
        if (sent !== undefined && timingSafeEqual(digest(sent), expected)) return 'mcp-token'
        throw new GatehouseError(
          'UNAUTHENTICATED',
          sent === undefined ? undefined : 'The bearer token is not valid',
        )
      }
      if (isLoopback(request.socket.remoteAddress ?? '')) return 'loopback'
      throw new GatehouseError('UNAUTHENTICATED', 'Without MCP_TOKEN only this machine is served', {
        hint: 'Set MCP_TOKEN (32 characters or more) and send it as a bearer token',
      })
    },
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
