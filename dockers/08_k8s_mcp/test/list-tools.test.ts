import { type ClusterHandle, eventually, sharedCluster } from '@gatehouse/testing'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type Running, start } from './harness.ts'

let cluster: ClusterHandle
let server: Running
let namespace: string

beforeAll(async () => {
  cluster = await sharedCluster()
  namespace = await cluster.freshNamespace('tools')
  await cluster.apply(manifests(namespace))
  server = await start({ KUBECONFIG: cluster.kubeconfig })
})

afterAll(async () => server?.[Symbol.asyncDispose]())

const call = async (tool: string, input = {}) => (await server.call(`infra.k8s.${tool}`, input)).body
type Row = Record<string, string | number>

describe('listServices', () => {
  it('says how many endpoints are ready, broken Services first', async () => {
    const rows = await eventually('endpoints are there', async () => {
      const { items } = await call('services.listServices', { namespace })
      const counts = items.map((item: Row) => item.endpoints)
      return counts.includes('2/2') && counts.includes('2/3') ? (items as Row[]) : undefined
    })
    expect(rows.map(({ name, endpoints }) => [name, endpoints])).toEqual([
      ['half', '2/3'],
      ['lost', '0/0'],
      ['good', '2/2'],
      ['outside', ''],
    ])
  })
  it('answers conditions over endpoints', async () => {
    const { items } = await call('services.listServices', {
      namespace,
      where: "endpoints == '0/0'",
      columns: ['name', 'spec.selector'],
    })
    expect(items).toEqual([{ name: 'lost', 'spec.selector': '{"app":"nobody"}' }])
  })
  it('lists without endpoints what an identity may not see, and says so', async () => {
    const user = `viewer-${namespace}`
    await cluster.kubectl([
      'create',
      'role',
      'services',
      '-n',
      namespace,
      '--verb=list',
      '--resource=services',
    ])
    await cluster.kubectl([
      'create',
      'rolebinding',
      'services',
      '-n',
      namespace,
      '--role=services',
      `--user=${user}`,
    ])
    const certificate = await cluster.certificate(user)
    const kubeconfig = await cluster.writeKubeconfig(user, [
      { name: 'viewer', namespace, user: { certificate } },
    ])
    await using viewer = await start({ KUBECONFIG: kubeconfig })
    const { body } = await viewer.call('infra.k8s.services.listServices')
    expect(body.total).toBe(4)
    expect(body.items[0]).not.toHaveProperty('endpoints')
    expect(body.note).toMatch(/may not list endpointslices/)
  })
})

describe('an identity that may read one namespace', () => {
  it('lists that one over all namespaces, printed and projected alike, and names the others', async () => {
    const user = `single-${namespace}`
    const role = (args: string[]) => cluster.kubectl(['create', ...args])
    await role(['clusterrole', user, '--verb=list', '--resource=namespaces'])
    await role(['clusterrolebinding', user, `--clusterrole=${user}`, `--user=${user}`])
    await role(['role', user, '-n', namespace, '--verb=list', '--resource=deployments.apps'])
    await role(['rolebinding', user, '-n', namespace, `--role=${user}`, `--user=${user}`])
    const certificate = await cluster.certificate(user)
    const kubeconfig = await cluster.writeKubeconfig(user, [
      { name: 'single', namespace, user: { certificate } },
    ])
    await using single = await start({ KUBECONFIG: kubeconfig })
    const questions = [{}, { groupBy: ['images'] }, { columns: ['name', 'spec.replicas'] }]
    const replies = await Promise.all(
      questions.map((question) =>
        single.call('infra.k8s.deployments.listDeployments', { allNamespaces: true, ...question }),
      ),
    )
    const [rows, groups, fields] = replies.map((reply) => reply.body)
    expect(rows.items.map((item: Row) => `${item.namespace}/${item.name}`)).toEqual([
      `${namespace}/half`,
      `${namespace}/ok`,
    ])
    expect(groups.items).toEqual([{ images: 'registry.example.com/app:1', count: 2 }])
    expect(fields.items).toContainEqual({ namespace, name: 'ok', 'spec.replicas': 2 })
    for (const { note } of [rows, groups, fields]) expect(note).toMatch(/not readable with this identity: \w/)
  })
})

describe('listDeployments', () => {
  it('shows a stuck one first and takes a projection', async () => {
    const { items } = await call('deployments.listDeployments', { namespace })
    expect(items.map((item: Row) => item.name)).toEqual(['half', 'ok'])
    const images = await call('deployments.listDeployments', { namespace, groupBy: ['images'] })
    expect(images.items).toEqual([{ images: 'registry.example.com/app:1', count: 2 }])
    expect(images).toMatchObject({ grouped: 2, total: 1 })
  })
  it('is a REST route over all namespaces, or over one', async () => {
    const everywhere = (await server.get('/cluster/deployments')).body
    expect(everywhere.target.namespace).toBe('*')
    const one = (await server.get(`/cluster/deployments?namespace=${namespace}`)).body
    expect(one.total).toBe(2)
    expect((await server.get(`/cluster/services?namespace=${namespace}`)).body.total).toBe(4)
    expect((await server.get('/cluster/namespaces')).body.items.map((item: Row) => item.name)).toContain(
      namespace,
    )
  })
})

describe('listNodes and listNamespaces', () => {
  it('select by label', async () => {
    const { items } = await call('cluster.listNamespaces', {
      labelSelector: `kubernetes.io/metadata.name=${namespace}`,
    })
    expect(items).toEqual([{ name: namespace, status: 'Active', age: expect.any(String) }])
    const nodes = await call('cluster.listNodes', {
      labelSelector: 'kubernetes.io/hostname=node-1',
      columns: ['name', 'status'],
    })
    expect(nodes.items).toEqual([{ name: 'node-1', status: 'Ready' }])
    const none = await server.tool('infra.k8s.cluster.listNodes', { labelSelector: 'no=such' })
    expect(none.content[0].text).toMatch(/none found/)
  })
})

describe('listEvents', () => {
  const list = (input = {}) => call('events.listEvents', { namespace, ...input })

  it('merges what is alike and counts it, warnings first', async () => {
    const { items, grouped, overview, total } = await list({
      involvedObject: undefined,
      types: ['Warning', 'Normal'],
      since: '50m',
    })
    const planted = items.filter((item: Row) => String(item.reason).startsWith('Test'))
    expect(planted).toEqual([
      {
        lastSeen: expect.any(String),
        type: 'Warning',
        reason: 'TestBackOff',
        object: 'pod/api-*',
        objects: 3,
        count: 9,
        message: expect.stringMatching(/^restarting api-7d9f8c6b5-\w+ \d times$/),
      },
      {
        lastSeen: expect.any(String),
        type: 'Warning',
        reason: 'TestBackOff',
        object: 'pod/db-0',
        objects: 1,
        count: 1,
        message: 'restarting db-0 2 times',
      },
      {
        lastSeen: expect.any(String),
        type: 'Normal',
        reason: 'TestPulled',
        object: 'pod/api-7d9f8c6b5-x2k4z',
        objects: 1,
        count: 2,
        message: 'pulled',
      },
    ])
    expect(grouped).toBeGreaterThanOrEqual(5)
    expect(total).toBeLessThanOrEqual(grouped)
    expect(overview.types.Warning).toBeGreaterThanOrEqual(4)
    expect(overview.reasons.TestBackOff).toBe(4)
  })
  it('leaves out what is older than since', async () => {
    const reasons = async (since: string) => (await list({ since })).items.map((item: Row) => item.reason)
    expect(await reasons('50m')).not.toContain('TestOld')
    expect(await reasons('3h')).toContain('TestOld')
  })
  it('selects by object on the server, by kind and name or by name alone', async () => {
    for (const involvedObject of ['pod/db-0', 'Pod/db-0', 'po/db-0', 'db-0']) {
      const { items } = await list({ involvedObject })
      expect(items.map((item: Row) => item.reason)).toEqual(['TestBackOff'])
    }
    expect((await list({ involvedObject: 'deploy/db-0' })).total).toBe(0)
    expect((await list({ involvedObject: 'pdo/db-0' })).message).toMatch(/no kind "pdo"/)
    expect((await list({ involvedObject: 'a=b,c' })).message).toMatch(/involvedObject: write kind\/name/)
    expect((await list({ since: 'yesterday' })).message).toMatch(/since: not a time span/)
  })
  it('is fenced as data', async () => {
    const { content } = await server.tool('infra.k8s.events.listEvents', { namespace })
    expect(content[0].text).toMatch(/untrusted:[0-9a-f]+/)
  })
})

const app = (ns: string, name: string, replicas: number, broken = '') => `
apiVersion: apps/v1
kind: Deployment
metadata: { name: ${name}, namespace: ${ns} }
spec:
  replicas: ${replicas}
  selector: { matchLabels: { app: ${name} } }
  template:
    metadata: { labels: { app: ${name}, set: both } }
    spec: { containers: [{ name: app, image: "registry.example.com/app:1" ${broken} }] }
---`
const service = (ns: string, name: string, spec: string) => `
apiVersion: v1
kind: Service
metadata: { name: ${name}, namespace: ${ns} }
spec: { ${spec} }
---`
const event = (
  ns: string,
  name: string,
  pod: string,
  type: string,
  reason: string,
  message: string,
  count: number,
  minutes: number,
) => {
  const time = new Date(Date.now() - minutes * 60_000).toISOString().replace(/\.\d+Z/, 'Z')
  return `
apiVersion: v1
kind: Event
metadata: { name: ${name}, namespace: ${ns} }
involvedObject: { apiVersion: v1, kind: Pod, name: ${pod}, namespace: ${ns} }
type: ${type}
reason: ${reason}
message: "${message}"
count: ${count}
firstTimestamp: "${time}"
lastTimestamp: "${time}"
source: { component: test }
---`
}
const manifests = (ns: string) =>
  [
    app(ns, 'ok', 2),
    app(ns, 'half', 1, ', command: [sh, -c, exit 3]'),
    service(ns, 'good', 'selector: { app: ok }, ports: [{ port: 80 }]'),
    service(ns, 'half', 'selector: { set: both }, ports: [{ port: 80 }]'),
    service(ns, 'lost', 'selector: { app: nobody }, ports: [{ port: 80 }]'),
    service(ns, 'outside', 'type: ExternalName, externalName: example.com'),
    ...['x2k4z', 'p9q7w', 'b7x4k'].map((hash, index) =>
      event(
        ns,
        `api-${index}`,
        `api-7d9f8c6b5-${hash}`,
        'Warning',
        'TestBackOff',
        `restarting api-7d9f8c6b5-${hash} ${index} times`,
        3,
        5,
      ),
    ),
    event(ns, 'db', 'db-0', 'Warning', 'TestBackOff', 'restarting db-0 2 times', 1, 20),
    event(ns, 'pulled', 'api-7d9f8c6b5-x2k4z', 'Normal', 'TestPulled', 'pulled', 2, 1),
    event(ns, 'old', 'db-1', 'Warning', 'TestOld', 'old', 1, 100),
  ].join('')
