import { randomBytes } from 'node:crypto'
import { eventually, sharedCluster } from '@gatehouse/testing'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { type Agent, startAgent } from './harness.ts'
import { answerWith, type ClusterProxy, startProxy } from './proxy.ts'

const cluster = await sharedCluster()
let proxy: ClusterProxy
let namespace: string

beforeAll(async () => {
  namespace = await cluster.freshNamespace('discovery')
  proxy = await startProxy(cluster)
})
afterAll(() => proxy?.[Symbol.asyncDispose]())
beforeEach(() => {
  proxy.instead = undefined
  proxy.rewrite = undefined
  proxy.seen.length = 0
})

const onDiscovery =
  (answer: NonNullable<ClusterProxy['instead']>): ClusterProxy['instead'] =>
  (incoming, response) =>
    /^\/apis?$/.test(incoming.url ?? '') && answer(incoming, response)

const half: NonNullable<ClusterProxy['instead']> = (_incoming, response) => {
  response.writeHead(200, { 'content-length': '10000' }).write('{"items":[')
  setTimeout(() => response.destroy(), 30)
  return true
}

describe('discovery that fails', () => {
  it.each([
    ['403', answerWith(403, '{"kind":"Status","message":"no"}'), 'FORBIDDEN'],
    ['500', answerWith(500, 'boom password=hunter2hunter2'), 'CLUSTER_REFUSED'],
    ['503', answerWith(503, ''), 'CLUSTER_UNREACHABLE'],
    ['garbage', answerWith(200, '<html>'), 'CLUSTER_UNREACHABLE'],
    ['null', answerWith(200, 'null'), 'CLUSTER_UNREACHABLE'],
    ['half', half, 'CLUSTER_UNREACHABLE'],
  ] as const)(
    '%s: a clear error, nothing else is asked, and it is tried again later',
    async (_what, answer, code) => {
      proxy.instead = onDiscovery(answer)
      await using agent = await startAgent(proxy.kubeconfig)
      const asks: [string, object][] = [
        ['k8s_list', { kind: 'Lease' }],
        ['k8s_get', { kind: 'Lease', name: 'x' }],
        ['k8s_delete', { kind: 'Lease', name: 'x', approved: true }],
        ['k8s_list_events', {}],
      ]
      for (const [tool, input] of asks) {
        const { data, whole } = await agent.call(tool, { namespace, ...input })
        expect({ tool, code: data.code }).toEqual({ tool, code })
        expect(data.hint.length).toBeGreaterThan(10)
        expect(whole).not.toContain('hunter2')
      }
      expect(proxy.seen.filter((one) => !/^GET \/apis?$/.test(one))).toEqual([])
      proxy.instead = undefined
      // The other half of a failed read may still be under way, and is shared.
      await expect.poll(() => agent.code('k8s_list', { kind: 'Lease', namespace })).toBe('ok')
    },
  )

  it('an API server that is down, or hangs', async () => {
    const config = await cluster.writeKubeconfig('agent-discovery-down', [
      { name: 'down', user: { none: true }, server: 'http://127.0.0.1:1' },
    ])
    await using down = await startAgent(config)
    expect((await down.call('k8s_list', { kind: 'Lease', namespace })).data).toMatchObject({
      code: 'CLUSTER_UNREACHABLE',
      message: expect.stringContaining('connection refused'),
    })
    proxy.instead = () => true
    await using hung = await startAgent(proxy.kubeconfig)
    expect(await hung.code('k8s_list', { kind: 'Lease', namespace })).toBe('CLUSTER_UNREACHABLE')
  })

  it('no kubeconfig, no cluster', async () => {
    await using agent = await startAgent('/nonexistent/nowhere')
    const input = { kind: 'Pod', namespace }
    expect(await agent.code('k8s_list', input)).toBe('NO_CLUSTER')
    expect(await agent.code('k8s_get', { ...input, name: 'x' })).toBe('NO_CLUSTER')
    expect(await agent.code('k8s_delete', { ...input, name: 'x', approved: true })).toBe('NO_CLUSTER')
  })

  it('errors name nothing that is not here', async () => {
    await using agent = await startAgent(cluster.kubeconfig)
    const { text, data } = await agent.call('k8s_list', { kind: 'Leese', namespace })
    expect(data).toMatchObject({ code: 'UNKNOWN_KIND', nearest: expect.arrayContaining(['Lease']) })
    expect(text).not.toContain('infra.')
    await using wrong = await startAgent(cluster.kubeconfig, { env: { K8S_CONTEXT: 'nowhere' } })
    const context = await wrong.call('k8s_list', { kind: 'Pod', namespace })
    expect(context.data).toMatchObject({
      code: 'UNKNOWN_CONTEXT',
      hint: expect.stringContaining('K8S_CONTEXT'),
    })
    expect(context.text).not.toContain('infra.')
  })
})

describe('discovery that is stale', () => {
  const GROUP = `s${randomBytes(4).toString('hex')}.example.org`
  const names = (kind: string) =>
    `{ kind: ${kind}, plural: ${kind.toLowerCase()}s, singular: ${kind.toLowerCase()} }`
  const define = (kind: string, scope: string) =>
    cluster.apply(`
apiVersion: apiextensions.k8s.io/v1
kind: CustomResourceDefinition
metadata: { name: ${kind.toLowerCase()}s.${GROUP} }
spec:
  group: ${GROUP}
  scope: ${scope}
  names: ${names(kind)}
  versions: [{ name: v1, served: true, storage: true, schema: { openAPIV3Schema: { type: object } } }]`)
  const drop = (kind: string) =>
    cluster.kubectl(['delete', 'crd', `${kind.toLowerCase()}s.${GROUP}`, '--ignore-not-found'])
  // Raw, because kubectl remembers for a while what is namespaced.
  const create = (kind: string, at?: string) =>
    eventually(`an object of kind ${kind}`, async () => {
      const path = `/apis/${GROUP}/v1${at ? `/namespaces/${at}` : ''}/${kind.toLowerCase()}s`
      const object = { apiVersion: `${GROUP}/v1`, kind, metadata: { name: 'x' } }
      return cluster.kubectl(['create', '--raw', path, '-f', '-'], JSON.stringify(object))
    })
  let agent: Agent
  beforeAll(async () => {
    await define('Going', 'Namespaced')
    await define('Moving', 'Namespaced')
    await define('Coming', 'Cluster')
    for (const kind of ['Going', 'Moving']) await create(kind, namespace)
    await create('Coming')
    // Discovery of the API server follows a second behind a definition.
    for (const kind of ['Going', 'Moving', 'Coming'])
      await eventually(kind, async () =>
        (await cluster.kubectl(['api-resources', `--api-group=${GROUP}`])).includes(kind),
      )
    agent = await startAgent(cluster.kubeconfig)
    expect(await agent.code('k8s_get', { kind: 'Going', name: 'x', namespace })).toBe('ok')
  })
  afterAll(async () => {
    await agent?.[Symbol.asyncDispose]()
    for (const kind of ['Going', 'Moving', 'Coming', 'Later']) await drop(kind)
  })

  it('a kind that is gone is not found', async () => {
    await drop('Going')
    for (const [tool, input] of [
      ['k8s_list', { kind: 'Going' }],
      ['k8s_get', { kind: 'Going', name: 'x' }],
      ['k8s_delete', { kind: 'Going', name: 'x', approved: true }],
    ] as const)
      await expect.poll(() => agent.code(tool, { namespace, ...input })).toBe('NOT_FOUND')
  })

  it('a kind that has become cluster-wide shows and deletes nothing', async () => {
    await drop('Moving')
    await define('Moving', 'Cluster')
    await create('Moving')
    for (const [tool, input] of [
      ['k8s_list', { kind: 'Moving' }],
      ['k8s_get', { kind: 'Moving', name: 'x' }],
      ['k8s_delete', { kind: 'Moving', name: 'x', approved: true }],
    ] as const)
      expect(await agent.code(tool, { namespace, ...input })).toMatch(/^(NOT_FOUND|BLOCKED_BY_POLICY)$/)
    expect(await cluster.kubectl(['get', '--raw', `/apis/${GROUP}/v1/movings/x`])).toContain('"x"')
  })

  it('a kind that was cluster-wide stays refused until discovery is read again', async () => {
    await drop('Coming')
    await define('Coming', 'Namespaced')
    await create('Coming', namespace)
    expect(await agent.code('k8s_get', { kind: 'Coming', name: 'x', namespace })).toMatch(
      /^(BLOCKED_BY_POLICY|ok)$/,
    )
  })

  it('a kind that comes later is found without a restart', async () => {
    await define('Later', 'Namespaced')
    await create('Later', namespace)
    await expect
      .poll(() => agent.code('k8s_get', { kind: 'later', name: 'x', namespace }), {
        timeout: 20_000,
        interval: 500,
      })
      .toBe('ok')
  })
})
