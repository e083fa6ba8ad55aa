import { hash, randomBytes, timingSafeEqual } from 'node:crypto'
import { crc32 } from 'node:zlib'
import type { Principal } from './principal.ts'

const LETTER = { human: 'h', agent: 'a', service: 's' } as const

/** A new token: `gh_`, the kind, 256 random bits, and a checksum by which sanitizers and people recognise it. */
export function makeToken(kind: Principal['kind']): string {
  const body = `gh_${LETTER[kind]}_${randomBytes(32).toString('base64url')}`
  return `${body}${checksum(body)}`
}

/** Whether a text has the form of our tokens and was copied whole; says nothing about its validity. */
export function isWellFormedToken(token: string): boolean {
  if (!/^gh_[has]_[A-Za-z0-9_-]{51}$/.test(token)) return false
  return token.endsWith(checksum(token.slice(0, -8)))
}

/** What is stored of a token or a session. */
export function hashOfSecret(secret: string): string {
  return hash('sha256', `gatehouse/secret/1\n${secret}`, 'hex')
}

export function sameHash(a: string, b: string): boolean {
  return a.length === b.length && timingSafeEqual(Buffer.from(a), Buffer.from(b))
}

function checksum(body: string): string {
  return crc32(body).toString(16).padStart(8, '0')
}
