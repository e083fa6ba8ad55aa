import type { Planted, TextClass } from '../planted.ts'
import { ALNUM, type Random } from '../random.ts'

// How the DER of each kind begins, in base64; the rest is random.
const KINDS: readonly [label: string, beginning: string, bytes: number, column: number, head?: string][] = [
  ['PRIVATE KEY', 'MIIEvgIBADANBgkqhkiG9w0BAQEFAASCBKgwggSkAgEAAoIBAQ', 420, 64],
  ['RSA PRIVATE KEY', 'MIIEpAIBAAKCAQEA', 400, 64],
  ['PRIVATE KEY', 'MC4CAQAwBQYDK2VwBCIEI', 33, 64],
  ['EC PRIVATE KEY', 'MHcCAQEEI', 112, 64],
  ['PRIVATE KEY', 'MIGHAgEAMBMGByqGSM49AgEGCCqGSM49AwEHBG0wawIBAQQg', 100, 64],
  ['OPENSSH PRIVATE KEY', 'b3BlbnNzaC1rZXktdjEAAAAABG5vbmUAAAAEbm9uZQAAAAAAAAABAAAA', 250, 70],
  ['ENCRYPTED PRIVATE KEY', 'MIIFHDBOBgkqhkiG9w0BBQ0wQTApBgkqhkiG9w0BBQwwHAQI', 350, 64],
  ['RSA PRIVATE KEY', 'MIIEpAIBAAKCAQEA', 300, 64, 'Proc-Type: 4,ENCRYPTED\nDEK-Info: AES-128-CBC,2A0F\n\n'],
  ['PGP PRIVATE KEY BLOCK', 'lQOYBGZ', 300, 64, 'Version: GnuPG v2\n\n'],
]

function key(random: Random): Planted {
  const [label, beginning, bytes, column, head = ''] = random.pick(KINDS)
  const body =
    beginning + random.string(`${ALNUM}${ALNUM}+/`, Math.ceil(bytes / 3) * 4 - (beginning.length % 4))
  const rows = body.match(new RegExp(`.{1,${column}}`, 'g')) ?? []
  return {
    text: `-----BEGIN ${label}-----\n${head}${rows.join('\n')}\n-----END ${label}-----`,
    secrets: rows,
    lines: true,
  }
}

export const privateKey: TextClass = { name: 'private key', claimed: true, plant: key }

/** A key printed by a program whose every line carries a time, as `kubectl logs --timestamps` shows it. */
export const prefixedKey: TextClass = {
  name: 'private key behind log prefixes',
  claimed: true,
  plant(random) {
    const { text, secrets } = key(random)
    const prefix = random.pick([
      (n: number) => `2026-11-21T10:00:0${n % 10}.${100_000_000 + n * 7}Z `,
      () => 'app-1  | ',
      () => '[pod/web-7d9f8b6c5d-x2x4z/app] ',
    ])
    const prefixed = text.split('\n').map((line, n) => prefix(n) + line)
    return { text: prefixed.join('\n'), secrets, lines: true }
  },
}
