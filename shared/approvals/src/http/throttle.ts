import { GatehouseError } from '@gatehouse/errors'
import type { IncomingMessage } from './message.ts'

export interface Throttle {
  /** @throws GatehouseError RATE_LIMITED after too many failures from this address */
  assertFree(request: IncomingMessage): void
  failed(request: IncomingMessage): void
}

const MOST_FAILURES = 10
const WINDOW_MS = 5 * 60_000
const MOST_ADDRESSES = 10_000

/** Slows down whoever guesses tokens: ten failures in five minutes, per address. */
export function createThrottle(now: () => number = Date.now): Throttle {
  const failures = new Map<string, { count: number; since: number }>()
  const current = (address: string) => {
    const entry = failures.get(address)
    if (entry && now() - entry.since < WINDOW_MS) return entry
    failures.delete(address)
    return undefined
  }
  return {
    assertFree(request) {
      const entry = current(networkOf(request))
      if (!entry || entry.count < MOST_FAILURES) return
      const seconds = Math.ceil((WINDOW_MS - (now() - entry.since)) / 1000)
      throw new GatehouseError('RATE_LIMITED', 'Too many failed logins from this address', {
        hint: `Wait ${seconds} seconds`,
        data: { retryAfterSeconds: seconds },
      })
    },
    failed(request) {
      const address = networkOf(request)
      const entry = current(address) ?? { count: 0, since: now() }
      entry.count++
      failures.set(address, entry)
      const oldest = failures.keys().next().value
      if (failures.size > MOST_ADDRESSES && oldest !== undefined) failures.delete(oldest)
    },
  }
}

// Who owns one IPv6 address owns its /64.
function networkOf(request: IncomingMessage): string {
  const address = request.socket.remoteAddress ?? ''
  return address.includes(':') && !address.includes('.') ? address.split(':').slice(0, 4).join(':') : address
}
