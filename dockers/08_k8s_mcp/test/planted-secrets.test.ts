import { spawn } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { once } from 'node:events'
import { eventually, sharedCluster } from '@gatehouse/testing'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { tools } from '../src/tools/index.ts'

const cluster = await sharedCluster()
const main = new URL('../src/main.ts', import.meta.url).pathname
const MCP_TOKEN = `gh-token-${randomBytes(20).toString('hex')}`

const word = () => randomBytes(12).toString('hex')
/** One value of each class we claim, each findable. */
const planted = {
  secretData: `S3cr3t-${word()}`,
  secretString: `pl4in-${word()}`,
  envPassword: `pw-${word()}`,
  envUrl: `dbpass${word()}`,
  configMapKey: `apikey-${word()}`,
  configMapFile: `inifile-${word()}`,
  annotationJwt: `eyJhbGciOiJIUzI1NiJ9.${Buffer.from(`{"sub":"${word()}"}`).toString('base64url')}.${randomBytes(32).toString('base64url')}`,
  eventToken: `ghp_${randomBytes(27).toString('hex').slice(0, 36)}`,
  logBearer: randomBytes(24).toString('base64url'),
  logAws: `AKIA${randomBytes(16)
    .toString('hex')
    .toUpperCase()
    .replace(/[^A-Z2-7]/g, 'Q')
    .slice(0, 16)}`,
  crdField: `crdpw-${word()}`,
  kubeconfigToken: `kubetoken-${word()}`,
  commandFlag: `flag-${word()}`,
  pem: randomBytes(48).toString('base64'),
}

// The Secret's keys say nothing, so that only masking by kind can save its values.
const manifests = (ns: string) => `
apiVersion: v1
kind: Secret
metadata: { name: planted, namespace: ${ns} }
data: { blob: ${Buffer.from(planted.secretData).toString('base64')} }
stringData: { remark: "${planted.secretString}" }
---
apiVersion: v1
kind: ConfigMap
metadata: { name: planted, namespace: ${ns} }
data:
  api_key: "${planted.configMapKey}"
  app.ini: |
    host=db
    password = ${planted.configMapFile}
  tls.key: |
    -----BEGIN PRIVATE KEY-----
    ${planted.pem}
    -----END PRIVATE KEY-----
---
apiVersion: apps/v1
kind: Deployment
metadata:
  name: planted
  namespace: ${ns}
  annotations: { "example.org/session": "${planted.annotationJwt}" }
spec:
  replicas: 1
  selector: { matchLabels: { app: planted } }
  template:
    metadata: { labels: { app: planted }, annotations: { "example.org/session": "${planted.annotationJwt}" } }
    spec:
      containers:
        - name: app
          image: nginx:1.29
          args: ["--db-password=${planted.commandFlag}"]
          env:
            - { name: DB_PASSWORD, value: "${planted.envPassword}" }
            - { name: DATABASE, value: "postgres://app:${planted.envUrl}@db:5432/app" }
          envFrom: [{ secretRef: { name: planted } }, { configMapRef: { name: planted } }]
---
apiVersion: v1
kind: Service
metadata: { name: planted, namespace: ${ns} }
spec: { selector: { app: planted }, ports: [{ port: 80 }] }
---
apiVersion: apiextensions.k8s.io/v1
kind: CustomResourceDefinition
metadata: { name: vaults.planted.example.org }
spec:
  group: planted.example.org
  scope: Namespaced
  names: { kind: Vault, plural: vaults, singular: vault }
  versions:
    - name: v1
      served: true
      storage: true
      schema: { openAPIV3Schema: { type: object, x-kubernetes-preserve-unknown-fields: true } }
---
apiVersion: planted.example.org/v1
kind: Vault
metadata: { name: planted, namespace: ${ns} }
spec: { connection: { password: "${planted.crdField}", user: app } }
---
apiVersion: v1
kind: Event
metadata: { name: planted, namespace: ${ns} }
involvedObject: { kind: Deployment, name: planted, namespace: ${ns}, apiVersion: apps/v1 }
type: Warning
reason: Failed
message: "pull failed with token ${planted.eventToken}"
source: { component: test }
firstTimestamp: "2026-11-21T00:00:00Z"
lastTimestamp: "2026-11-21T00:00:00Z"
count: 1
`

/** What to ask each tool so that it meets the planted values; a tool without an entry fails the test. */
const questions = (namespace: string, pod: string): Record<string, object[]> => {
  const every = (input: object) =>
    ['secrets', 'configmaps', 'deployments', 'pods', 'vaults', 'events', 'services'].map((kind) => ({
      kind,
      namespace,
      ...input,
    }))
  const named = ['secret', 'configmap', 'deployment', 'service', 'vault'].map((kind) => ({
    kind,
    name: 'planted',
    namespace,
  }))
  const manifest = `apiVersion: v1\nkind: Secret\nmetadata: {name: planted, namespace: ${namespace}}\nstringData: {token: other-${word()}}`
  return {
    'infra.k8s.resources.listResources': [
      ...every({}),
      ...every({
        columns: [
          'name',
          'spec',
          'data',
          'stringData',
          'metadata.annotations',
          'spec.template.spec.containers[*].env',
        ],
      }),
      ...every({ groupBy: ['data.blob'] }),
      ...every({ columns: ['name'], where: `data.blob == "${planted.secretData}"` }),
      ...every({ sort: 'data.remark', columns: ['name', 'data.remark', 'object'] }),
    ],
    'infra.k8s.resources.getResource': [...named, { kind: 'pod', name: pod, namespace }],
    'infra.k8s.resources.describeResource': [...named, { kind: 'pod', name: pod, namespace }],
    'infra.k8s.resources.findReferences': named,
    'infra.k8s.pods.getPod': [
      { name: pod, namespace },
      { name: pod, namespace, format: 'describe' },
    ],
    'infra.k8s.pods.getPodLogs': [
      { name: pod, namespace },
      { name: pod, namespace, tail: -1, grep: 'token' },
      { name: pod, namespace, container: 'app' },
    ],
    'infra.k8s.events.listEvents': [{ namespace }, { namespace, types: ['Warning'] }],
    'infra.k8s.deployments.getRolloutStatus': [{ name: 'planted', namespace }],
    'infra.k8s.apply.diffManifest': [
      { yamlContent: manifest },
      { yamlContent: `password: ${planted.secretData}` },
    ],
    'infra.k8s.cluster.explainResource': [{ kind: 'secret' }, { kind: 'vault' }],
  }
}

let server: ReturnType<typeof spawn>
let url = ''
let output = ''
let namespace = ''
let pod = ''

beforeAll(async () => {
  namespace = await cluster.freshNamespace('planted')
  await cluster.apply(manifests(namespace))
  await eventually('the planted pod', async () => {
    pod = await cluster.kubectl(['get', 'pods', '-n', namespace, '-o', 'jsonpath={.items[0].metadata.name}'])
    const phase = ['get', 'pod', pod, '-n', namespace, '-o', 'jsonpath={.status.phase}']
    return (await cluster.kubectl(phase)) === 'Running'
  })
  const lines = [
    `GET /api Authorization: Bearer ${planted.logBearer}`,
    `aws_access_key_id=${planted.logAws}`,
    `user logged in with password=${planted.envPassword}`,
    `connected to postgres://app:${planted.envUrl}@db:5432/app`,
    `token ${planted.eventToken} expired`,
    `kubeconfig token: ${planted.kubeconfigToken}`,
  ]
  await cluster.writeLog(namespace, pod, 'app', `${lines.join('\n')}\n`)
  const config = await cluster.writeKubeconfig('planted', [
    { name: 'real', user: { certificate: await cluster.certificate('reader', ['system:masters']) } },
    { name: 'other', user: { token: planted.kubeconfigToken } },
  ])
  const env = {
    PATH: process.env.PATH,
    KUBECONFIG: config,
    MCP_PORT: '0',
    WEBCONTROL_PORT: '0',
    MCP_TOKEN,
    LOG_LEVEL: 'debug',
  }
  server = spawn(process.execPath, [main], { env, stdio: ['ignore', 'pipe', 'pipe'] })
  for (const stream of [server.stdout, server.stderr]) stream?.on('data', (chunk) => (output += chunk))
  await eventually('the server', async () => /"port":(\d+)/.test(output))
  url = `http://127.0.0.1:${/"port":(\d+)/.exec(output)?.[1]}`
})
afterAll(async () => {
  server?.kill('SIGTERM')
  if (server && server.exitCode === null) await once(server, 'exit')
  await cluster.kubectl(['delete', 'crd', 'vaults.planted.example.org', '--ignore-not-found'])
})

const headers = {
  authorization: `Bearer ${MCP_TOKEN}`,
  'content-type': 'application/json',
  accept: 'application/json, text/event-stream',
}

/** Which planted values a text shows, as they are, base64-encoded, or a piece of twelve characters. */
function shown(text: string): string[] {
  return Object.entries({ ...planted, MCP_TOKEN }).flatMap(([name, value]) => {
    const forms = [value, Buffer.from(value).toString('base64').replace(/=+$/, '')]
    const pieces = value.length > 24 ? [value.slice(0, 16), value.slice(-16)] : [value.slice(-12)]
    return [...forms, ...pieces].some((form) => text.includes(form)) ? [name] : []
  })
}

describe('no planted secret leaves', () => {
  const asked = () => {
    const known = questions(namespace, pod)
    const errors = [
      { name: 'no-such', namespace, kind: 'secret' },
      { context: 'other', kind: 'pods' },
      { context: planted.kubeconfigToken },
    ]
    return tools.flatMap((tool) => {
      const inputs = [
        ...(known[tool.name] ?? []),
        ...tool.examples.map((one) => ({ ...(one.input as object), namespace })),
        { namespace },
        ...errors,
      ]
      return inputs.map((input) => ({ tool: tool.name, input }))
    })
  }

  it('through any tool, over REST and MCP', async () => {
    let answered = 0
    for (const { tool, input } of asked()) {
      const rest = await fetch(`${url}/tools/${tool}`, {
        method: 'POST',
        headers,
        body: JSON.stringify(input),
      })
      const restText = await rest.text()
      if (rest.ok) answered++
      // A caller may be shown what it sent itself; everything else is a leak.
      const own = JSON.stringify(input)
      const leaked = (text: string) => shown(text).filter((name) => !shown(own).includes(name))
      expect({ tool, input, leaked: leaked(restText) }).toEqual({ tool, input, leaked: [] })
      const body = JSON.stringify({
        jsonrpc: '2.0',
        id: 1,
        method: 'tools/call',
        params: { name: tool, arguments: input },
      })
      const mcp = await (await fetch(`${url}/mcp`, { method: 'POST', headers, body })).text()
      expect({ tool, input, leaked: leaked(mcp) }).toEqual({ tool, input, leaked: [] })
    }
    // Otherwise the walk proves nothing.
    expect(answered).toBeGreaterThan(tools.length)
  }, 300_000)

  it('through any route', async () => {
    const routes = tools.flatMap((tool) => (tool.rest?.method === 'GET' ? [tool.rest.path] : []))
    for (const route of [
      '/',
      '/status',
      '/openapi.json',
      '/health',
      '/metrics',
      '/livez',
      '/readyz',
      ...routes,
    ]) {
      const path = route
        .replace('{namespace}', namespace)
        .replace('{kind}', 'secret')
        .replace('{name}', route.includes('/pod/') ? pod : 'planted')
      const response = await fetch(
        `${url}${path}${path.includes('/describe/') ? `?namespace=${namespace}` : ''}`,
        { headers },
      )
      expect({ path, leaked: shown(await response.text()) }).toEqual({ path, leaked: [] })
      expect(response.status).toBeLessThan(500)
    }
  })

  it('into a log line', () => {
    expect(output.split('\n').length).toBeGreaterThan(tools.length)
    expect(shown(output)).toEqual([])
  })

  it('while equal values stay recognisable', async () => {
    const read = async (kind: string, name: string) => {
      const body = JSON.stringify({ kind, name, namespace })
      const response = await fetch(`${url}/tools/infra.k8s.resources.getResource`, {
        method: 'POST',
        headers,
        body,
      })
      return JSON.stringify(await response.json())
    }
    await cluster.apply(
      `apiVersion: v1\nkind: Secret\nmetadata: {name: twin, namespace: ${namespace}}\nstringData: {other: "${planted.secretData}"}`,
    )
    const digest = (text: string, key: string) => new RegExp(`"${key}":"[^"]*?([0-9a-f]{12})`).exec(text)?.[1]
    const first = digest(await read('secret', 'planted'), 'blob')
    expect(first).toMatch(/^[0-9a-f]{12}$/)
    expect(digest(await read('secret', 'twin'), 'other')).toBe(first)
    expect(digest(await read('secret', 'planted'), 'remark')).not.toBe(first)
  })
})
