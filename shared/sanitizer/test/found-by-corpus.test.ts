import { describe, expect, test } from 'vitest'
import { createSanitizer } from '../src/index.ts'

const sanitizer = createSanitizer({ key: 'test key', known: ['known-c0ntrol/pl@ne'] })
const clean = (text: string) => sanitizer.text(text) as string

const S = 'Zq7vLw2KpX9tRb4N'
const JWT =
  'eyJhbGciOiJSUzI1NiIsImtpZCI6IngifQ.eyJpc3MiOiJrdWJlcm5ldGVzL3NlcnZpY2VhY2NvdW50In0.c2lnbmF0dXJlLXNpZ25hdHVyZS1zaWduYXR1cmU'
const BODY = 'MIIEpAIBAAKCAQEA7bq0Zx2o8H4yq1n5xG3vK9sT6wLrJd0fPqYcUeVbNmAzXkWi'

/** What the corpus found first: text, and the parts of it that must be gone. */
const leaks: [string, string, ...string[]][] = [
  [
    'pem behind prefixes, cut at the end',
    `t1 app | -----BEGIN PRIVATE KEY-----\nt2 app | ${BODY}\nt3 app | ${BODY.slice(0, 30)}`,
    BODY,
    BODY.slice(0, 30),
  ],
  [
    'pem behind prefixes, cut at the front',
    `${BODY.slice(30)}\nt2 ${BODY}\nt3 ${BODY.slice(7)}\nt4 -----END PRIVATE KEY-----`,
    BODY,
    BODY.slice(7),
  ],
  ['pgp', `-----BEGIN PGP PRIVATE KEY BLOCK-----\nVersion: GnuPG v2\n\n${BODY}\n${BODY.slice(9)}`, BODY],
  [
    'pem in a diff, cut',
    `+  -----BEGIN PRIVATE KEY-----\n+  ${BODY}\n+  ${BODY.slice(0, 9)}`,
    BODY.slice(0, 9),
  ],
  ['a jwt in lines of a diff', `-  ${JWT.slice(0, 64)}\n-  ${JWT.slice(64)}`, JWT.slice(64, 80)],
  ['loose bearer, letters only and cut', 'sent bearer abcdefghijk', 'abcdefgh'],
  ['url password that begins with a slash', `redis://:/${S}@cache:6379`, S],
  ['oracle, cut', `jdbc:oracle:thin:scott/${S}`, S],
  ['aws pair, cut', 'AKIAIOSFODNN7EXAMPLE,wJalrXUtnFEMI', 'wJalrXUt'],
  ['twilio, cut', `id SK0${'0123456789abcdef'.repeat(2).slice(0, 12)}`, '01234567'],
  ['databricks, cut', 'dapi0123456789ab\n', '01234567'],
  ['sendgrid, cut', 'SG.ngeVfQFYQl', 'ngeVfQFY'],
  ['openai without digits', 'sk-AbcdefghijKlmnopqrstUvwx used', 'Abcdefgh'],
  ['line ends of Windows in json', `{"a":"args:\\r\\n- --token\\r\\n- ${S}\\r\\n"}`, S],
  ['npm without digits', 'npm_aBcDeFgHiJkLmNoPqRsTuVwXyZaBcDeFgHiJ', 'aBcDeFgH'],
  ['flag in a diff', `+  - --token\n+  - ${S}`, S],
  ['name and value in a diff', `+- name: DB_PASSWORD\n+  value: ${S}`, S],
  ['pw', `serve --bind-pw ${S}\nldap.pw: ${S}`, S],
  ['several words, base64 at the end', `A=b\nDB_PASSWORD=x1y2z3 ${S}=\nC=d`, S],
  [
    'base64 in lines inside of json',
    JSON.stringify({
      a: `\n${Buffer.from(`x=${'y'.repeat(60)} password=${S}`)
        .toString('base64')
        .replace(/.{64}/g, '$&\n')}`,
    }),
    Buffer.from(`password=${S}`).toString('base64').slice(4, 16),
  ],
  [
    'base64 before a word in the next line',
    `${Buffer.from(`db.password=${S} and so on until it is longer`).toString('base64')}\nnext line`,
    Buffer.from(`db.password=${S}`).toString('base64').slice(16, 30),
  ],
  ['base64 of capitals', Buffer.from('AKIAIOSFODNN7EXAMPLE').toString('base64'), 'QUtJQUlPU0ZPRE5O'],
  ['known, cut before a line break', 'x known-c0ntr\n', 'known-c0ntr'],
]

const untouched: string[] = [
  'checksum/secret: 9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08',
  'nginx.ingress.kubernetes.io/auth-secret: shop/basic-auth',
  '"Deleting expired secret" secret="kube-system/bootstrap-token-617bcb2"',
  'WARN auth: max_tokens=560 prompt_tokens=991',
  'UPDATE sessions SET seen = now() WHERE session_key = $1 AND token = ?',
  '"integrity": "sha512-rJ4xSCspvHoworOeUYzW0vYJ+9IpN2igXe3bFdkGKFa1BfwwFoTHKbskOK767BswOJZDTOSXz9IAIgLr+zQPPw==",',
]

describe('what must be gone', () => {
  test.each(leaks)('%s', (_name, text, ...secrets) => {
    const result = clean(text)
    for (const secret of secrets) expect(result).not.toContain(secret)
    expect(clean(result)).toBe(result)
  })
})

test('of the lines above an END line only those of the key go', () => {
  expect(clean(`alpha\nbeta\n${BODY}\n${BODY}\nab12\n-----END PRIVATE KEY-----`)).toMatch(
    /^alpha\n\[redacted:private-key:[0-9a-f]{12}\]$/,
  )
})

describe('what must stay', () => {
  test.each(untouched)('%s', (text) => {
    expect(clean(text)).toBe(text)
    const data = { a: [text] }
    expect(sanitizer.value(data)).toBe(data)
  })
})
