import type { ObjectClass, PlantedObject } from '../planted.ts'
import { ALNUM, type Random } from '../random.ts'
import { anyPassword, envName, opaque, password, secretName, word } from '../values.ts'

type Make = (random: Random) => PlantedObject
const base64 = (text: string) => Buffer.from(text).toString('base64')
const forms = (secret: string) => [secret, base64(secret)]
const secretObject = (random: Random, secret: string) => ({
  apiVersion: 'v1',
  kind: 'Secret',
  type: 'Opaque',
  metadata: { name: word(random), namespace: word(random) },
  data: { [word(random)]: base64(secret) },
})
/** One secret, which `object` puts into place. */
const one =
  (value: (random: Random) => string, object: (secret: string, random: Random) => unknown): Make =>
  (random) => {
    const secret = value(random)
    return { object: object(secret, random), secrets: forms(secret) }
  }
const withMetadata = (object: (secret: string) => object): Make =>
  one(opaque, (secret, random) => {
    const plain = secretObject(random, secret)
    return { ...plain, metadata: { ...plain.metadata, ...object(secret) } }
  })
const container = (fields: object) => ({
  kind: 'Pod',
  spec: { containers: [{ name: 'app', image: 'app:v1', ...fields }] },
})
const claim = (name: string, carriers: Record<string, Make>): ObjectClass => ({
  name,
  claimed: true,
  carriers,
})

/** What is found by the kind and the fields of an object. */
export const objectClasses: readonly ObjectClass[] = [
  claim('Secret data', {
    data: one(anyPassword, (secret, random) => secretObject(random, secret)),
    stringData: one(anyPassword, (secret, random) => ({
      ...secretObject(random, 'x'),
      stringData: { [word(random)]: secret },
    })),
    List: one(anyPassword, (secret, random) => ({ kind: 'List', items: [secretObject(random, secret)] })),
    SecretList: one(anyPassword, (secret, random) => ({
      kind: 'SecretList',
      items: [{ metadata: { name: word(random) }, data: { [word(random)]: base64(secret) } }],
    })),
    binary: (random) => {
      const bytes = random.bytes(48)
      const object = { ...secretObject(random, 'x'), data: { keystore: bytes.toString('base64') } }
      return { object, secrets: [bytes.toString('base64'), bytes.toString('latin1')] }
    },
  }),
  claim('copy of Secret data in its metadata', {
    annotation: withMetadata((secret) => ({ annotations: { 'example.com/copy': secret } })),
    'annotation, base64': withMetadata((secret) => ({ annotations: { note: `x ${base64(secret)} y` } })),
    'annotation, URL encoded': withMetadata((secret) => ({
      annotations: { note: encodeURIComponent(`="${secret}"`) },
    })),
    label: withMetadata((secret) => ({ labels: { copy: secret } })),
    'whole object': withMetadata((secret) => ({
      annotations: {
        'kapp.k14s.io/original': JSON.stringify({ kind: 'Secret', data: { old: base64(secret) } }),
      },
    })),
    'last applied': withMetadata((secret) => ({
      annotations: {
        'kubectl.kubernetes.io/last-applied-configuration': JSON.stringify({ data: { a: base64(secret) } }),
      },
    })),
  }),
  claim('env by name', {
    container: one(anyPassword, (secret, random) =>
      container({ env: [{ name: envName(random), value: secret }] }),
    ),
    'job template': one(anyPassword, (secret, random) => ({
      kind: 'CronJob',
      spec: {
        jobTemplate: {
          spec: {
            template: { spec: { initContainers: [{ env: [{ name: envName(random), value: secret }] }] } },
          },
        },
      },
    })),
    number: (random) => {
      const number = 10_000_000 + random.int(89_999_999)
      return {
        object: container({ env: [{ name: 'DB_PASSWORD', value: number }] }),
        secrets: [String(number)],
      }
    },
  }),
  claim('ConfigMap by key', {
    key: one(anyPassword, (secret, random) => ({
      kind: 'ConfigMap',
      data: { [secretName(random)]: secret },
    })),
    'properties file': one(password, (secret, random) => ({
      kind: 'ConfigMap',
      data: { 'application.properties': `a=b\n${secretName(random)}=${secret}\nc=d\n` },
    })),
    'JSON file': one(anyPassword, (secret, random) => ({
      kind: 'ConfigMap',
      data: { 'c.json': JSON.stringify({ db: { [secretName(random)]: secret } }, null, 2) },
    })),
    binaryData: (random) => {
      const encoded = random.bytes(60).toString('base64')
      return { object: { kind: 'ConfigMap', binaryData: { store: encoded } }, secrets: [encoded] }
    },
  }),
  claim('custom resource field', {
    spec: one(anyPassword, (secret, random) => ({
      kind: 'Db',
      spec: { auth: { [secretName(random)]: secret } },
    })),
    list: one(anyPassword, (secret) => ({ kind: 'Db', spec: { adminPasswords: [secret] } })),
    'value inside': one(anyPassword, (secret) => ({ kind: 'Db', spec: { password: { value: secret } } })),
    status: one(opaque, (secret) => ({ kind: 'TokenRequest', status: { token: secret } })),
    number: (random) => {
      const number = 10_000_000 + random.int(89_999_999)
      return { object: { kind: 'Db', spec: { password: number } }, secrets: [String(number)] }
    },
  }),
  claim('Helm value by name', {
    values: one(anyPassword, (secret, random) => ({
      chart: 'pg',
      values: { auth: { [secretName(random)]: secret } },
    })),
    env: one(anyPassword, (secret, random) => ({
      values: { extraEnv: [{ name: envName(random), value: secret }] },
    })),
  }),
  claim('kubeconfig', {
    token: one(opaque, (secret) => ({ kind: 'Config', users: [{ name: 'u', user: { token: secret } }] })),
    'client key': one(opaque, (secret) => ({
      kind: 'Config',
      users: [{ name: 'u', user: { 'client-key-data': base64(secret) } }],
    })),
    exec: one(opaque, (secret) => ({
      users: [{ user: { exec: { apiVersion: 'x', command: 'c', env: [{ name: 'A', value: secret }] } } }],
    })),
    'auth provider': one(opaque, (secret) => ({
      users: [{ user: { 'auth-provider': { name: 'oidc', config: { other: secret } } } }],
    })),
  }),
  claim('docker config object', {
    auths: one(password, (secret) => ({
      auths: { 'r.io': { username: 'u', password: secret, auth: base64(`u:${secret}`) } },
    })),
    'identity token': one(opaque, (secret) => ({ auths: { 'r.io': { identitytoken: secret } } })),
  }),
  claim('argument list', {
    flag: one(opaque, (secret, random) =>
      container({ args: [random.pick(['--password', '--token', '-token']), secret] }),
    ),
    'short flag': one(
      (random) => `x${random.string(ALNUM, 16)}7`,
      (secret, random) =>
        container(
          random.pick([
            { command: ['mysql', '-u', 'root', `-p${secret}`] },
            { command: ['sshpass'], args: ['-p', secret, 'ssh', 'h'] },
            { command: ['redis-cli', '-a', secret] },
            { command: ['curl', '-sSu', `admin:${secret}`] },
            { image: 'reg:5000/a/mysql:8.4', args: [`-p${secret}`] },
          ]),
        ),
    ),
  }),
  {
    name: 'object under a plural name',
    claimed: false,
    carriers: {
      secrets: one(opaque, (secret, random) => ({ values: { secrets: { [word(random)]: secret } } })),
      credentials: one(opaque, (secret, random) => ({
        kind: 'Db',
        spec: { credentials: { [word(random)]: secret } },
      })),
    },
  },
]
