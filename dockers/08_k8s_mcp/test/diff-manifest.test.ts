import { parseManifest } from '@gatehouse/kubernetes'
import { type ClusterHandle, sharedCluster } from '@gatehouse/testing'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type Answer, type Body, type Running, start } from './harness.ts'

const DIFF = 'infra.k8s.apply.diffManifest'

let cluster: ClusterHandle
let server: Running
let namespace: string

beforeAll(async () => {
  cluster = await sharedCluster()
  namespace = await cluster.freshNamespace('diff')
  server = await start({ KUBECONFIG: cluster.kubeconfig })
  await cluster.apply(LIVE.replaceAll('NS', namespace))
})

afterAll(async () => server?.[Symbol.asyncDispose]())

const diff = (yamlContent: string, headers: Record<string, string> = {}): Promise<Answer> =>
  server.call(DIFF, {}, { body: JSON.stringify({ namespace, yamlContent }), headers })
const one = async (yaml: string): Promise<Body> => (await diff(yaml)).body.documents[0]

const configMap = (data: string, name = 'settings') =>
  `apiVersion: v1\nkind: ConfigMap\nmetadata: {name: ${name}}\ndata: ${data}\n`

describe('a manifest', () => {
  it('that adds a field shows it', async () => {
    expect(await one(configMap('{extra: "1", theme: winter}'))).toEqual({
      document: 1,
      object: `v1 ConfigMap ${namespace}/settings`,
      action: 'change',
      changes: [{ path: 'data.extra', new: '"1"' }],
    })
  })

  it('that changes nothing says so', async () => {
    const document = await one(configMap('{theme: winter}'))
    expect([document.action, document.changes]).toEqual(['unchanged', []])
  })

  it('that creates an object shows what it says', async () => {
    const document = await one(
      `apiVersion: v1\nkind: Service\nmetadata: {name: new, labels: {a: b}}\nspec: {externalIPs: [192.0.2.9], ports: [{port: 80}]}`,
    )
    expect(document.action).toBe('create')
    expect(document.changes).toContainEqual({ path: 'metadata', new: '{"labels":{"a":"b"}}' })
    expect(document.warnings).toEqual([expect.stringContaining('externalIPs is deprecated')])
  })

  it('that touches fields of another manager names them, and both values', async () => {
    const document = await one(configMap('{theme: summer}'))
    expect(document).toMatchObject({
      action: 'refused',
      refused: 'it would change fields that belong to kubectl',
      conflicts: [{ manager: 'kubectl', field: 'data.theme' }],
      changes: [{ path: 'data.theme', old: 'winter', new: 'summer' }],
    })
  })

  it('with unknown fields names all of them, and the nearest ones', async () => {
    const { refused, unknownFields } = await one(
      `apiVersion: v1\nkind: Pod\nmetadata: {name: p}\nspec: {containers: [{name: a, imgae: x}], restartpolicy: Never}`,
    )
    expect(unknownFields).toEqual(['spec.containers[0].imgae', 'spec.restartpolicy'])
    expect(refused).toMatch(/imgae, did you mean image\?.*restartpolicy, did you mean restartPolicy/)
  })

  it('that the cluster refuses gives its reason, and the other documents are still judged', async () => {
    const { body } = await diff(
      [
        'apiVersion: v1\nkind: Pod\nmetadata: {name: p}\nspec: {containers: []}',
        `apiVersion: v1\nkind: Namespace\nmetadata: {name: ${namespace}-later}`,
        `apiVersion: v1\nkind: ConfigMap\nmetadata: {name: c, namespace: ${namespace}-later}`,
        'apiVersion: example.com/v1\nkind: Gizmo\nmetadata: {name: w}',
        'apiVersion: v1\nkind: Deployment\nmetadata: {name: w}',
        configMap('{extra: "1"}'),
      ].join('\n---\n'),
    )
    const [pod, made, inside, widget, moved, last] = body.documents
    expect(pod.refused).toMatch(/spec.containers: Required value/)
    expect(made.action).toBe('create')
    expect(inside.refused).toBe(
      `namespace "${namespace}-later" does not exist yet; document 2 makes it, which a dry run cannot anticipate`,
    )
    expect(widget.refused).toMatch(/^This cluster has no kind "Gizmo" in example.com\/v1/)
    expect(moved.refused).toBe('Deployment is not in v1 but in apps/v1')
    expect(last.action).toBe('change')
  })

  it('reads as text', async () => {
    const { content } = await server.tool(DIFF, { namespace, yamlContent: configMap('{theme: summer}') })
    expect(content[0].text).toContain('dry run, nothing was changed')
    expect(content[0].text).toContain('conflict: data.theme belongs to kubectl')
    expect(content[0].text).toContain('data.theme: winter → summer')
  })

  it.each([
    ['a: 1\na: 2', /line 2: duplicated mapping key/],
    ['apiVersion: v1\nmetadata: {name: a}', /document 1: kind is missing/],
    ['apiVersion: v1\nkind: Pod\nmetadata: {generateName: a-}', /generateName cannot be applied/],
    ['apiVersion: v1\nkind: List\nitems: []', /a List has no name of its own/],
  ])('%j is refused as a whole', async (yaml, message) => {
    const { status, body } = await diff(yaml)
    expect(body.message ?? body.detail).toMatch(message)
    expect(status).toBe(400)
  })
})

describe('secrets', () => {
  const secret = (value: string) =>
    `apiVersion: v1\nkind: Secret\nmetadata: {name: keys}\nstringData: {token: ${value}}`

  it('show that they are given, never as values, digests or sizes', async () => {
    const { body, text } = await diff(secret('a-new-value-0987'))
    expect(body.documents[0].changes).toEqual([
      { path: 'data.token', old: '[redacted:secret]', new: '[redacted:given-not-compared]' },
    ])
    for (const value of [
      'a-new-value',
      'the-old-value',
      btoa('a-new-value-0987'),
      btoa('the-old-value-12345'),
    ]) {
      expect(text).not.toContain(value)
    }
  })

  it('answer the same to a wrong guess and to a right one, whoever owns the field', async () => {
    const [right, wrong] = [await one(secret('the-old-value-12345')), await one(secret('"4712"'))]
    expect(right).toEqual(wrong)
    expect(right.action).toBe('change')
    const password = (value: string) =>
      `apiVersion: v1\nkind: Pod\nmetadata: {name: app}\nspec: {containers: [{name: app, image: "i:1", env: [{name: DB_PASSWORD, value: ${value}}]}]}`
    expect(await one(password('Live-pass-1'))).toEqual(await one(password('Other-pass-2')))
    expect((await one(password('Other-pass-2'))).changes).toEqual([
      {
        path: 'spec.containers[app].env[DB_PASSWORD].value',
        old: expect.stringMatching(/^\[redacted:[a-z-]+\]$/),
        new: '[redacted:given-not-compared]',
      },
    ])
  })

  it('of a new object are given too, in text and data', async () => {
    const yaml = secret('a-new-value-0987, password: b, pin: "3", key: d').replace(
      'name: keys',
      'name: fresh',
    )
    const { content } = await server.tool(DIFF, { namespace, yamlContent: yaml })
    expect(content[0].text).toContain('+ data.token: [redacted:given-not-compared]')
    const { changes } = await one(yaml)
    expect(changes).toHaveLength(4)
    for (const change of changes) expect(change.new).toBe('[redacted:given-not-compared]')
    const [short] = (await one(yaml.replace(', password: b, pin: "3", key: d', ''))).changes
    expect(short).toEqual({ path: 'data', new: '{"token":"[redacted:given-not-compared]"}' })
  })

  it('have no digest in what names them, nor in errors', async () => {
    const { text } = await diff(configMap('{"password=4711": "x password=4711 y"}', 'fresh'))
    const refused = await diff('apiVersion: v1\nkind: "password=4711"\nmetadata: {name: a}')
    const broken = await diff('apiVersion: v1\nkind: "password=4711"')
    for (const reply of [text, refused.text, broken.text]) {
      expect(reply).not.toContain('4711')
      expect(reply).not.toMatch(/redacted:[a-z-]+:[0-9a-f]{12}/)
    }
  })

  it('do not come back in a refusal: neither those given nor those there', async () => {
    const yaml = `apiVersion: v1\nkind: Pod\nmetadata: {name: app}\nspec: {containers: [{name: app, workingDir: /x}]}`
    const { refused } = await one(yaml)
    expect(refused).toMatch(/pod updates may not change fields/)
    expect(refused).not.toContain('@@')
    const job = `apiVersion: batch/v1\nkind: Job\nmetadata: {name: job}\nspec: {template: {spec: {containers: [{name: app, workingDir: /x}]}}}`
    const { refused: template } = await one(job)
    expect(template).toMatch(/spec.template: Invalid value: ?…/)
    expect(template).not.toContain('Live-pass-1')
  })
})

describe('the cluster', () => {
  it('is not changed: every write is a dry run, and the object keeps its version', async () => {
    const settings = ['get', 'configmap', 'settings', '-n', namespace]
    const version = () => cluster.kubectl([...settings, '-o', 'jsonpath={.metadata.resourceVersion}'])
    const before = await version()
    const yaml = [configMap('{extra: "1"}'), configMap('{a: b}', 'never-made')].join('---\n')
    const { body } = await diff(yaml, { 'x-correlation-id': 'diff-proof' })
    expect(body.documents.map((document: Body) => document.action)).toEqual(['change', 'create'])
    const writes = async () =>
      (await cluster.audit()).filter(
        (entry) => entry.userAgent?.includes('cid=diff-proof') && entry.verb !== 'get',
      )
    await expect.poll(writes).toHaveLength(2)
    for (const { verb, requestURI } of await writes()) {
      expect(verb).toBe('patch')
      const query = new URL(requestURI, 'https://x').searchParams
      expect([query.getAll('dryRun'), query.get('force')]).toEqual([['All'], null])
    }
    expect(await version()).toBe(before)
    await expect(cluster.kubectl(['get', 'configmap', 'never-made', '-n', namespace])).rejects.toThrow(
      /NotFound/,
    )
  })
})

describe('YAML', () => {
  it('is read as kubectl reads it', async () => {
    const scalars = [
      '0644 0o644 0x1F 08 -012 1_000 yes off n Y 22:22 2026-11-21 1.36 ~',
      'NULL 0b101 -0b11 0b2 1e3 12e03 .5 5. +12 0_7 09.5 0x_1F = 00 2026-11-21T07:00:00Z',
    ].flatMap((line) => line.split(' '))
    const fields = scalars.map((scalar, index) => `  k${index}: ${scalar}`).join('\n')
    const yaml = `apiVersion: v1\nkind: ConfigMap\nmetadata: {name: a, namespace: ${namespace}}\ndata:\n${fields}\n  0644: octal key\n  y: boolean key\n`
    const printed = await cluster.kubectl(
      ['create', '--dry-run=client', '--validate=false', '-o', 'json', '-f', '-'],
      yaml,
    )
    expect(parseManifest(yaml)[0]?.object.data).toEqual(JSON.parse(printed).data)
  })
})

const LIVE = `apiVersion: v1
kind: ConfigMap
metadata: { name: settings, namespace: NS }
data: { theme: winter }
---
apiVersion: v1
kind: Secret
metadata: { name: keys, namespace: NS }
data: { token: ${btoa('the-old-value-12345')} }
---
apiVersion: v1
kind: Pod
metadata: { name: app, namespace: NS }
spec: { containers: [{ name: app, image: "i:1", env: [{ name: DB_PASSWORD, value: Live-pass-1 }] }] }
---
apiVersion: batch/v1
kind: Job
metadata: { name: job, namespace: NS }
spec:
  template:
    spec:
      restartPolicy: Never
      containers: [{ name: app, image: "i:1", env: [{ name: DB_PASSWORD, value: Live-pass-1 }] }]
`
