import type { Planted, TextClass } from '../planted.ts'
import type { Random } from '../random.ts'
import { anyPassword, envName, opaque, password, passwordName, secretName, word } from '../values.ts'

const value = (random: Random): string => (random.chance(0.5) ? password(random) : opaque(random))
const named = (name: string, plant: (random: Random) => Planted): TextClass => ({
  name,
  claimed: true,
  plant,
})
const inline = (text: string, secret: string): Planted => ({ text, secrets: [secret] })
const lines = (text: string, ...secrets: string[]): Planted => ({ text, secrets, lines: true })

/** Values behind a telling name, in the notations in which programs write them. */
export const namedValues: readonly TextClass[] = [
  named('name=value', (random) => {
    const secret = value(random)
    return inline(`${secretName(random)}=${secret}`, secret)
  }),
  named('name="value"', (random) => {
    const secret = anyPassword(random)
    return inline(`${secretName(random)}=${JSON.stringify(secret)}`, secret)
  }),
  named('name: value', (random) => {
    const secret = value(random)
    return inline(`${secretName(random)}: ${secret}`, secret)
  }),
  named('JSON field', (random) => {
    const secret = anyPassword(random)
    const fields = { user: word(random), [secretName(random)]: secret, n: random.int(99) }
    return inline(random.chance(0.5) ? JSON.stringify(fields) : JSON.stringify(fields, null, 2), secret)
  }),
  named('XML element', (random) => {
    const secret = value(random)
    const name = secretName(random)
    return inline(`<${name}>${secret}</${name}>`, secret)
  }),
  named('YAML field', (random) => {
    const secret = value(random)
    const quote = random.pick(['', '"', "'"])
    return lines(
      `db:\n  user: ${word(random)}\n  ${secretName(random)}: ${quote}${secret}${quote}\n  port: 5432`,
      secret,
    )
  }),
  named('YAML block', (random) => {
    const secrets = [opaque(random), opaque(random)]
    const name = secretName(random)
    const sign = random.pick(['|', '>', '|-', '>-', '|+'])
    return lines(`app:\n  ${name}: ${sign}\n    ${secrets.join('\n    ')}\n  other: 1`, ...secrets)
  }),
  named('name and value pair', (random) => {
    const secret = value(random)
    const name = envName(random)
    return random.pick([
      () => lines(`- name: ${name}\n  value: ${JSON.stringify(secret)}\n- name: LANG\n  value: C`, secret),
      () => inline(`{"name":"${name}","value":${JSON.stringify(secret)}}`, secret),
      () => inline(`EnvVar{Name:${name},Value:${secret},ValueFrom:nil,}`, secret),
    ])()
  }),
  named('environment dump', (random) => {
    const secret = value(random)
    return lines(`HOME=/root\n${envName(random)}=${secret}\nPATH=/usr/bin`, secret)
  }),
  named('settings line of several words', (random) => {
    const secret = `${opaque(random)} ${opaque(random)}`
    return lines(`LANG=C\n${passwordName(random)}=${secret}\nTZ=UTC`, ...secret.split(' '))
  }),
  named('notations of programming languages', (random) => {
    const secret = opaque(random)
    const name = random.pick(['password', 'db_password', 'apiKey', 'client_secret', 'accessToken'])
    const text = random.pick([
      () => `$c['${name}'] = '${secret}';`,
      () => `{'user': 'x', '${name}': '${secret}'}`,
      () => `:${name} => "${secret}", :port => 1`,
      () => `${name} := "${secret}"`,
      () => `Config{User:"x", ${name}:"${secret}", Port:1}`,
      () => `map[user:x ${name}:${secret} port:1]`,
      () => `${name} = "${secret}"`,
      () => `(${name}=${secret})`,
    ])()
    return inline(text, secret)
  }),
  named('name of several words', (random) => {
    const secret = opaque(random)
    const name = random.pick(['Secret access key', 'API key', 'Access Token', 'Client secret', 'Private key'])
    return inline(`${name}: ${secret}`, secret)
  }),
  named('SQL', (random) => {
    const secret = anyPassword(random).replace(/['\\]/g, 'x')
    return inline(`ALTER ROLE app WITH PASSWORD '${secret}'`, secret)
  }),
  named('number under a password name', (random) => {
    const secret = String(10_000_000 + random.int(89_999_999))
    return inline(`${passwordName(random)}${random.pick(['=', ': '])}${secret}`, secret)
  }),
  named('kubeconfig as text', (random) => {
    const secret = opaque(random)
    const key = Buffer.from(opaque(random)).toString('base64')
    const user = `    token: ${secret}\n    client-key-data: ${key}`
    return lines(`apiVersion: v1\nkind: Config\nusers:\n- name: admin\n  user:\n${user}`, secret, key)
  }),
  named('query parameter', (random) => {
    const secret = encodeURIComponent(opaque(random))
    const name = random.pick(['access_token', 'token', 'api_key', 'client_secret', 'password'])
    return inline(`GET /cb?state=${random.int(99)}&${name}=${secret}&lang=en HTTP/1.1`, secret)
  }),
]
