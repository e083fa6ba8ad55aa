import { createHash } from 'node:crypto'

/** SHA-256 of PEM certificates, however they are wrapped, as 32 hex characters. */
export function fingerprint(pem: Buffer): string {
  const plain = pem.toString('latin1').replace(/\s+/g, '')
  return createHash('sha256').update(plain).digest('hex').slice(0, 32)
}
