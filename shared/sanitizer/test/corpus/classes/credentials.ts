import type { Planted, TextClass } from '../planted.ts'
import { ALNUM, BASE64URL, type Random } from '../random.ts'
import { opaque, password, word } from '../values.ts'

const claim = (name: string, plant: (random: Random) => Planted): TextClass => ({
  name,
  claimed: true,
  plant,
})
const base64 = (text: string) => Buffer.from(text).toString('base64')

function header(name: string, value: string, random: Random): string {
  return random.pick([
    () => `${name}: ${value}`,
    () => `curl -H '${name}: ${value}' https://${word(random)}.example/v1`,
    () => `"${name}":"${value}"`,
    () => `map[Accept:[*/*] ${name}:[${value}] Host:[${word(random)}]]`,
    () => `{"${name}":["${value}"],"Accept":["*/*"]}`,
  ])()
}

/** A JSON Web Token: signed, or encrypted with five parts. */
function jsonWebToken(random: Random): string {
  const part = (fields: object) => Buffer.from(JSON.stringify(fields)).toString('base64url')
  const head = random.pick([
    { alg: 'RS256', kid: random.string(BASE64URL, 43) },
    { alg: 'HS256', typ: 'JWT' },
    { typ: 'JWT', alg: 'ES256' },
    { kid: random.uuid(), alg: 'RS256' },
  ])
  if (random.chance(0.15)) {
    const rest = [0, 16, 120, 22].map((length) => random.string(BASE64URL, length))
    return [part({ alg: 'dir', enc: 'A256GCM' }), ...rest].join('.')
  }
  const claims = {
    iss: 'kubernetes/serviceaccount',
    sub: `system:serviceaccount:${word(random)}:${word(random)}`,
    exp: 1_800_000_000 + random.int(1e8),
    aud: ['https://kubernetes.default.svc'],
  }
  return `${part(head)}.${part(claims)}.${random.string(BASE64URL, random.pick([43, 86, 342]))}`
}

/** Credentials that are recognised by how they look or by the header, URL or connection string around them. */
export const credentials: readonly TextClass[] = [
  claim('JWT', (random) => {
    const token = jsonWebToken(random)
    return { text: token, secrets: [token] }
  }),
  claim('Authorization header', (random) => {
    const [scheme, secret] = random.pick([
      () => ['Bearer ', opaque(random)],
      () => ['Basic ', base64(`${word(random)}:${password(random)}`)],
      () => ['Token ', opaque(random)],
      () => ['bearer ', random.string(BASE64URL, 64)],
      () => ['', opaque(random)],
    ])() as [string, string]
    const name = random.pick(['Authorization', 'authorization', 'Proxy-Authorization'])
    return { text: header(name, scheme + secret, random), secrets: [secret] }
  }),
  claim('Bearer without header', (random) => {
    const secret = random.string(BASE64URL, random.between(24, 64))
    return { text: `bearer ${secret}`, secrets: [secret] }
  }),
  claim('Cookie header', (random) => {
    const secret = opaque(random)
    const name = random.pick(['session', 'sid', '_oauth2_proxy', 'JSESSIONID'])
    return random.chance(0.5)
      ? { text: header('Cookie', `${name}=${secret}; theme=dark`, random), secrets: [secret] }
      : { text: header('Set-Cookie', `${name}=${secret}; Path=/; HttpOnly`, random), secrets: [secret] }
  }),
  claim('URL userinfo', (random) => {
    const encoded = encodeURIComponent(password(random))
    // Behind a few digits a slash ends what reads as a port.
    const secret = random.chance(0.5) ? encoded : encoded.replace(/(?<!^\d{0,5})%2F/g, '/')
    const scheme = random.pick([
      'postgres',
      'mysql',
      'amqp',
      'redis',
      'mongodb+srv',
      'https',
      'postgresql+asyncpg',
    ])
    const user = random.pick(['', word(random)])
    return {
      text: `${scheme}://${user}:${secret}@${word(random)}.svc:5432/${word(random)}`,
      secrets: [secret],
    }
  }),
  {
    ...claim('URL token as user', (random) => {
      const secret = `${random.string(ALNUM, 20)}7a`
      return { text: `https://${secret}@git.example/${word(random)}.git`, secrets: [secret] }
    }),
    except: { 'cut at the end': 'what is left looks like a host name' },
  },
  {
    ...claim('Go driver string', (random) => {
      const secret = opaque(random)
      return { text: `${word(random)}:${secret}@tcp(db:3306)/app?parseTime=true`, secrets: [secret] }
    }),
    except: { 'cut at the end': 'only what stands behind the password tells that it is one' },
  },
  claim('connection string', (random) => {
    const secret = opaque(random)
    const text = random.pick([
      () => `jdbc:oracle:thin:scott/${secret}@db:1521/x`,
      () => `Server=db;User Id=sa;Password=${secret};Encrypt=true`,
      () => `AccountName=${word(random)};AccountKey=${secret};EndpointSuffix=core.windows.net`,
      () => `CREATE USER app IDENTIFIED BY '${secret}'`,
      () => `host=db user=app password=${secret} dbname=app sslmode=disable`,
      () => `jdbc:sqlserver://db:1433;user=sa;password=${secret};database=x`,
    ])()
    return { text, secrets: [secret] }
  }),
  claim('signed URL', (random) => {
    const signature = encodeURIComponent(random.bytes(32).toString('base64'))
    const hex = random.bytes(32).toString('hex')
    return random.pick([
      () => ({
        text: `https://x.blob.core.windows.net/c/y?sv=2024-11-04&se=2026&sig=${signature}`,
        secrets: [signature],
      }),
      () => ({
        text: `https://s3.example/b/k?X-Amz-Algorithm=AWS4-HMAC-SHA256&X-Amz-Signature=${hex}&x-id=GetObject`,
        secrets: [hex],
      }),
      () => ({ text: `https://storage.example/b/k?X-Goog-Signature=${hex}`, secrets: [hex] }),
    ])()
  }),
  {
    ...claim('bootstrap token', (random) => {
      const id = random.string('abcdefghijklmnopqrstuvwxyz0123456789', 6)
      const secret = `${random.string('abcdefghijklmnopqrstuvwxyz0123456789', 15)}${random.int(10)}`
      return { text: `kubeadm join with ${id}.${secret}`, secrets: [secret] }
    }),
    except: { 'cut at the end': 'what is left looks like a file or host name' },
  },
  claim('docker config', (random) => {
    const secret = base64(`${word(random)}:${password(random)}`)
    const auths = { auths: { 'registry.example:5000': { auth: secret } } }
    return { text: JSON.stringify(auths, null, random.pick([0, 2])), secrets: [secret] }
  }),
]
