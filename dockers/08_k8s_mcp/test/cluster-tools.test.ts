import { randomUUID } from 'node:crypto'
import { isDeepStrictEqual } from 'node:util'
import { type ClusterHandle, eventually, sharedCluster } from '@gatehouse/testing'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type Body, type Running, start } from './harness.ts'

const PREFIX = 'infra.k8s.cluster.'

let cluster: ClusterHandle
let server: Running

beforeAll(async () => {
  cluster = await sharedCluster()
  await cluster.apply(CRD)
  const { cert, key } = await cluster.certificate('anna', ['developers'])
  const kubeconfig = await cluster.writeKubeconfig('contexts', [
    { name: 'shop', user: { certificate: { cert, key } }, namespace: 'shop' },
    { name: 'root', user: { certificate: await cluster.certificate('root', ['system:masters']) } },
    { name: 'far', user: { token: 'never-shown-token-123' }, server: 'https://127.0.0.1:1' },
  ])
  server = await start({ KUBECONFIG: kubeconfig, K8S_CONTEXT: 'root' })
  // The API server serves a new kind, and publishes its documentation, some time after it is defined.
  const documented = async () => (await size()).type === 'integer'
  await eventually('the custom kind is documented', documented, { timeout: 40_000 })
}, 60_000)

afterAll(async () => {
  await server?.[Symbol.asyncDispose]()
  await cluster.kubectl(['delete', 'crd', 'sprockets.cluster-tools.example.com', '--ignore-not-found'])
})

const call = async (tool: string, input: object = {}): Promise<Body> =>
  (await server.call(PREFIX + tool, input)).body
const size = (): Promise<Body> => call('explainResource', { kind: 'spkt', field: 'spec.size' })

describe('getContexts', () => {
  it('lists names, the current one first, and nothing secret', async () => {
    const { text, body } = await server.get('/cluster/contexts')
    expect(body.contexts.map((one: Body) => [one.name, one.current, one.namespace])).toEqual([
      ['root', true, 'default'],
      ['shop', false, 'shop'],
      ['far', false, 'default'],
    ])
    expect([body.total, body.shown]).toEqual([3, 3])
    expect(text).not.toMatch(/never-shown|BEGIN|certificate-data/)
  })
})

describe('getCurrentContext', () => {
  it('tells who the cluster says this is', async () => {
    expect(await call('getCurrentContext')).toMatchObject({
      name: 'root',
      username: 'root',
      namespace: 'default',
    })
    const anna = await call('getCurrentContext', { context: 'shop' })
    expect(anna).toMatchObject({ username: 'anna', namespace: 'shop', target: { context: 'shop' } })
    expect(anna.groups).toContain('developers')
    expect(anna.server).toBe(new URL(cluster.url).host)
  })

  it('answers for a cluster that does not', async () => {
    const far = await call('getCurrentContext', { context: 'far' })
    expect(far).toMatchObject({ name: 'far', server: '127.0.0.1:1' })
    expect(far.note).toMatch(/did not say who this is: .*connection refused/)
    expect(far.username).toBeUndefined()
  })
})

describe('getClusterInfo', () => {
  it('counts what kubectl counts', async () => {
    const { body } = await server.get('/cluster')
    const nodes = (await cluster.kubectl(['get', 'nodes', '-o', 'name'])).trim().split('\n')
    expect(body).toMatchObject({
      version: 'v1.36.3',
      livez: 'ok',
      readyz: 'ok',
      nodes: { total: nodes.length, notReady: [] },
    })
    expect(body.pods).toBeTypeOf('number')
    expect(body.apiGroups).toEqual(expect.arrayContaining(['core', 'apps', 'cluster-tools.example.com']))
  })

  it('leaves out and names what the identity may not see', async () => {
    const info = await call('getClusterInfo', { context: 'shop' })
    expect(info.note).toBe('not readable with this identity: nodes, pods')
    expect([info.nodes, info.pods, info.version]).toEqual([undefined, undefined, 'v1.36.3'])
  })
})

describe('listApiResources', () => {
  it('tells kinds with short names, scope and verbs', async () => {
    const { items, total } = await call('listApiResources', { apiGroup: 'apps' })
    expect(total).toBe(5)
    expect(items).toContainEqual({
      kind: 'Deployment',
      name: 'deployments',
      shortNames: 'deploy',
      apiVersion: 'apps/v1',
      namespaced: true,
      verbs: 'all',
    })
  })

  it('includes custom kinds, and the core group by its name', async () => {
    const custom = await call('listApiResources', { apiGroup: 'cluster-tools.example.com' })
    expect(custom.items).toMatchObject([
      { kind: 'Sprocket', shortNames: 'spkt', apiVersion: 'cluster-tools.example.com/v1' },
    ])
    const core = await call('listApiResources', { apiGroup: 'core', namespaced: false })
    const kinds = core.items.map((one: Body) => one.kind)
    expect(kinds).toEqual(['ComponentStatus', 'Namespace', 'Node', 'PersistentVolume'])
  })

  it('pages without loss or repetition', async () => {
    const whole = await call('listApiResources', { namespaced: true, maxTokens: 20_000 })
    const kinds: string[] = []
    let cursor: string | undefined
    do {
      const page: Body = await call('listApiResources', {
        namespaced: true,
        limit: 7,
        ...(cursor && { continue: cursor }),
      })
      kinds.push(...page.items.map((one: Body) => `${one.apiVersion} ${one.kind}`))
      cursor = page.continue
    } while (cursor)
    expect(kinds).toEqual(whole.items.map((one: Body) => `${one.apiVersion} ${one.kind}`))
    expect(kinds).toHaveLength(whole.total)
  })

  it('names near groups', async () => {
    expect((await call('listApiResources', { apiGroup: 'aps' })).message).toBe(
      'This cluster has no API group "aps"; did you mean apps?',
    )
  })
})

describe('explainResource', () => {
  it('documents a field with what is below it', async () => {
    const reply = await call('explainResource', {
      kind: 'deploy',
      field: 'spec.template.spec.containers[].resources',
    })
    expect(reply).toMatchObject({
      kind: 'Deployment',
      apiVersion: 'apps/v1',
      type: 'ResourceRequirements',
      shown: 3,
      total: 3,
    })
    expect(reply.description).toMatch(/^Compute Resources required by this container/)
    expect(reply.fields).toContainEqual({
      name: 'limits',
      type: 'map[string]Quantity',
      description: 'Limits describes the maximum amount of compute resources allowed',
    })
  })

  it('puts required fields first and tells accepted values', async () => {
    const { fields } = await call('explainResource', { kind: 'Pod', field: 'spec.containers' })
    expect(fields[0]).toMatchObject({ name: 'name', required: true })
    const policy = await call('explainResource', { kind: 'Pod', field: 'spec.restartPolicy' })
    expect(policy.enum).toEqual(['Always', 'Never', 'OnFailure'])
  })

  it('documents custom kinds', async () => {
    expect(await size()).toMatchObject({
      kind: 'Sprocket',
      type: 'integer',
      required: true,
      description: 'How big it is.',
      limits: 'at least 1, at most 9',
    })
  })

  it('sees a changed definition at once, and otherwise reads the index only', async () => {
    const pathsOf = async (correlation: string) => {
      const body = JSON.stringify({ kind: 'spkt', field: 'spec.size' })
      const headers = { 'x-correlation-id': correlation }
      await server.call(`${PREFIX}explainResource`, {}, { body, headers })
      const own = async () =>
        (await cluster.audit()).filter((entry) => entry.userAgent?.includes(`cid=${correlation})`))
      await expect.poll(own).not.toEqual([])
      return (await own()).map((entry) => entry.requestURI.split('?')[0])
    }
    // While other tests define kinds, a read may fall onto a refresh of its own.
    await eventually('a second read takes the index only', async () => {
      const id = `explain-${randomUUID()}`
      await pathsOf(`${id}-warm`)
      return isDeepStrictEqual(await pathsOf(`${id}-again`), ['/openapi/v3'])
    })
    await cluster.apply(CRD.replace('How big it is.', 'How large it is.'))
    await expect.poll(async () => (await size()).description, { timeout: 40_000 }).toBe('How large it is.')
  }, 90_000)

  it.each([
    [
      { kind: 'Deployment', field: 'spec.templat' },
      'field: Deployment.spec has no field "templat"; did you mean template?',
    ],
    [{ kind: 'Deploymnt' }, /^This cluster has no kind "Deploymnt"; did you mean Deployment/],
    [
      { kind: 'Pod', field: 'metadata.name.x' },
      'field: Pod.metadata.name has no field "x"; it has no named fields',
    ],
  ])('refuses %j with the nearest', async (input, message) => {
    expect((await call('explainResource', input)).message).toMatch(message)
  })
})

describe('getMetrics', () => {
  it('counts this server’s calls, without a cluster', async () => {
    const alone = await start({ KUBECONFIG: '/nowhere/config' })
    try {
      await alone.call('infra.k8s.pods.listPods')
      const { body } = await alone.call('infra.k8s.getMetrics')
      expect(body).toMatchObject({ apiRequests: 0, inFlight: 1 })
      expect(body.tools).toContainEqual(
        expect.objectContaining({ tool: 'infra.k8s.pods.listPods', calls: 1, errors: 1 }),
      )
    } finally {
      await alone[Symbol.asyncDispose]()
    }
  })
})

const CRD = `apiVersion: apiextensions.k8s.io/v1
kind: CustomResourceDefinition
metadata: { name: sprockets.cluster-tools.example.com }
spec:
  group: cluster-tools.example.com
  scope: Namespaced
  names: { kind: Sprocket, plural: sprockets, singular: sprocket, shortNames: [spkt] }
  versions:
    - name: v1
      served: true
      storage: true
      schema:
        openAPIV3Schema:
          type: object
          properties:
            spec:
              type: object
              required: [size]
              properties:
                size: { type: integer, minimum: 1, maximum: 9, description: How big it is. }
`
