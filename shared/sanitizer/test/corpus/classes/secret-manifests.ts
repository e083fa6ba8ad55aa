import type { Planted, TextClass } from '../planted.ts'
import type { Random } from '../random.ts'
import { anyPassword, opaque, word } from '../values.ts'

const claim = (name: string, plant: (random: Random) => Planted): TextClass => ({
  name,
  claimed: true,
  plant,
})
const base64 = (text: string) => Buffer.from(text).toString('base64')
const lines = (text: string, secrets: readonly string[]): Planted => ({ text, secrets, lines: true })
const indent = (text: string, by: string) => text.replace(/^(?=.)/gm, by)
/** Keys that say nothing of what stands under them. */
const key = (random: Random) =>
  random.pick([`x${word(random)}`, `${word(random)}.yaml`, `${word(random)}_${word(random)}`])
const encoded = (random: Random) => base64(random.chance(0.5) ? opaque(random) : anyPassword(random))

type Manifest = { object: Record<string, unknown>; secrets: string[] }

function manifest(random: Random, name = word(random)): Manifest {
  const head = {
    apiVersion: 'v1',
    kind: 'Secret',
    metadata: { name, namespace: 'shop', labels: { app: 'web' } },
  }
  const secrets = [encoded(random), encoded(random)]
  const data = { [key(random)]: secrets[0], [key(random)]: secrets[1] }
  if (random.chance(0.3)) {
    const remark = anyPassword(random)
    return { object: { ...head, stringData: { [key(random)]: remark }, type: 'Opaque' }, secrets: [remark] }
  }
  if (random.chance(0.5)) return { object: { ...head, data, type: 'Opaque' }, secrets }
  // As kubectl and the API server write it: by alphabet.
  return {
    object: { apiVersion: 'v1', data, kind: 'Secret', metadata: head.metadata, type: 'Opaque' },
    secrets,
  }
}

/** YAML as kubectl writes it. */
function yaml(random: Random): { text: string; secrets: string[] } {
  const secrets = [encoded(random), encoded(random)]
  const quote = random.pick(['', '', '"', "'"])
  const data = `data:\n  ${quote}${key(random)}${quote}: ${quote}${secrets[0]}${quote}\n  ${key(random)}: ${secrets[1]}\n`
  const metadata = `metadata:\n  labels:\n    app: web\n  name: ${word(random)}\n`
  const kind = random.pick(['kind: Secret\n', 'kind: Secret # keep\n', 'kind: "Secret"\n'])
  const text = random.pick([
    () => `apiVersion: v1\n${data}${kind}${metadata}type: Opaque\n`,
    () => `${kind}apiVersion: v1\n${metadata}\n${data}`,
    () => `apiVersion: v1\n${kind}${metadata}type: Opaque\n${data}immutable: true\n`,
  ])()
  return { text, secrets }
}

function blocks(random: Random): Planted {
  const secrets = [opaque(random), opaque(random), opaque(random), anyPassword(random)]
  const [one, two, three, four = ''] = secrets
  const sign = random.pick(['|', '>', '|-', '>-', '|2'])
  const file = `    first ${one}\n\n    other:\n      deeper: ${two}\n`
  return lines(
    `apiVersion: v1\nkind: Secret\nmetadata:\n  name: x\nstringData:\n  # a note\n  ${key(random)}: ${sign}\n${file}` +
      `  ${key(random)}:\n    ${three}\n  ${key(random)}: ${JSON.stringify(four)}\ntype: Opaque\n`,
    secrets,
  )
}

const configMap = 'apiVersion: v1\ndata:\n  mode: production\nkind: ConfigMap\nmetadata:\n  name: app\n'

function several(random: Random): Planted {
  const [first, second] = [yaml(random), yaml(random)]
  const secrets = [...first.secrets, ...second.secrets]
  const item = (text: string) => `- ${indent(text, '  ').slice(2)}`
  return random.pick([
    () =>
      lines(
        `${configMap}---\n${first.text}---\n# Source: web/templates/secret.yaml\n${second.text}`,
        secrets,
      ),
    () =>
      lines(
        `apiVersion: v1\nitems:\n${item(configMap)}${item(first.text)}${item(second.text)}kind: List\n`,
        secrets,
      ),
    () =>
      lines(
        `kind: ConfigMap\ndata:\n  all.yaml: |\n${indent(`${first.text}---\n${second.text}`, '    ')}`,
        secrets,
      ),
    () => lines(`  items:\n${indent(item(first.text) + item(second.text), '  ')}`, secrets),
  ])()
}

function json(random: Random): Planted {
  const [one, two] = [manifest(random), manifest(random)]
  const secrets = [...one.secrets, ...two.secrets]
  const bare = ({ kind: _kind, apiVersion: _version, ...rest }: Record<string, unknown>) => rest
  return random.pick([
    () => ({ text: JSON.stringify(one.object), secrets: one.secrets }),
    () => lines(JSON.stringify(one.object, null, random.pick([2, 4])), one.secrets),
    () => ({
      text: JSON.stringify({ apiVersion: 'v1', items: [one.object, two.object], kind: 'List' }),
      secrets,
    }),
    () => lines(JSON.stringify({ kind: 'List', items: [one.object, two.object] }, null, 2), secrets),
    () => ({
      text: JSON.stringify({ kind: 'SecretList', items: [bare(one.object), bare(two.object)] }),
      secrets,
    }),
    () => ({ text: `{"request":{"object":${JSON.stringify(one.object)},"old":null}}`, secrets: one.secrets }),
  ])()
}

function flow(random: Random): Planted {
  const [one, two] = [encoded(random), opaque(random)]
  const name = () => key(random)
  return random.pick([
    () => ({
      text: `{kind: Secret, data: {${name()}: ${one}}, stringData: {${name()}: '${two}'}}`,
      secrets: [one, two],
    }),
    () => ({
      text: `{'apiVersion': 'v1', 'data': {'${name()}': '${one}'}, 'kind': 'Secret'}`,
      secrets: [one],
    }),
    () => ({ text: `{"kind"=>"Secret", "data"=>{"${name()}"=>"${one}"}}`, secrets: [one] }),
    () => ({
      text: `Secret(apiVersion=v1, data={${name()}=${one}}, kind=Secret, type=Opaque)`,
      secrets: [one],
    }),
    () =>
      lines(`kind: Secret\ndata: {${name()}: ${one},\n  ${name()}: "${one}"}\nmetadata: {name: x}`, [one]),
  ])()
}

function prefixed(random: Random): Planted {
  const { text, secrets } = random.chance(0.5) ? yaml(random) : blocks(random)
  const prefix = random.pick([
    // Trailing zeros are left out: the prefix has no fixed width.
    (n: number) => `2026-11-21T10:00:0${n % 10}.${'123456789'.slice(0, 1 + (n % 9))}Z `,
    () => 'app-1  | ',
    () => '[pod/web-7d9f8b6c5d-x2x4z/app] ',
    (n: number) => `[pod/web-1/app] 2026-11-21T10:00:0${n % 10}Z `,
    (n: number) => `2026-11-21 10:00:0${n % 10},123 INFO  [main] c.e.Foo - `,
    (n: number) => `     ${n}\t`,
  ])
  return lines(
    text
      .trimEnd()
      .split('\n')
      .map((line, n) => prefix(n) + line)
      .join('\n'),
    secrets,
  )
}

function changed(random: Random): Planted {
  const { text, secrets } = yaml(random)
  const rows = text.trimEnd().split('\n')
  const signs = random.pick([['+'], ['-'], [' ', '+', '-']])
  const body = rows
    .map((row) => (/^ {2}\S/.test(row) ? random.pick(signs) : (signs[0] ?? ' ')) + row)
    .join('\n')
  return lines(`@@ -1,9 +1,9 @@\n${body}`, secrets)
}

/** As Go prints objects: unstructured ones as maps, typed ones as structs with bytes as numbers. */
function goDump(random: Random): Planted {
  const [one, two, plain] = [encoded(random), encoded(random), opaque(random)]
  const bytes = [...Buffer.from(opaque(random))].join(' ')
  const name = () => key(random)
  return random.pick([
    () => ({
      text: `map[apiVersion:v1 data:map[${name()}:${one} ${name()}:${two}] kind:Secret metadata:map[name:x] type:Opaque]`,
      secrets: [one, two],
    }),
    () => ({ text: `map[apiVersion:v1 kind:Secret stringData:map[${name()}:${plain}]]`, secrets: [plain] }),
    () => ({
      text: `&Secret{ObjectMeta:{db},Data:map[string][]byte{${name()}: [${bytes}],},Type:Opaque,StringData:map[string]string{${name()}: ${plain},},}`,
      secrets: [bytes, plain],
    }),
  ])()
}

/** Manifests of Secrets as text: whatever stands in their data is secret, under whatever key. */
export const secretManifests: readonly TextClass[] = [
  claim('Secret manifest, YAML', (random) => {
    const { text, secrets } = yaml(random)
    return lines(text, secrets)
  }),
  claim('Secret manifest, blocks and comments', blocks),
  claim('Secret manifests, several or inside', several),
  claim('Secret manifest, JSON', json),
  claim('Secret manifest, flow style', flow),
  claim('Secret manifest as Go prints it', goDump),
  claim('Secret manifest behind log prefixes', prefixed),
  claim('Secret manifest in a diff', changed),
]
