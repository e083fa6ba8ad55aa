import { describe, expect, test } from 'vitest'
import { createSanitizer } from '../src/index.ts'

const sanitizer = createSanitizer({ key: 'test key', known: ['known-c0ntrol/pl@ne'] })
const clean = (text: string) => sanitizer.text(text) as string

const S = 'Zq7vLw2KpX9tRb4N'
const JWT =
  'eyJhbGciOiJSUzI1NiIsImtpZCI6IngifQ.eyJpc3MiOiJrdWJlcm5ldGVzL3NlcnZpY2VhY2NvdW50In0.c2lnbmF0dXJlLXNpZ25hdHVyZS1zaWduYXR1cmU'
const BODY = 'MIIEpAIBAAKCAQEA7bq0Zx2o8H4yq1n5xG3vK9sT6wLrJd0fPqYcUeVbNmAzXkWi'

/** Text and the parts of it that must be gone. */
const leaks: [string, string, ...string[]][] = [
  ['pem', `a\n-----BEGIN RSA PRIVATE KEY-----\n${BODY}\n${BODY}\n-----END RSA PRIVATE KEY-----\nb`, BODY],
  ['pem cut at the end', `-----BEGIN PRIVATE KEY-----\n${BODY}\n${BODY.slice(0, 30)}`, BODY.slice(0, 30)],
  [
    'pem cut in a short last line',
    `-----BEGIN PRIVATE KEY-----\n${BODY}\n${BODY.slice(3, 12)}`,
    BODY.slice(3, 12),
  ],
  [
    'pem cut at the front',
    `${BODY.slice(20)}\n${BODY.slice(7)}\n-----END PRIVATE KEY-----\nnext`,
    BODY.slice(20),
    BODY.slice(7),
  ],
  ['pem without either line', `key: |\n${BODY}\n${BODY.slice(7)}`, BODY.slice(0, 20), BODY.slice(20)],
  [
    'pem in a json string',
    `{"key":"-----BEGIN EC PRIVATE KEY-----\\n${BODY}\\n-----END EC PRIVATE KEY-----\\n","a":1}`,
    BODY,
  ],
  [
    'pem behind log prefixes',
    `app-1 | -----BEGIN PRIVATE KEY-----\napp-1 | ${BODY}\napp-1 | -----END PRIVATE KEY-----`,
    BODY,
  ],
  ['jwt', `calling with ${JWT} now`, JWT.slice(0, 20), JWT.slice(-20)],
  ['jwt cut', JWT.slice(0, 30), JWT.slice(3, 30)],
  ['jwt cut early', JWT.slice(0, 8), JWT.slice(0, 8)],
  ['bearer header', `Authorization: Bearer ${S}`, S],
  ['basic header', 'authorization: Basic dXNlcjpodW50ZXIyaHVudGVyMg==', 'dXNlcjpo'],
  ['header in json', `{"Authorization":"Token ${S}","x":1}`, S],
  ['header in a go map', `map[Accept:[*/*] Authorization:[Bearer ${S}] Host:[x]]`, S],
  ['curl header', `curl -H 'Authorization: Bearer ${S}' https://x`, S],
  ['opaque header', `Proxy-Authorization: ${S}`, S],
  ['loose bearer', `sent bearer ${S}`, S],
  ['cookie', `Cookie: session=${S}; theme=dark`, S],
  ['set-cookie', `"set-cookie":"sid=${S}; Path=/"`, S],
  ['url password', `dial postgres://app:${S}@db:5432/app`, S],
  ['url password with slash', `redis://:ab/${S}@cache:6379`, S],
  ['url password cut', `postgres://app:${S}`, S],
  ['url escaped slashes', `"https:\\/\\/bot:${S}@git.example"`, S],
  ['url user token', `https://${S}@git.example/x`, S],
  ['aws key id', 'id AKIAIOSFODNN7EXAMPLE', 'AKIAIOSF'],
  ['aws pair', 'AKIAIOSFODNN7EXAMPLE,wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY', 'wJalrXUt', 'EXAMPLEKEY'],
  ['github', 'x ghp_16C7e42F292c6912E7710c838347Ae178B4a', 'ghp_16C7', '838347Ae'],
  ['github fine', 'github_pat_11ABCDEFG0abcdefghijkl_mnopqrstuvwxyz', 'ABCDEFG0'],
  ['gitlab', 'glpat-AbCdEfGhIjKlMnOpQrSt', 'AbCdEfGh'],
  ['slack', `${'xoxb'}-123456789012-abcdefghijklmnop`, '123456789012'],
  ['slack hook', 'https://hooks.slack.com/services/T000/B000/XXXXXXXXabcdefgh', 'XXXXabcd'],
  ['stripe', `${'sk_live'}_4eC39HqLyjWDarjtT1zdp7dc`, '4eC39HqL'],
  ['google', 'AIzaSyDdI0hCZtE6vySjMm-WEfRq3CPzqKqqsHI', 'SyDdI0hC'],
  ['npm', 'npm_aB3dE5fG7hI9jK1lM3nO5pQ7rS9tU1vW3xY5', 'aB3dE5fG'],
  ['pypi', 'pypi-AgEIcHlwaS5vcmcCJDAwMDAwMDAwLTAwMDA', 'cHlwaS5v'],
  ['vault', 'hvs.CAESIJ1hbGxvLXdlbHQ', 'CAESIJ1h'],
  ['anthropic', 'sk-ant-api03-abcdefghijklmnop', 'abcdefgh'],
  ['openai', 'sk-abcdefghijklmnopqrst1234567890', 'abcdefgh'],
  [
    'sendgrid',
    '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',
    'ngeVfQFY',
    'TwL2iGAB',
  ],
  ['digitalocean', 'dop_v1_0123456789abcdef', '01234567'],
  ['age', 'AGE-SECRET-KEY-1QQQQQQQQQQQQ', '1QQQQQQQ'],
  ['password=', `login password=${S} user=bob`, S],
  ['env file', `DB_PASSWORD=pass phrase ${S}\nA=b`, S, 'phrase'],
  ['yaml', `db:\n  password: ${S} tail\n  user: x`, S, 'tail'],
  ['yaml block', `secretKey: |\n  ${S}\n  ${S}x\nother: 1`, S],
  ['yaml next line', `token:\n  ${S}\nother: 1`, S],
  ['json', `{"user":"x","clientSecret":"ab\\"c ${S}","z":1}`, S],
  ['escaped json', `{\\"apiKey\\":\\"${S}\\",\\"z\\":1}`, S],
  ['twice escaped json', `{\\\\\\"apiKey\\\\\\":\\\\\\"${S}\\\\\\"}`, S],
  ['camel', `spring.datasource.hikariPassword = ${S}`, S],
  ['yaml env', `env:\n- name: DB_PASSWORD\n  value: ${S}\n- name: A\n  value: b`, S],
  ['json env', `{"name":"API_KEY","value":"${S}"}`, S],
  ['go struct', `EnvVar{Name:STRIPE_KEY,Value:${S},ValueFrom:nil,}`, S],
  ['describe env', `      DB_PASSWORD:      ${S}\n      A:  b`, S],
  ['spaced key', `Secret access key: ${S}`, S],
  ['xml', `<password>${S}</password>`, S],
  ['query', `GET /cb?token=${S}&x=1`, S],
  ['comma in a password', `password=abc,${S} x`, S],
  ['php', `$c['password'] = '${S}';`, S],
  ['sql', `CREATE USER x IDENTIFIED BY '${S}'`, S],
  ['literal newline', `{"log":"a\\npassword=${S}\\n"}`, S],
  ['flag', `run --password ${S} --user x`, S],
  ['flag with =', `run --db-password=${S}`, S],
  ['flag in json args', `["run","--token","${S}"]`, S],
  ['flag in yaml args', `args:\n  - --token\n  - ${S}`, S],
  ['flag in described args', `    Args:\n      --api-key\n      ${S}\n    State: x`, S],
  ['mysql -p', `mysql -uroot -p${S} db`, S],
  ['redis-cli -a', `["redis-cli","-a","${S}"]`, S],
  ['curl -u', `curl -s -u bob:${S} https://x`, S],
  ['bootstrap', 'join with abcdef.0123456789abcdef', '01234567'],
  ['go dsn', `app:${S}@tcp(db:3306)/app`, S],
  ['ado', `Server=db;User Id=sa;Password=${S};Encrypt=true`, S],
  ['azure', `AccountName=x;AccountKey=${S}${S}==;EndpointSuffix=y`, S],
  ['sas', `https://x.blob/y?sv=1&sig=${S}%3D`, S],
  ['oracle', `jdbc:oracle:thin:scott/${S}@db:1521/x`, S],
  ['docker auth', '{"auths":{"r.io":{"auth":"dXNlcjpodW50ZXIyaHVudGVyMg=="}}}', 'dXNlcjpo'],
  [
    'base64',
    Buffer.from(`db.password=${S}\nother=1`).toString('base64'),
    'cGFzc3dvcmQ',
    Buffer.from(S).toString('base64').slice(0, 12),
  ],
  ['url encoded', `q=password%3D${S}%26a`, S],
  ['url encoded header', `h=Authorization%3A%20Bearer%20${S}`, S],
  ['json unicode', `{"a":"pass\\u0077ord=${S}"}`, S],
  ['ansi', `pass\u001b[31mword=Zq7v\u001b[0mLw2KpX9tRb4N`, S, 'Lw2KpX9tRb4N'],
  [
    'escape written in json',
    `{"a":"pass\\u001b[31mword=Zq7v\\u001b[0mLw2KpX9tRb4N"}`,
    'Lw2KpX9tRb4N',
    'Zq7v',
  ],
  ['zero width written in json', `{"a":"pass\\u200bword=Zq7v\\u200bLw2KpX9tRb4N"}`, 'Lw2KpX9tRb4N'],
  ['escape as Go and Python print it', 'pass\\x1b[1mword=Zq7v\\x1b[0mLw2KpX9tRb4N', 'Lw2KpX9tRb4N'],
  ['a letter whose bytes look like a colour', `x=%C5%9Bpassword%3D${S}`, S],
  ['zero width', `pass\u200bword=Zq7v\u200bLw2KpX9tRb4N`, 'Lw2KpX9tRb4N'],
  ['tag block', `ghp_16C7e42F\u{e0041}292c6912E7710c838347Ae178B4a`, '292c6912'],
  ['known', 'x known-c0ntrol/pl@ne y', 'known-c0'],
  ['known base64', Buffer.from('!known-c0ntrol/pl@ne!').toString('base64').slice(2), 'a25vd24tYzBu'],
  ['known url', encodeURIComponent('known-c0ntrol/pl@ne'), 'known-c0'],
  ['known cut', 'x known-c0ntr', 'known-c0ntr'],
]

const untouched: string[] = [
  'Pulled image "nginx@sha256:4c0fdaa8b6341bfdeca5f18f7837462c80cff90527ee35ef185571e1c327beac" in 1.2s',
  'docker-pullable://nginx@sha256:4c0fdaa8b6341bfdeca5f18f7837462c80cff90527ee35ef185571e1c327beac',
  'uid: 3f0c6c1e-2a3b-4c5d-8e9f-0a1b2c3d4e5f resourceVersion: "123456789"',
  'commit 134d7d1f0e8a9b7c6d5e4f3a2b1c0d9e8f7a6b5c',
  'payments-api-7d9f8b6c5d-x2x4z 1/1 Running 0 3d',
  'SHA256 Fingerprint=AB:CD:EF:01:23:45:67:89:AB:CD:EF:01:23:45:67:89',
  `-----BEGIN CERTIFICATE-----\nMIIDdzCCAl+gAwIBAgIEAgAAuTANBgkqhkiG9w0BAQUFADBaMQswCQYDVQQGEwJJ\nRTESMBAGA1UEChMJQmFsdGltb3JlMRMwEQYDVQQLEwpDeWJlclRydXN0MSIwIAYD\n-----END CERTIFICATE-----`,
  Buffer.from('{"replicas":3,"image":"nginx","ports":[80,443]}').toString('base64'),
  Buffer.from('server:\n  port: 8080\n  log: info\n').toString('base64'),
  'password must be set',
  'Error: password: must be at least 8 characters',
  'token: invalid signature',
  'failed to fetch token: context deadline exceeded',
  'secretName: db-credentials',
  'passwordSecretRef: {name: x}',
  'passwordSecretRef:\n  name: x\n  key: y',
  'valueFrom:\n  secretKeyRef:\n    name: db\n    key: password',
  '{"valueFrom":{"secretKeyRef":{"name":"db","key":"password"}}}',
  'token: ',
  'token: ""',
  'imagePullSecrets:\n- name: registry',
  "DB_PASSWORD:  <set to the key 'password' in secret 'db'>  Optional: false",
  'password:  8 bytes\ntoken:  1024 bytes',
  'Mountable secrets:  default-token-abcde\nTokens:  <none>',
  'MountVolume.SetUp failed for volume "token" : secret "token" not found',
  'secrets "db" is forbidden: User "system:serviceaccount:a:b" cannot get resource "secrets" in API group ""',
  'topologyKey: kubernetes.io/hostname',
  '- key: node.kubernetes.io/not-ready\n  operator: Exists',
  'KEYBOARD_LAYOUT=de TOKEN_TTL_SECONDS=3600 max_tokens=4096 tokenExpiry: 30d',
  'https://example.com:8443/a/b@c?x=1 http://[::1]:8080/ ssh://git@github.com/x/y.git',
  'image: registry:5000/team/app:v1.2.3',
  `password: \${DB_PASSWORD} token: {{ .Values.token }} secret: $(SECRET)`,
  'Authorization: failed for user bob',
  'basic authentication required, bearer authentication disabled',
  'authorization-mode=Node,RBAC',
  '/usr/local/lib/python3/site-packages/foo/bar.py:12 in handleRequest',
  'system.authentications com.example.service.PaymentProcessor',
  'GET /healthz 200 1ms agent="kube-probe/1.31"',
  'privateKey:\n  algorithm: RSA\n  rotationPolicy: Always',
  'automountServiceAccountToken: false',
  'serviceAccountToken:\n  path: token\n  expirationSeconds: 3607',
  'x-request-id: 7f3c2a1b9d8e7f6a',
  'nextPageToken: "" keyFile=/etc/tls/tls.key tokenPath: /var/run/secrets/token',
  'tls-private-key-file=/etc/kubernetes/pki/apiserver.key',
  'cache miss key=user:42 primaryKey: id partition_key=7',
]

describe('what must be gone', () => {
  test.each(leaks)('%s', (_name, text, ...secrets) => {
    const result = clean(text)
    for (const secret of secrets) expect(result).not.toContain(secret)
    expect(clean(result)).toBe(result)
    const inData = JSON.stringify(sanitizer.value({ a: [{ [text]: text }] }))
    for (const secret of secrets) expect(inData).not.toContain(secret)
  })
})

describe('what must stay', () => {
  test.each(untouched)('%s', (text) => {
    expect(clean(text)).toBe(text)
    const data = { a: [text] }
    expect(sanitizer.value(data)).toBe(data)
  })
})
