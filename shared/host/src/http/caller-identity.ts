import { createHmac, timingSafeEqual } from 'node:crypto'
import { GatehouseError } from '@gatehouse/errors'

/** The header in which the hub tells a server on whose behalf it calls. */
export const CALLER_HEADER = 'x-gatehouse-caller'

const FRESH_MS = 60_000
const NAME = /^[A-Za-z0-9][A-Za-z0-9._:-]{0,99}$/

/**
 * `name;time;signature`: a caller's name, when it was said (milliseconds since 1970, base 36), and an HMAC-SHA256 over
 * both and the correlation id with the key that hub and server share.
 */
export function signCaller(name: string, correlationId: string, key: string, now = Date.now()): string {
  const time = now.toString(36)
  return `${name};${time};${signature(name, time, correlationId, key)}`
}

/** The name, where the signature is by `key`, for this request and at most a minute old; else UNAUTHENTICATED. */
export function verifyCaller(header: string, correlationId: string, key: string, now = Date.now()): string {
  const [name = '', time = '', given = '', ...more] = header.split(';')
  const age = Math.abs(now - Number.parseInt(time, 36))
  const expected = Buffer.from(signature(name, time, correlationId, key))
  const same = given.length === expected.length && timingSafeEqual(Buffer.from(given), expected)
  if (same && more.length === 0 && NAME.test(name) && age <= FRESH_MS) return name
  throw new GatehouseError('UNAUTHENTICATED', 'The signature of the hub is not valid here', {
    hint: 'Give hub and server the same HUB_KEY, and compare their clocks',
  })
}

function signature(name: string, time: string, correlationId: string, key: string): string {
  return createHmac('sha256', key).update(`${name};${time};${correlationId}`).digest('base64url')
}
