import type { Planted, TextClass } from '../planted.ts'
import { BASE64URL, HEX, type Random } from '../random.ts'
import { opaque, passwordName, secretName, word } from '../values.ts'

const claim = (name: string, plant: (random: Random) => Planted): TextClass => ({
  name,
  claimed: true,
  plant,
})
const inline = (text: string, ...secrets: string[]): Planted => ({ text, secrets })
const lines = (text: string, ...secrets: string[]): Planted => ({ text, secrets, lines: true })
const FIELDS = ['password', 'DB_PASSWORD', 'api_key', 'client_secret', 'X-Api-Key', 'accessToken'] as const

/** How particular languages, settings files and programs write a name and its value. */
export const notations: readonly TextClass[] = [
  claim('strings of several lines', (random) => {
    const [one, two, name] = [opaque(random), opaque(random), secretName(random)]
    return random.pick([
      () => inline(`${name} = '''${one}'''`, one),
      () => lines(`[db]\n${name} = """\n${one}\n${two}\n"""\nport = 1`, one, two),
      () => lines(`${name} = <<EOF\n${one}\n${two}\nEOF\nport = 1`, one, two),
      () => lines(`db:\n  ${name}: !binary |\n    ${one}\n    ${two}\n  port: 1`, one, two),
    ])()
  }),
  claim('dumps of Go and PHP', (random) => {
    const [secret, name] = [opaque(random), random.pick(FIELDS)]
    return random.pick([
      () => inline(`(string) (len=8) "${name}": (string) (len=${secret.length}) "${secret}"`, secret),
      () =>
        lines(` ${name}: (string) (len=${secret.length}) "${secret}",\n User: (string) (len=1) "x"`, secret),
      () => lines(`array(1) {\n  ["${name}"]=>\n  string(${secret.length}) "${secret}"\n}`, secret),
      () => inline(`a:1:{s:${name.length}:"${name}";s:${secret.length}:"${secret}";}`, secret),
    ])()
  }),
  claim('pairs and tuples', (random) => {
    const [secret, name] = [opaque(random), random.pick(FIELDS)]
    return random.pick([
      () => inline(`[('Accept', '*/*'), ('${name}', '${secret}')]`, secret),
      () => inline(`rawHeaders: [ '${name}', '${secret}', 'Host', 'x' ]`, secret),
      () => inline(`define('${name}', '${secret}');`, secret),
      () => inline(`{default_pass, <<"${secret}">>}`, secret),
    ])()
  }),
  claim('lists and nested values', (random) => {
    const [one, two] = [opaque(random), opaque(random)]
    return random.pick([
      () => inline(`{"passwords":["${one}","${two}"],"n":1}`, one, two),
      () => inline(`{"password":{"value":"${one}"},"n":1}`, one),
      () => inline(`  ~ ${passwordName(random)} = "${one}" -> "${two}"`, one, two),
    ])()
  }),
  claim('XML and property lists', (random) => {
    const [secret, name] = [opaque(random), random.pick(FIELDS)]
    return random.pick([
      () => inline(`<property name="hibernate.connection.password">${secret}</property>`, secret),
      () => inline(`<add key="${name}" value="${secret}" />`, secret),
      () => inline(`<property><name>${name}</name><value>${secret}</value></property>`, secret),
      () => lines(`<dict>\n<key>${name}</key>\n<string>${secret}</string>\n</dict>`, secret),
      () => inline(`<wsse:Password Type="http://x#PasswordText">${secret}</wsse:Password>`, secret),
      () => inline(`<password><![CDATA[${secret}]]></password>`, secret),
    ])()
  }),
  claim('name and value with a blank between', (random) => {
    const secret = opaque(random)
    return random.pick([
      () =>
        lines(
          `Key         Value\n---         -----\n${random.pick(['password', 'token', 'api_key'])}    ${secret}\nusername    app`,
          secret,
        ),
      () => inline(`machine x.example login bob password ${secret}`, secret),
      () => lines(`FROM x\nENV API_TOKEN ${secret}\nUSER 1`, secret),
      () => inline(`setenv DB_PASSWORD ${secret}`, secret),
      () => lines(`port 6379\nrequirepass ${secret}\nmasterauth ${secret}`, secret),
      () => inline(`Unseal Key ${random.between(1, 5)}: ${secret}`, secret),
    ])()
  }),
  claim('kubectl create secret', (random) => {
    const secret = opaque(random)
    const flag = random.pick([`--from-literal=${word(random)}=`, `--from-literal ${word(random)}=`])
    return inline(`kubectl create secret generic db -n shop ${flag}${secret} --dry-run=client`, secret)
  }),
  claim('Digest and Hawk header', (random) => {
    const secret = random.string(HEX, 32)
    return random.pick([
      () => inline(`Authorization: Digest username="x", realm="r", uri="/", response="${secret}"`, secret),
      () => inline(`Authorization: Hawk id="x", ts="1", mac="${secret}="`, secret),
    ])()
  }),
  claim('login sent back in a URL', (random) => {
    const secret = `${random.string(BASE64URL, random.between(30, 60))}7`
    return random.pick([
      () => inline(`GET /cb?state=x&code=${secret}&session_state=y HTTP/1.1`, secret),
      () => inline(`POST /acs?SAMLResponse=${secret}%3D&RelayState=x HTTP/1.1`, secret),
      () => inline(`GET /cb?oauth_token=x7&oauth_verifier=${secret} HTTP/1.1`, secret),
    ])()
  }),
  claim('JSON Web Key', (random) => {
    const secrets = [random.string(BASE64URL, 86), random.string(BASE64URL, 43), random.string(BASE64URL, 43)]
    const [d, p, q] = secrets
    return random.pick([
      () => inline(JSON.stringify({ kty: 'RSA', n: 'x', e: 'AQAB', d, p, q, use: 'sig' }), ...secrets),
      () => inline(JSON.stringify({ kty: 'oct', k: d, alg: 'HS256' }), d ?? ''),
      () => inline(JSON.stringify({ use: 'sig', kty: 'EC', crv: 'P-256', d: p, x: 'x', y: 'y' }), p ?? ''),
    ])()
  }),
]
