import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { createSanitizer } from '../src/index.ts'

const blind = createSanitizer({ key: 'test key' }).blind()
const clean = (text: string) => blind.text(text) as string
const V = 'c2VjcmV0LXZhbHVlLW9uZQ=='
const MARK = '[redacted:secret]'
const YAML = `apiVersion: v1\ndata:\n  blob: ${V}\nkind: Secret\nmetadata:\n  name: db\n`
const CONFIG = 'apiVersion: v1\ndata:\n  mode: production\nkind: ConfigMap\nmetadata:\n  name: app\n'
const prefixed = (text: string, prefix: string) => text.trimEnd().replace(/^/gm, prefix)

/** Text in which each `V` must become a mark, and nothing else may change. */
const masked: [string, string][] = [
  ['as kubectl prints it', YAML],
  ['kind first', `kind: Secret\nstringData:\n  remark: ${V}\n`],
  ['among other documents', `${CONFIG}---\n${YAML}---\n${CONFIG}`],
  ['without a sign between documents', `${CONFIG}${YAML}${CONFIG}`],
  [
    'in a list',
    `items:\n- apiVersion: v1\n  data:\n    blob: ${V}\n  kind: Secret\n- kind: ConfigMap\n  data:\n    a: b\n`,
  ],
  ['in a typed list', `kind: SecretList\nitems:\n- metadata:\n    name: a\n  data:\n    blob: ${V}\n`],
  [
    'in a ConfigMap',
    `kind: ConfigMap\ndata:\n  all.yaml: |\n    kind: Secret\n    data:\n      blob: ${V}\n  mode: x\n`,
  ],
  ['blocks', `kind: Secret\nstringData:\n  a: |\n    ${V}\n  b: >-\n    ${V}\n  c:\n    ${V}\n`],
  ['quoted keys and tags', `"kind": "Secret"\n"data":\n  'blob': '${V}'\n  two: "${V}"\n`],
  ['flow style', `{kind: Secret, data: {blob: ${V}}, metadata: {name: x}}`],
  [
    'a long line in flow style',
    `kind: Secret\ndata: {blob: ${V}, ${'x'.repeat(300)}: ${V}}\nmetadata: {name: x}\n`,
  ],
  ['flow style in lines', `kind: Secret\ndata: {blob: ${V},\n  two: ${V}}\nmetadata: {name: x}\n`],
  ['JSON', `{"apiVersion":"v1","data":{"blob":"${V}"},"kind":"Secret","metadata":{"name":"x"}}`],
  [
    'JSON in JSON in JSON',
    JSON.stringify({ log: JSON.stringify({ msg: JSON.stringify({ kind: 'Secret', data: { blob: V } }) }) }),
  ],
  [
    'JSON in lines behind times',
    prefixed(JSON.stringify({ data: { blob: V }, kind: 'Secret' }, null, 2), '2026-11-21T10:00:00Z '),
  ],
  [
    'a typed list as JSON',
    `{"items":[{"data":{"blob":"${V}"},"metadata":{"name":"x"}}],"kind":"SecretList"}`,
  ],
  ['Python', `{'data': {'blob': '${V}'}, 'kind': 'Secret'}`],
  ['Python, an item of a list', `{'data': {'blob': '${V}'}, 'kind': None, 'type': 'Opaque'}`],
  ['Java', `Secret(apiVersion=v1, data={blob=${V}, two=${V}}, immutable=null, kind=Secret, type=Opaque)`],
  ['Ruby', `{"kind"=>"Secret", "data"=>{"blob"=>"${V}"}}`],
  ['Go', `map[apiVersion:v1 data:map[blob:${V} two:${V}] kind:Secret metadata:map[name:x]]`],
  ['a diff', `@@ -1,3 +1,3 @@\n apiVersion: v1\n data:\n-  blob: ${V}\n+  blob: ${V}\n kind: Secret\n`],
  ['behind a log prefix with a dash', prefixed(YAML, '2026-11-21 10:00:00,123 INFO  [main] c.e.Foo - ')],
  ['behind two prefixes', prefixed(YAML, '[pod/web-1/app] 2026-11-21T10:00:00Z ')],
  [
    'kind in the line of another message',
    `10:00:00 INFO applying kind: Secret\nmetadata:\n  name: x\ndata:\n  blob: ${V}\n`,
  ],
  ['describe with values', `Name:  db\nType:  Opaque\n\nData\n====\nblob:  ${V}\ntwo:  12 bytes\n`],
  ['cut before its kind', `apiVersion: v1\ndata:\n  blob: ${V}\nki`],
  ['cut in its kind', `apiVersion: v1\ndata:\n  blob: ${V}\nkind: Sec`],
  ['nothing but stringData', `stringData:\n  remark: ${V}\n`],
  ['by its type', `data:\n  blob: ${V}\ntype: kubernetes.io/tls\n`],
]

const untouched: [string, string][] = [
  ['a ConfigMap', CONFIG],
  ['a ConfigMap, cut', CONFIG.slice(0, 40)],
  ['another kind', 'kind: SecretStore\ndata:\n  blob: a1b2c3d4\n'],
  ['a Secret without data beside a ConfigMap', `kind: Secret\nmetadata:\n  name: x\n---\n${CONFIG}`],
  ['a reference', 'target:\n  kind: Secret\n  name: x\ndata:\n  count: 5\nkind: Thing\n'],
  ['a mention', 'every kind: Secret needs data: and a name'],
  ['data of something else', '{"data":{"id":"a1b2c3d4e5f6"},"kind":"Page"}'],
  [
    'empty values, templates and marks',
    `kind: Secret\ndata:\n  a: ""\n  b: {{ .Values.b | b64enc }}\n  c: ${MARK}\n`,
  ],
]

describe('every value of a Secret', () => {
  test.each(masked)('%s', (_name, text) => {
    const result = clean(text)
    expect(result).toBe(text.replaceAll(V, MARK))
    expect(clean(result)).toBe(result)
  })
})

describe('what is none', () => {
  test.each(untouched)('%s', (_name, text) => {
    expect(clean(text)).toBe(text)
  })
})

test('values of any form in YAML and JSON, cut anywhere behind the kind', () => {
  const value = fc.string({ unit: 'grapheme-ascii', minLength: 9, maxLength: 40 }).map((text) => `x9${text}`)
  fc.assert(
    fc.property(value, fc.nat(), fc.boolean(), (secret, at, isJson) => {
      const quoted = JSON.stringify(secret)
      const head = isJson ? '{"kind":"Secret","stringData":{"a":' : 'kind: Secret\nstringData:\n  a: '
      const text = `${head}${quoted}${isJson ? '}}' : '\ntype: Opaque\n'}`
      const result = clean(text.slice(0, head.length + 9 + (at % quoted.length)))
      for (let i = 0; i + 8 <= quoted.length - 2; i++)
        expect(result).not.toContain(quoted.slice(1 + i, 9 + i))
    }),
    { numRuns: 500 },
  )
})
