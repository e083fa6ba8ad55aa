import { Anchors } from '../../src/anchors.ts'
import { base64Runs } from '../../src/decode-base64.ts'
import { decodeJson, decodePercent, withoutHidden } from '../../src/decode-escapes.ts'
import { KnownValues } from '../../src/known-values.ts'
import { normalise } from '../../src/normalise.ts'
import { findBootstrapTokens } from '../../src/patterns/bootstrap-token.ts'
import { PATTERNS } from '../../src/patterns/index.ts'
import { findManifestLines } from '../../src/patterns/secret-manifest.ts'
import type { Memo, Pattern, Span } from '../../src/span.ts'
import { knownValues } from './classes/known.ts'

/** One stage or pattern by itself. */
export type Stage = { name: string; run(text: string): void; units: readonly string[] }

const B = 'MIIEvgIBADANBgkqhkiG9w0BAQEFAASCBKgwggSkAgEAAoIBAQABCDEFGHIJKLMN'

const MANIFESTS: readonly string[] = [
  'data:\n',
  'data:\nkind: a         ', 'data={a=b}', '{data={a=', 'data:map[', 'data:map[a:b] kind:Secret', 'data:map[a:b ', 'Data:map[string][]byte{a: [1 2],', 'stringData:map[a b c d ', 'data:map[a:b]',
    'data:\n', 'data:\n  a: b\n', 'kind: Secret\ndata:\n', 'kind: Secret\n', '{"data":{', '"data":{"a":"b"},', '{"kind":"Secret","data":{"a":"b"}}', '{"kind":"Secret',
  'a data:\n a b data:\n a b c data:\n a b c d data:\n a b c d e data:\n a b c d e f data:\n', 'data: {', 'stringData:\n a: |\n', '"items":[', '"data":{"a":"\\\\',
  'data:\n data:\n  data:\n   data:\n', 'Type: a\nData\n====\n', '- data:\n', '+data:\n-', 'data:\n# a\n', '[{"data":{"a', '---\n', 'data: ', '"kind":"Secret"]', 'kind',
  'data:\n  YWFhYWFhYQ==: YWFhYWFhYWFhYWE=\n', '\\"data\\":{\\"a\\":\\"', "{'data':{'a':''", 'data:|data:|data:|data:|\n',
] // biome-ignore format: a list of hostile units

// What each pattern may be made to look at again and again.
const UNITS: Readonly<Record<string, readonly string[]>> = {
  pem: [
    '-----BEGIN PRIVATE KEY-----', '-----BEGIN PRIVATE KEY-----\n', '-----END PRIVATE KEY-----', '-----END PRIVATE KEY-----\n',
    `-----BEGIN PRIVATE KEY-----\n${B}\n`, `${B}\n-----END PRIVATE KEY-----\n`, `${B}\n`, 'MIIEvgIBADANBgkqhkiG9w0B', 'PRIVATE KEY',
    'a b -----BEGIN PRIVATE KEY-----\n', `x | ${B}\n`, '-----BEGIN ', 'b3BlbnNzaC1rZXktdjE ', 'MC4CAQAwBQYDK2Vw\n\n', '-----BEGIN PRIVATE KEY-----\\n',
    `p q r s t -----BEGIN PRIVATE KEY-----\np q r s t ${B}\n`, '-----END PRIVATE KEY----- AAAAAAAAAAAAAAAA',
  ],
  jwt: ['eyJ', 'eyJhbGciOi', 'eyJhbGciOi.', 'eyJhbGciOiJIUzI1NiJ9.a.', `eyJhbGciOiJIUzI1NiJ9.${'a'.repeat(60)}\n`, 'ewo', 'xeyJhbGciOiJI', 'eyJhbGciOi\n', 'eyJhbGci.eyJ'],
  headers: ['authorization: ', 'cookie: ', 'cookie: a=', 'bearer ', 'bearer abcdefgh1 ', 'Authorization: Bearer ', 'set-cookie: "', 'cookie: a=b;', 'authorization: [', 'basic YTpi ', 'authorization: a b c d', 'cookie=x', 'Cookie:a=\\"'],
  'url-userinfo': ['://', 'http://', 'http://a:b', 'http://a:b@', 'http://a:b/', 'postgres://a:b/c@', '://a:', 'redis://:x', 'http://a:b\n', ':\\/\\/a:b', '@://a:b'],
  vendor: ['AKIA', 'AKIAIOSFODNN7EXAMPLE', 'AKIAIOSFODNN7EXAMPLE ', 'ghp_', 'ghp_aaaa', 'sk-', 'sk-a', 'npm_', 'npm_abcdefgh_', 'xoxb-1', ':AA', 'a:AA', '8Q~', 'SG.', 'key-0', 'hf_abcdefgh'],
  'key-value': ['password', 'password=', 'password: ', 'password="', "password='", 'token: |\n', 'token: |\n  a', 'password=a,', '- name: X_KEY\n  value: ', 'key key ', 'secret:=', '<password>', 'a.b-c_token', 'password=x;', 'token:\n', 'password=}', 'password=[redacted:', 'token: a b ', 'pw=', 'password=\\"', 'token: >\n\n\n', '<password>a', '<a:password ', 'password="""', 'password=<<EOF\n', 'password=["a1b2c3",', "('token', '", 'token  abc123\n', 'token\t', 'password">a', 'name="password"\n\n', 'password";s:1:', 'password = "a" -> "', '</key> <string>'],
  'cli-flags': ['--password ', '--token', '--token "', '--token\n- ', 'mysql ', 'mysql -p', 'curl -u a:', 'curl ', 'sshpass -p ', '"--token",', '-token -token ', '--password,', 'docker login -p ', 'curl -u '],
  'connection-string': ['@tcp(', 'a:b@tcp(', 'a@tcp(', ':@tcp(', 'jdbc:oracle:', 'jdbc:oracle:thin:a/', '?sig=', '&sig=a', 'x-amz-', 'x-amz-signature=', 'identified by "', 'identified with a by ', '?code=1', '&code=1&state=', 'samlresponse=', 'oauth_verifier=a', 'temporary password is generated for a', 'identified with a by ', '%26sig='],
  jwk: ['"kty"', '{"kty"', '{"d":"aaaa', '{"kty":"oct","k":"aaaa"},', '"k":"aaaa","kty"', '"kty":"aaaaaaaa","d":'],
  'docker-auth': ['auth', 'auth: ', 'auth: aaaa', '"auth":"', 'auth=YTpi ', 'authauth', 'identitytoken=a', 'registrytoken: ', 'auth:YTpiYTpi', 'auth :\n'],
  'manifest-lines': MANIFESTS,
  'manifest-objects': MANIFESTS,
} // biome-ignore format: a list of hostile units
const BOOTSTRAP = [
  '.',
  'abcdef.',
  'abcdef.0123456789abcdef',
  'abcdef.0123456789abcdef ',
  'a.b',
  'abcdef.0123456789abcdef.',
  '......',
  'abcde1.000000000000000',
]
const NORMALISE = [
  '\u001b[',
  '\u001b[31m',
  '\u001b]',
  '\u001b]0;',
  '\u200b',
  'a\u200b',
  '\ufe0f',
  'a\ufe0f',
  '\r',
  '\u001b]0;a\u0007',
  '\u{e0041}',
  '\ud800',
  '\u009b',
  '\u001b[0;0;0;0;',
  '\u001bP\u001b',
]
const BASE64 = [
  'A',
  'Aa0',
  'cGFzc3dvcmQ9',
  'cGFzc3dvcmQ9 ',
  'cGFzc3dvcmQ9YWJjZGVm\n',
  `${'cGFzc3dvcmQ9'.repeat(5)}abcd\n`,
  `${'cGFzc3dvcmQ9'.repeat(5)}abcd\\n`,
  '////',
  'aaaaaaaaaaaA ',
  'AAAAAAAAAAAA\n',
  `${'cGFzc3dvcmQ9'.repeat(5)}AAAA\n+ `,
]
const ESCAPES = [
  '%41',
  '%',
  '%4',
  '%%41',
  '%25',
  '\\u0041',
  '\\',
  '\\\\',
  '\\n',
  '\\u',
  '\\x41',
  '\\u001b[',
  '\\u200b',
  '%E2%80%8B',
  '\\033[0m',
  '\\"',
]

/** Every pattern and stage with what is made for it. */
export function stages(): Stage[] {
  const known = new KnownValues()
  for (const value of knownValues) known.add(value)
  const [first = ''] = knownValues
  const KNOWN = [
    first,
    first.slice(0, 6),
    first.slice(0, -1),
    `${first} `,
    first.slice(0, 7),
    encodeURIComponent(first).slice(0, 8),
    'a',
    first.slice(0, 12),
  ]
  return [
    ...PATTERNS.map((pattern) => ({ name: pattern.id, units: UNITS[pattern.id] ?? [], run: alone(pattern) })),
    { name: 'bootstrap-token', units: BOOTSTRAP, run: (text) => findBootstrapTokens(text, []) },
    { name: 'normalise', units: NORMALISE, run: (text) => void normalise(text) },
    { name: 'decode base64', units: BASE64, run: (text) => void base64Runs(text, text.length) },
    { name: 'decode escapes', units: ESCAPES, run: decodeAll },
    { name: 'known-values', units: KNOWN, run: (text) => known.find(text, []) },
  ]
}

function alone(pattern: Pattern): (text: string) => void {
  const anchors = new Anchors<number>()
  for (const anchor of pattern.anchors) anchors.add(anchor, 0, pattern.exact ?? false)
  return (text) => {
    const memo: Memo = {}
    const out: Span[] = []
    let from = 0
    anchors.scan(text, (_number, index) => {
      if (index >= from) from = pattern.find(text, index, out, memo)
    })
    findManifestLines(text, memo, out)
  }
}

function decodeAll(text: string): void {
  for (const decode of [decodePercent, decodeJson]) withoutHidden(decode(text))
}

/** Inputs of `length` characters: each unit repeated, behind one opening, before one ending, and mixed. */
export function hostileInputs({ units }: Stage, length: number): { shape: string; text: string }[] {
  const filled = (unit: string, room: number) => unit.repeat(Math.ceil(room / unit.length)).slice(0, room)
  const shapes = units.map((unit) => ({
    shape: `${JSON.stringify(unit)} repeated`,
    text: filled(unit, length),
  }))
  const [first = ''] = units
  const mixed = { shape: 'all of them in turn', text: filled(units.join(''), length) }
  const longRun = { shape: 'one opening and a long run', text: first + filled('a', length - first.length) }
  const blanks = {
    shape: 'openings behind runs of blanks',
    text: filled(`${first}${' '.repeat(100)}`, length),
  }
  const quotes = { shape: 'openings behind quotes', text: filled(`${first}"${'\\'.repeat(7)}`, length) }
  const lines = {
    shape: 'one opening and many short lines',
    text: first + filled('a1b2c3d4e5f6g7h8\n', length - first.length),
  }
  const depth = Math.floor(Math.sqrt(2 * length))
  const deeper = {
    shape: 'openings in ever deeper lines',
    text: filled(
      Array.from({ length: depth }, (_, i) => `${' '.repeat(i)}${first.trim()}\n`).join(''),
      length,
    ),
  }
  return [...shapes, mixed, longRun, blanks, quotes, lines, deeper]
}
