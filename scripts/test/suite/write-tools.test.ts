import { eventually, sharedCluster } from '@gatehouse/testing'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { AGENT, type Body, type Suite, startSuite } from './suite.ts'

const cluster = await sharedCluster()
let suite: Suite
let namespace: string

const deployment = (name: string, image: string, replicas = 2) => `
apiVersion: apps/v1
kind: Deployment
metadata: { name: ${name}, namespace: ${namespace} }
spec:
  replicas: ${replicas}
  selector: { matchLabels: { app: ${name} } }
  template:
    metadata: { labels: { app: ${name} } }
    spec: { containers: [{ name: app, image: "${image}" }] }
`
const get = (what: string, path: string) =>
  cluster.kubectl(['get', ...what.split(' '), '-n', namespace, '-o', `jsonpath=${path}`])

/** Asks, checks that nothing has changed, approves, and waits for the end. */
async function through(tool: string, input: Record<string, unknown>): Promise<Body> {
  const asked = await suite.tool(tool, { namespace, ...input })
  expect(asked.status, JSON.stringify(asked.body)).toBe(202)
  expect(Object.keys(asked.body).sort()).toEqual(PENDING)
  expect(asked.body).toMatchObject({ state: 'pending', target: { namespace } })
  expect(asked.headers.get('location')).toBe(asked.body.approvalUrl)
  const decided = await suite.approve(asked.body.requestId)
  expect(decided.status, JSON.stringify(decided.body)).toBe(200)
  return suite.ended(asked.body.requestId)
}

const PENDING = [
  'approvalUrl',
  'correlation_id',
  'expiresAt',
  'planDigest',
  'requestId',
  'state',
  'summary',
  'target',
]

beforeAll(async () => {
  namespace = await cluster.freshNamespace('writes')
  suite = await startSuite({ kubeconfig: cluster.kubeconfig })
  await cluster.apply(deployment('web', 'nginx:1.28'))
  await eventually('web runs', async () => (await get('deploy web', '{.status.readyReplicas}')) === '2')
})
afterAll(() => suite?.[Symbol.asyncDispose]())

describe('every write tool of 08: asked, approved by a person, done once, verified', () => {
  it('scaleDeployment, and nothing before', async () => {
    const asked = await suite.tool('infra.k8s.deployments.scaleDeployment', {
      namespace,
      name: 'web',
      replicas: 3,
    })
    expect(await get('deploy web', '{.spec.replicas}')).toBe('2')
    const again = await suite.tool('infra.k8s.deployments.scaleDeployment', {
      namespace,
      name: 'web',
      replicas: 3,
    })
    expect(again.body.requestId).toBe(asked.body.requestId)
    await suite.approve(asked.body.requestId)
    const ended = await suite.ended(asked.body.requestId)
    expect(ended).toMatchObject({ state: 'succeeded', verification: { ok: true } })
    expect(await get('deploy web', '{.spec.replicas}')).toBe('3')
  })

  it('restartDeployment', async () => {
    const ended = await through('infra.k8s.deployments.restartDeployment', { name: 'web' })
    expect(ended).toMatchObject({ state: 'succeeded', verification: { ok: true } })
  })

  it('patchResource, then rollbackDeployment', async () => {
    const patch = { spec: { template: { spec: { containers: [{ name: 'app', image: 'nginx:1.29' }] } } } }
    const patched = await through('infra.k8s.resources.patchResource', {
      kind: 'deployment',
      name: 'web',
      patchType: 'strategic',
      patch,
    })
    expect(patched).toMatchObject({ state: 'succeeded' })
    expect(await get('deploy web', '{.spec.template.spec.containers[0].image}')).toBe('nginx:1.29')
    const back = await through('infra.k8s.deployments.rollbackDeployment', { name: 'web' })
    expect(back).toMatchObject({ state: 'succeeded' })
    expect(await get('deploy web', '{.spec.template.spec.containers[0].image}')).toBe('nginx:1.28')
  })

  it('createPod, execInPod, deletePod', async () => {
    const made = await through('infra.k8s.pods.createPod', {
      name: 'probe',
      image: 'busybox:1.37',
      command: ['sleep', '600'],
      env: { MODE: 'test' },
      labels: { app: 'probe' },
    })
    expect(made).toMatchObject({ state: 'succeeded' })
    await eventually('it runs', async () => (await get('pod probe', '{.status.phase}')) === 'Running')
    const ran = await through('infra.k8s.pods.execInPod', {
      name: 'probe',
      command: ['echo', 'hello from inside'],
    })
    expect(ran).toMatchObject({ state: 'succeeded' })
    expect(JSON.stringify(ran.operations)).toContain('hello from inside')
    const gone = await through('infra.k8s.pods.deletePod', { name: 'probe', gracePeriodSeconds: 1 })
    expect(gone).toMatchObject({ state: 'succeeded' })
    await expect(get('pod probe', '{.metadata.name}')).rejects.toThrow(/not found/)
  })

  it('applyManifest: several documents are one plan', async () => {
    const yamlContent = `${deployment('api', 'nginx:1.28', 1)}---
apiVersion: v1
kind: Service
metadata: { name: api }
spec: { selector: { app: api }, ports: [{ port: 80 }] }
`
    const ended = await through('infra.k8s.apply.applyManifest', { yamlContent })
    expect(ended).toMatchObject({ state: 'succeeded' })
    expect(ended.operations).toHaveLength(2)
    expect(await get('service api', '{.spec.selector.app}')).toBe('api')
    const gone = await through('infra.k8s.resources.deleteResource', { kind: 'Service', name: 'api' })
    expect(gone).toMatchObject({ state: 'succeeded' })
  })

  it('getOperation, listOperations and waitForOperation tell how they ended', async () => {
    const list = await suite.tool('infra.k8s.operations.listOperations', { limit: 3 })
    expect(list.body).toMatchObject({ shown: 3 })
    const { requestId } = list.body.items[0]
    for (const tool of ['getOperation', 'waitForOperation']) {
      const { body } = await suite.tool(`infra.k8s.operations.${tool}`, { requestId })
      expect(body).toMatchObject({ requestId, state: 'succeeded', target: { namespace } })
    }
    const unknown = { requestId: '00000000-0000-7000-8000-000000000000' }
    expect((await suite.tool('infra.k8s.operations.getOperation', unknown)).body.code).toBe('NOT_FOUND')
  })
})

describe('the REST writes', () => {
  const rest = (method: string, path: string, body?: string, type = 'application/json') =>
    fetch(`${suite.urls.k8s}${path}`, {
      method,
      headers: { authorization: `Bearer ${AGENT}`, 'content-type': type },
      ...(body !== undefined && { body }),
    }).then(async (response) => ({ status: response.status, body: (await response.json()) as Body }))

  it('answer 202 with the request', async () => {
    const pod = (await get('pods', '{.items[0].metadata.name}')) ?? ''
    const answers = [
      await rest('DELETE', `/cluster/pod/${namespace}/${pod}`),
      await rest('POST', `/cluster/pod/${namespace}/${pod}/exec`, '{"command":["true"]}'),
      await rest(
        'POST',
        '/cluster/create/pod',
        JSON.stringify({ namespace, name: 'made', image: 'busybox:1.37' }),
      ),
      await rest(
        'POST',
        '/cluster/apply',
        `apiVersion: v1\nkind: ConfigMap\nmetadata: { name: flags, namespace: ${namespace} }\ndata: { a: b }\n`,
        'application/yaml',
      ),
    ]
    for (const { status, body } of answers) {
      expect(status, JSON.stringify(body)).toBe(202)
      expect(Object.keys(body).sort()).toEqual(PENDING)
    }
  })

  it('refuse what the address says otherwise, and change nothing', async () => {
    const { status, body } = await rest(
      'POST',
      `/cluster/pod/${namespace}/a/exec`,
      '{"name":"b","command":["true"]}',
    )
    expect({ status, code: body.code }).toEqual({ status: 400, code: 'INVALID_INPUT' })
  })
})

describe('without the owner', () => {
  it('a write tool says so and how to start it; reads are not affected', async () => {
    await using alone = await startSuite({ kubeconfig: cluster.kubeconfig })
    await alone.remediation.stop()
    const asked = await alone.tool('infra.k8s.deployments.restartDeployment', { namespace, name: 'web' })
    expect(asked.body).toMatchObject({
      code: 'APPROVAL_UNAVAILABLE',
      hint: expect.stringContaining('npm start'),
    })
    expect((await alone.tool('infra.k8s.pods.listPods', { namespace })).status).toBe(200)
  })
})

describe('switchContext', () => {
  it('asks, and then 08 follows without a restart and without touching the file', async () => {
    const admin = await cluster.certificate('switcher', ['system:masters'])
    const user = { certificate: admin }
    const kubeconfig = await cluster.writeKubeconfig('switching', [
      { name: 'first', user, namespace },
      { name: 'second', user, namespace: 'default' },
    ])
    await using own = await startSuite({ kubeconfig })
    const current = async () => (await own.tool('infra.k8s.cluster.getCurrentContext')).body.target.context
    expect(await current()).toBe('first')
    const unknown = await own.tool('infra.k8s.cluster.switchContext', { contextName: 'third' })
    expect(unknown.body).toMatchObject({ code: 'UNKNOWN_CONTEXT' })
    const asked = await own.tool('infra.k8s.cluster.switchContext', { contextName: 'second' })
    expect(asked.status, JSON.stringify(asked.body)).toBe(202)
    expect(await current()).toBe('first')
    await own.approve(asked.body.requestId)
    expect(await own.ended(asked.body.requestId)).toMatchObject({ state: 'succeeded' })
    await eventually('08 follows', async () => (await current()) === 'second', { timeout: 15_000 })
  })
})
