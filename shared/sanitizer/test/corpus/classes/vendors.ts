import { VENDORS, type VendorRow } from '../../../src/patterns/vendor-table.ts'
import type { TextClass } from '../planted.ts'
import { ALNUM, BASE64URL, HEX, type Random } from '../random.ts'

const UPPER = ALNUM.slice(0, 26)
const digits = (random: Random, length: number) => random.string('0123456789', length)
/** A body that a word cannot be: behind `sk-`, `npm_` and `hf_` only a digit or a capital tells. */
const unlikeWord = (random: Random, length: number) => {
  const body = random.string(ALNUM, length)
  return /[A-Z0-9]/.test(body.slice(0, 8)) ? body : `7${body.slice(1)}`
}

// Bodies as each vendor makes them, by class and, where one class has several, by prefix.
const BODIES: Readonly<Record<string, (random: Random) => string>> = {
  'aws-access-key': (random) => random.string(`${UPPER}234567`, 16),
  'github-token': (random) => random.string(ALNUM, 36),
  github_pat_: (random) => `${random.string(ALNUM, 22)}_${random.string(ALNUM, 59)}`,
  'gitlab-token': (random) => random.string(BASE64URL, random.pick([20, 27])),
  'slack-token': (random) => `${digits(random, 12)}-${digits(random, 12)}-${random.string(ALNUM, 24)}`,
  'slack-webhook': (random) =>
    `T${random.string(UPPER, 8)}/B${random.string(UPPER, 8)}/${random.string(ALNUM, 24)}`,
  'stripe-key': (random) => random.string(ALNUM, random.pick([24, 99])),
  'google-api-key': (random) => random.string(BASE64URL, 35),
  'google-oauth': (random) => random.string(BASE64URL, 28),
  'ya29.': (random) => `a0${random.string(BASE64URL, random.between(60, 200))}`,
  'npm-token': (random) => unlikeWord(random, 36),
  'pypi-token': (random) => random.string(BASE64URL, 150),
  'vault-token': (random) => `CAES${random.string(BASE64URL, random.pick([24, 91]))}`,
  'ai-api-key': (random) => random.string(BASE64URL, random.between(40, 95)),
  'sk-': (random) => unlikeWord(random, 48),
  gsk_: (random) => random.string(ALNUM, 52),
  'hugging-face-token': (random) => unlikeWord(random, 34),
  'sendgrid-key': (random) => `${random.string(BASE64URL, 22)}.${random.string(BASE64URL, 43)}`,
  'twilio-key': (random) => random.string(HEX, 31),
  'digitalocean-token': (random) => random.string(HEX, 64),
  'age-secret-key': (random) => `1${random.string(`${UPPER}023456789`, 58)}`,
  'shopify-token': (random) => random.string(HEX, 32),
  'doppler-token': (random) => random.string(ALNUM, 43),
  'grafana-token': (random) => `${random.string(ALNUM, 32)}_${random.string(HEX, 8)}`,
  glc_: (random) => random.bytes(90).toString('base64'),
  'databricks-token': (random) => random.string(HEX, 32),
  'docker-token': (random) => random.string(BASE64URL, 27),
  'linear-key': (random) => random.string(ALNUM, 40),
  'atlassian-token': (random) => `xFfGF0${random.string(`${BASE64URL}=`, 180)}`,
  'postman-key': (random) => `${random.string(HEX, 24)}-${random.string(HEX, 34)}`,
  'newrelic-key': (random) => random.string(`${UPPER}0123456789`, 27),
  'mailchimp-key': (random) => random.string(HEX, 32),
  'teleport-token': (random) => `auth-${random.string(ALNUM, 12)}CNTRL-${random.string(ALNUM, 32)}`,
  'argon-hash': (random) => `${random.string(ALNUM, 22)}$${random.string(ALNUM, 43)}`,
  'password-hash': (random) => `12$${random.string(`${ALNUM}./`, 53)}`,
  $apr1$: (random) => `${random.string(ALNUM, 8)}$${random.string(`${ALNUM}./`, 22)}`,
  $5$: (random) =>
    `${random.pick(['', 'rounds=5000$'])}${random.string(ALNUM, 16)}$${random.string(`${ALNUM}./`, 43)}`,
  $6$: (random) => `${random.string(ALNUM, 16)}$${random.string(`${ALNUM}./`, 86)}`,
  $y$: (random) => `j9T$${random.string(ALNUM, 22)}$${random.string(`${ALNUM}./`, 43)}`,
  '{SSHA': (random) => random.bytes(28).toString('base64'),
  '{SHA': (random) => random.bytes(20).toString('base64'),
  'discord-webhook': (random) => random.string(BASE64URL, 68),
  'teams-webhook': (random) =>
    `${random.uuid()}@${random.uuid()}/IncomingWebhook/${random.string(HEX, 32)}/${random.uuid()}`,
  'square-token': (random) => random.string(BASE64URL, 22),
  'telegram-token': (random) => random.string(BASE64URL, 33),
  'azure-key': (random) => random.string(`${ALNUM}_.~-`, 34),
}

// What every credential of its kind has behind its prefix tells nothing.
const PUBLIC: Readonly<Record<string, string>> = {
  'hooks.slack.com/': 'services/',
  $argon2: 'id$v=19$m=65536,t=3,p=4$',
  'pypi-': 'AgEIcHlwaS5vcmc',
  '{SSHA': '}',
  '{SHA': '512}',
  'discord.com/api/webhooks/': '123456789012345678/',
}

function vendorClass(row: VendorRow): TextClass {
  const body = BODIES[row.prefix] ?? BODIES[row.kind]
  if (!body) throw new Error(`no generator for ${row.kind} ${row.prefix}`)
  return {
    name: `${row.kind} ${row.prefix}`,
    claimed: true,
    plant(random) {
      const secret = body(random)
      const before =
        row.kind === 'telegram-token' ? digits(random, 10) : row.inside ? random.string(ALNUM, 3) : ''
      return { text: `${before}${row.prefix}${PUBLIC[row.prefix] ?? ''}${secret}`, secrets: [secret] }
    },
  }
}

const awsPair: TextClass = {
  name: 'AWS secret key beside its id',
  claimed: true,
  plant(random) {
    const id = random.string(`${UPPER}234567`, 16)
    const secret = `a${random.string(`${ALNUM}+/`, 38)}Z`
    const between = random.pick([',', ' ', ' / ', '":"', '\t'])
    return { text: `AKIA${id}${between}${secret}`, secrets: [id, secret] }
  },
}

/** One class for every row of the vendor table. */
export const vendors: readonly TextClass[] = [...VENDORS.map(vendorClass), awsPair]
