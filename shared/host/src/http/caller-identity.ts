import { createHash, createHmac, timingSafeEqual } from 'node:crypto'
import { GatehouseError } from '@gatehouse/errors'

/** The header in which the hub tells a server on whose behalf it calls. */
export const CALLER_HEADER = 'x-gatehouse-caller'

const FRESH_MS = 60_000
const NAME = /^[A-Za-z0-9][A-Za-z0-9._:-]{0,99}$/

/** Which request it is, so that a signature is of use for no other. */
export interface SignedRequest {
  correlationId: string
  /** The server's id in hub.yaml: one server must not be able to speak for the hub to another. */
  server: string
}

/** What a signature says. */
export interface SignedCaller {
  name: string
  /** Throws UNAUTHENTICATED for any other body than the signed one. */
  seal(body: Buffer): void
}

/**
 * `name;time;digest;signature`: a caller's name, when it was said (milliseconds since 1970, base 36), the SHA-256 of the
 * body, and an HMAC-SHA256 over all of it, the correlation id and the server's id, with the key that hub and server share.
 */
export function signCaller(
  name: string,
  request: SignedRequest & { body: string },
  key: string,
  now = Date.now(),
): string {
  const said = `${name};${now.toString(36)};${digestOf(request.body)}`
  return `${said};${signature(said, request, key)}`
}

/** Who calls, where the signature is by `key`, for this request and at most a minute old; else UNAUTHENTICATED. */
export function verifyCaller(
  header: string,
  request: SignedRequest,
  key: string,
  now = Date.now(),
): SignedCaller {
  const [name = '', time = '', body = '', given = '', ...more] = header.split(';')
  const age = Math.abs(now - Number.parseInt(time, 36))
  const same = equal(given, signature(`${name};${time};${body}`, request, key))
  if (!same || more.length > 0 || !NAME.test(name) || !(age <= FRESH_MS)) throw notSigned()
  return {
    name,
    seal: (arrived) => {
      if (!equal(body, digestOf(arrived))) throw notSigned()
    },
  }
}

/** What is thrown where the hub did not sign what came. */
export function notSigned(): GatehouseError {
  return new GatehouseError('UNAUTHENTICATED', 'The signature of the hub is not valid here', {
    hint: 'Give hub and server the same HUB_KEY, the server its id in hub.yaml as HUB_SERVER_ID, and compare their clocks',
  })
}

function signature(said: string, { correlationId, server }: SignedRequest, key: string): string {
  return createHmac('sha256', key).update(`${said};${server};${correlationId}`).digest('base64url')
}

function digestOf(body: string | Buffer): string {
  return createHash('sha256').update(body).digest('base64url')
}

function equal(given: string, expected: string): boolean {
  const [a, b] = [Buffer.from(given), Buffer.from(expected)]
  return a.length === b.length && timingSafeEqual(a, b)
}
