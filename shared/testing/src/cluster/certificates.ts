import {
  createHash,
  createPrivateKey,
  createPublicKey,
  generateKeyPairSync,
  type KeyObject,
  randomBytes,
  sign,
} from 'node:crypto'
import { isIP } from 'node:net'
import { bits, der, integer, octets, oid, sequence, set, text, truth, utcTime } from './der.ts'

/** A certificate with its key, both PEM, and what signing with it needs. */
export type Certificate = { cert: string; key: string; subject: Buffer; keyId: Buffer; privateKey: KeyObject }

/** Who the certificate names. In a client certificate Kubernetes reads user and groups from it. */
export type Subject = { user: string; groups?: string[] }

const DAY = 86_400_000
const ECDSA_WITH_SHA256 = sequence(oid('1.2.840.10045.4.3.2'))

const AUTHORITY = { user: 'gatehouse-test-ca' }

/** A certificate authority of its own for every cluster, so no cluster trusts another one's users. */
export function createAuthority(): Certificate {
  const subject = nameOf(AUTHORITY)
  const usage = bits(Buffer.from([0x06]), 1) // keyCertSign, cRLSign
  return issue(subject, undefined, [
    extension('2.5.29.19', sequence(truth()), true),
    extension('2.5.29.15', usage, true),
  ])
}

/** The authority again from its two files: test processes other than the one that started the cluster sign too. */
export function readAuthority(cert: string, key: string): Certificate {
  const privateKey = createPrivateKey(key)
  const spki = createPublicKey(privateKey).export({ type: 'spki', format: 'der' })
  return {
    cert,
    key,
    subject: nameOf(AUTHORITY),
    keyId: createHash('sha1').update(spki).digest(),
    privateKey,
  }
}

/** A client certificate: `user` and `groups` are what RBAC sees. */
export function clientCertificate(authority: Certificate, subject: Subject): Certificate {
  return issue(nameOf(subject), authority, leafExtensions('1.3.6.1.5.5.7.3.2'))
}

/** A serving certificate for the given host names and addresses. */
export function serverCertificate(authority: Certificate, user: string, hosts: string[]): Certificate {
  const names = extension('2.5.29.17', sequence(...hosts.map(alternativeName)))
  return issue(nameOf({ user }), authority, [...leafExtensions('1.3.6.1.5.5.7.3.1'), names])
}

/** The key pair that signs service account tokens. The API server wants RSA or ECDSA in PEM. */
export function serviceAccountKeys(): { key: string; pub: string } {
  const pair = generateKeyPairSync('rsa', { modulusLength: 2048 })
  return {
    key: pair.privateKey.export({ type: 'pkcs8', format: 'pem' }).toString(),
    pub: pair.publicKey.export({ type: 'spki', format: 'pem' }).toString(),
  }
}

function issue(subject: Buffer, authority: Certificate | undefined, extensions: Buffer[]): Certificate {
  const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' })
  const spki = publicKey.export({ type: 'spki', format: 'der' })
  const keyId = createHash('sha1').update(spki).digest()
  // Strict verifiers want both key identifiers, the authority's own included.
  const identifiers = [
    extension('2.5.29.14', octets(keyId)),
    extension('2.5.29.35', sequence(der(0x80, authority?.keyId ?? keyId))),
  ]
  // A day back, so that a container whose clock is behind still accepts it.
  const validity = sequence(utcTime(new Date(Date.now() - DAY)), utcTime(new Date(Date.now() + 365 * DAY)))
  const body = sequence(
    der(0xa0, integer(Buffer.from([2]))),
    integer(Buffer.concat([Buffer.from([0x40]), randomBytes(15)])),
    ECDSA_WITH_SHA256,
    authority?.subject ?? subject,
    validity,
    subject,
    spki,
    der(0xa3, sequence(...extensions, ...identifiers)),
  )
  const signature = sign('sha256', body, authority?.privateKey ?? privateKey)
  return {
    cert: pem('CERTIFICATE', sequence(body, ECDSA_WITH_SHA256, bits(signature))),
    key: privateKey.export({ type: 'pkcs8', format: 'pem' }).toString(),
    subject,
    keyId,
    privateKey,
  }
}

function nameOf({ user, groups = [] }: Subject): Buffer {
  const part = (id: string, value: string): Buffer => set(sequence(oid(id), text(value)))
  return sequence(...groups.map((group) => part('2.5.4.10', group)), part('2.5.4.3', user))
}

function leafExtensions(purpose: string): Buffer[] {
  return [
    extension('2.5.29.15', bits(Buffer.from([0x80]), 7), true),
    extension('2.5.29.37', sequence(oid(purpose))),
  ]
}

function extension(id: string, value: Buffer, critical = false): Buffer {
  return critical ? sequence(oid(id), truth(), octets(value)) : sequence(oid(id), octets(value))
}

function alternativeName(host: string): Buffer {
  if (isIP(host) === 4) return der(0x87, Buffer.from(host.split('.').map(Number)))
  if (isIP(host) === 6) return der(0x87, ipv6(host))
  return der(0x82, Buffer.from(host))
}

function ipv6(address: string): Buffer {
  const [head = '', tail] = address.split('::')
  const words = (part: string): number[] =>
    part
      .split(':')
      .filter(Boolean)
      .map((word) => Number.parseInt(word, 16))
  const front = words(head)
  const back = words(tail ?? '')
  const all =
    tail === undefined ? front : [...front, ...Array(8 - front.length - back.length).fill(0), ...back]
  return Buffer.from(all.flatMap((word: number) => [word >> 8, word & 0xff]))
}

function pem(label: string, content: Buffer): string {
  const lines = content.toString('base64').match(/.{1,64}/g) ?? []
  return `-----BEGIN ${label}-----\n${lines.join('\n')}\n-----END ${label}-----\n`
}
