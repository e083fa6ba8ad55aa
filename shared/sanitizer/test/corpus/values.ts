import { ALNUM, BARE, BASE64URL, HEX, LOWER, PRINTABLE, type Random } from './random.ts'

/** An opaque credential without blanks: letters and digits, never a word. */
export function opaque(random: Random): string {
  const body = random.pick([
    () => random.string(ALNUM, random.between(16, 48)),
    () => random.string(HEX, random.pick([32, 40, 64])),
    () => random.string(BASE64URL, random.between(20, 64)),
    () => random.bytes(random.pick([24, 32])).toString('base64'),
    () => random.uuid(),
    () => `${word(random)}-${word(random)}-${random.int(90) + 10}-${word(random)}`,
  ])()
  return `${random.pick('abcdefXYZ'.split(''))}${random.int(10)}${body}`
}

/** A password as a generator or a person makes it, for places without quotes. */
export function password(random: Random): string {
  const body = random.chance(0.3) ? opaque(random) : random.string(BARE, random.between(10, 30))
  return `${body}${random.int(10)}${random.string(ALNUM, 1)}`
}

/** A password with any printable sign in it, for places where quotes or escapes protect it. */
export function anyPassword(random: Random): string {
  const body = random.string(PRINTABLE, random.between(10, 30))
  return `${body}${random.int(10)}${random.string(ALNUM, 1)}`
}

export function word(random: Random): string {
  return random.string(LOWER, random.between(4, 9))
}

const PASSWORD_NAMES = [
  'password', 'DB_PASSWORD', 'dbPassword', 'postgres-password', 'spring.datasource.password', 'passwd', 'PGPASSWORD',
  'adminPassword', 'MYSQL_ROOT_PASSWORD', 'passphrase', 'REDIS_PASSWORD', 'keystorePassword', 'smtp_pwd', 'root.pwd',
] as const // biome-ignore format: a word list
const TOKEN_NAMES = [
  'token', 'API_TOKEN', 'accessToken', 'refresh_token', 'github-token', 'api_key', 'apiKey', 'X-Api-Key', 'secretKey',
  'client_secret', 'clientSecret', 'AWS_SECRET_ACCESS_KEY', 'webhook-secret', 'credentials', 'privateKey', 'signingKey',
  'SESSION_SECRET', 'encryptionKey', 'NPM_TOKEN', 'hmac', 'sessionId', 'dsn', 'jwt', 'app.auth.secret',
] as const // biome-ignore format: a word list
const ENV_NAMES = [
  'STRIPE_KEY',
  'DATADOG_KEY',
  'LICENSE_KEY',
  'REGISTRY_AUTH',
  'JWT_SECRET_CURRENT',
  'TOKEN_OLD',
]

/** A name that says password. */
export const passwordName = (random: Random): string => random.pick(PASSWORD_NAMES)
/** A name that says secret of any kind. */
export const secretName = (random: Random): string => random.pick([...PASSWORD_NAMES, ...TOKEN_NAMES])
/** A name as environment variables have it. */
export const envName = (random: Random): string =>
  random.chance(0.4)
    ? random.pick(ENV_NAMES)
    : secretName(random)
        .replace(/([a-z])([A-Z])/g, '$1_$2')
        .replace(/[^A-Za-z0-9]+/g, '_')
        .toUpperCase()
