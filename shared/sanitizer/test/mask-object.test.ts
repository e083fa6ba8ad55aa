import { describe, expect, test } from 'vitest'
import { createSanitizer } from '../src/index.ts'

const sanitizer = createSanitizer({ key: 'mask key' })
const base64 = (text: string) => Buffer.from(text).toString('base64')
const masked = (object: unknown) => JSON.stringify(sanitizer.maskObject(object))
const S = 'hunter2-hunter2'
const certificate = base64(`-----BEGIN CERTIFICATE-----\n${'QUJD'.repeat(300)}\n-----END CERTIFICATE-----\n`)

describe('Secrets', () => {
  const secret = {
    apiVersion: 'v1',
    kind: 'Secret',
    type: 'Opaque',
    metadata: { name: 'db' },
    data: { a: base64(S) },
    stringData: { b: S },
  }

  test('data and stringData show class, digest over the decoded bytes, and size', () => {
    expect(sanitizer.maskObject(secret)).toEqual({
      ...secret,
      data: { a: `[redacted:secret:${sanitizer.digest('secret', S)}] (15 bytes)` },
      stringData: { b: `[redacted:secret:${sanitizer.digest('secret', S)}] (15 bytes)` },
    })
  })

  test.each([
    ['List', { kind: 'List', apiVersion: 'v1', items: [secret] }],
    [
      'SecretList with items that do not say their kind',
      { kind: 'SecretList', items: [{ metadata: {}, data: { a: base64(S) } }] },
    ],
    ['a custom resource called Secret', { ...secret, apiVersion: 'other.example/v1' }],
    ['malformed data', { ...secret, data: base64(S), stringData: [S] }],
    ['not a string', { ...secret, data: { a: { b: S, c: base64(S) } } }],
    ['inside another object', { spec: { template: { object: secret } } }],
  ])('%s', (_name, object) => {
    expect(masked(object)).not.toContain(S)
    expect(masked(object)).not.toContain(base64(S))
  })

  test('copies of its values in metadata, plain and encoded, whole or inside, go', () => {
    const copied = {
      ...secret,
      metadata: {
        name: 'db',
        namespace: 'shop',
        labels: { copy: S, pin: '4711', app: 'postgres', release: '14711', shop: 'shop' },
        annotations: {
          'kapp.k14s.io/original': JSON.stringify({
            kind: 'Secret',
            data: { old: base64('an older value') },
          }),
          inside: `x ${base64(S)} y`,
          url: encodeURIComponent(`="${S}"`),
          short: 'pin=4711',
          [S]: 'key',
        },
      },
      data: { a: base64(S), pin: base64('4711'), namespace: base64('shop'), username: base64('postgres') },
    }
    const text = masked(copied)
    for (const value of [S, base64(S), base64('an older value'), '"4711"', 'pin=4711'])
      expect(text).not.toContain(value)
    expect(sanitizer.maskObject(copied)).toMatchObject({
      metadata: {
        name: 'db',
        namespace: 'shop',
        labels: { app: 'postgres', release: '14711', shop: 'shop' },
      },
      type: 'Opaque',
    })
  })

  test('masking does not change the object, and its result passes the text stages unchanged', () => {
    const before = structuredClone(secret)
    const result = sanitizer.maskObject(secret)
    expect(secret).toEqual(before)
    expect(sanitizer.value(result)).toEqual(result)
    const yaml = `data:\n  password: ${(result as typeof secret).data.a}\n`
    expect(sanitizer.text(yaml)).toBe(yaml)
  })
})

describe('what goes', () => {
  test.each<[string, unknown]>([
    ['env by name', { spec: { containers: [{ env: [{ name: 'DB_PASSWORD', value: S }] }] } }],
    ['env KEY', { spec: { initContainers: [{ env: [{ name: 'DATADOG_KEY', value: S }] }] } }],
    [
      'env of a job template',
      {
        spec: {
          jobTemplate: {
            spec: { template: { spec: { ephemeralContainers: [{ env: [{ name: 'AUTH', value: S }] }] } } },
          },
        },
      },
    ],
    ['env by content', { env: [{ name: 'URL', value: `postgres://app:${S}@db/app` }] }],
    ['args', { containers: [{ args: ['--password', S] }] }],
    ['short flag', { command: ['/usr/bin/mysql', '-u', 'root', `-p${S}`] }],
    ['short flag in front of a quote', { command: ['mariadb', `-p"${S}`] }],
    ['short flag of the program in command', { command: ['sshpass'], args: ['-p', S, 'ssh', 'host'] }],
    ['short flag of the program in image', { image: 'reg:5000/a/mysql:8.4', args: [`-p${S}`] }],
    ['pair behind a flag', { command: ['curl', '-sSu', `admin:${S}`] }],
    ['pair in a flag', { command: ['curl', `--user=admin:${S}`] }],
    ['login', { command: ['docker', 'login', '-u', 'x', '-p', S] }],
    ['flag with one dash', { args: ['-password', S] }],
    ['value inside', { spec: { password: { value: S }, passwords: [{ name: 'a', value: S }] } }],
    ['ConfigMap key', { kind: 'ConfigMap', data: { 'db.password': S } }],
    [
      'ConfigMap file',
      { kind: 'ConfigMap', data: { 'application.properties': `a=b\nspring.datasource.password=${S}\n` } },
    ],
    ['ConfigMap JSON', { kind: 'ConfigMap', data: { 'c.json': JSON.stringify({ db: { password: S } }) } }],
    [
      'last applied',
      { metadata: { annotations: { 'kubectl.kubernetes.io/last-applied-configuration': S } } },
    ],
    ['managedFields', { metadata: { managedFields: [{ manager: S }] } }],
    ['custom resource field', { kind: 'Db', spec: { auth: { clientSecret: S, apiKey: S } } }],
    ['list of tokens', { spec: { adminPasswords: [S] } }],
    ['docker config', { auths: { 'r.io': { username: 'u', password: S, auth: base64(`u:${S}`) } } }],
    [
      'kubeconfig',
      {
        kind: 'Config',
        users: [{ name: 'u', user: { token: S, password: S, 'client-key-data': base64(S) } }],
      },
    ],
    [
      'kubeconfig exec',
      { users: [{ user: { exec: { apiVersion: 'x', command: 'c', env: [{ name: 'A', value: S }] } } }] },
    ],
    [
      'kubeconfig auth-provider',
      { users: [{ user: { 'auth-provider': { name: 'oidc', config: { 'id-token': S, other: S } } } }] },
    ],
    ['token request', { kind: 'TokenRequest', status: { token: S } }],
    ['helm values', { values: { postgresql: { auth: { postgresPassword: S } } } }],
    ['certificate', { webhooks: [{ clientConfig: { caBundle: certificate } }] }],
  ])('%s', (_name, object) => {
    const text = masked(object)
    expect(text).not.toContain(S)
    expect(text).not.toContain(base64(S))
    expect(text).not.toContain('QUJDQUJD')
  })

  test.each([84_731_120, 84_731_120n, [84_731_120], { value: 84_731_120 }])('number %s', (password) => {
    const object = { pin: { password }, env: [{ name: 'DB_PASSWORD', value: 84_731_120 }] }
    for (const clean of [sanitizer.maskObject(object), sanitizer.value(object)])
      expect(JSON.stringify(clean)).not.toContain('84731120')
  })

  test('of an argument only the secret', () => {
    expect(sanitizer.value(['mysql', '-px1y2', '-P', '3306'])).toEqual([
      'mysql',
      `-p${sanitizer.mask('password', 'x1y2')}`,
      '-P',
      '3306',
    ])
  })

  test('a certificate leaves its size', () => {
    expect(masked({ caBundle: certificate })).toBe('{"caBundle":"[certificate, 1.3 kB]"}')
  })
})

describe('what stays', () => {
  test.each<[string, unknown]>([
    [
      'references',
      { env: [{ name: 'DB_PASSWORD', valueFrom: { secretKeyRef: { name: 'db', key: 'password' } } }] },
    ],
    [
      'volumes',
      {
        volumes: [
          { name: 's', secret: { secretName: 'db' } },
          { projected: { sources: [{ serviceAccountToken: { path: 'token', expirationSeconds: 3607 } }] } },
        ],
      },
    ],
    ['pull secrets', { imagePullSecrets: [{ name: 'registry' }], secrets: [{ name: 'default-token' }] }],
    [
      'plain env',
      {
        env: [
          { name: 'KEYBOARD_LAYOUT', value: 'de' },
          { name: 'TOKEN_TTL_SECONDS', value: '3600' },
          { name: 'AUTH', value: 'true' },
          { name: 'API_KEY_FILE', value: '/run/k' },
        ],
      },
    ],
    [
      'custom resource references',
      { spec: { passwordSecretRef: { name: 'x', key: 'token' }, existingSecret: 'db' } },
    ],
    [
      'numbers',
      { replicas: 3, token: 5, tokenTTL: 60, passwordLength: 8, passwordHistory: 5, maxPasswordAge: 90 },
    ],
    [
      'flags of other programs',
      { command: ['nginx', '-p', '/etc/nginx', '-u', 'a:b', '-w', '5', '-a', '1'] },
    ],
    ['ports', { command: ['mysql', '-p', 'db', '-P', '3306'], args: ['ssh', '-p', '2222'] }],
    ['schema', { password: { type: 'string', description: 'the password', minLength: 8 } }],
    ['tls', { tls: [{ secretName: 'web-tls', hosts: ['a.example'] }] }],
    [
      'tolerations',
      {
        tolerations: [{ key: 'node.kubernetes.io/not-ready', operator: 'Exists' }],
        topologyKey: 'kubernetes.io/hostname',
      },
    ],
    [
      'rbac',
      { rules: [{ apiGroups: [''], resources: ['secrets', 'serviceaccounts/token'], verbs: ['get'] }] },
    ],
    ['certificate spec', { spec: { privateKey: { algorithm: 'RSA', rotationPolicy: 'Always' } } }],
  ])('%s', (_name, object) => {
    expect(sanitizer.maskObject(object)).toEqual(object)
    expect(sanitizer.value(object)).toEqual(object)
  })
})
