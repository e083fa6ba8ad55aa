import { readFile } from 'node:fs/promises'
import { applyDemo, eventually, sharedCluster } from '@gatehouse/testing'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { tools } from '../src/tools/index.ts'
import { type Answer, type Running, start } from './harness.ts'

// The roles of deploy/rbac, as a person would apply them, and the tools running under them.
const cluster = await sharedCluster()
const file = (name: string) => readFile(new URL(`../../../deploy/rbac/${name}`, import.meta.url), 'utf8')
const READER = 'system:serviceaccount:gatehouse:gatehouse-read'
const GET = 'infra.k8s.resources.getResource'
const LIST = 'infra.k8s.resources.listResources'
const PODS = 'infra.k8s.pods.listPods'

let admin: Running
let reader: Running
let strict: Running

beforeAll(async () => {
  await applyDemo(cluster)
  await cluster.apply(await file('standard-read.yaml'))
  await cluster.apply(await file('binding-standard.yaml'))
  const one = `${await file('strict-read.yaml')}\n---\n${await file('binding-strict.yaml')}`
  await cluster.kubectl(
    ['apply', '--namespace', 'shop', '-f', '-'],
    one.replaceAll('namespace: NAMESPACE', 'namespace: shop'),
  )
  admin = await start({ KUBECONFIG: cluster.kubeconfig })
  reader = await startAs('rbac-reader', await cluster.token('gatehouse-read', 'gatehouse'), 'default')
  strict = await startAs('rbac-strict', await cluster.token('gatehouse-strict', 'shop'), 'shop')
  await eventually('roles are in force', async () => (await strict.call(PODS)).status === 200)
  await eventually('roles are in force', async () => (await reader.call(PODS)).status === 200)
})

afterAll(async () => {
  for (const server of [admin, reader, strict]) await server?.[Symbol.asyncDispose]()
})

async function startAs(name: string, token: string, namespace: string): Promise<Running> {
  const kubeconfig = await cluster.writeKubeconfig(name, [{ name, user: { token }, namespace }])
  return start({ KUBECONFIG: kubeconfig })
}

const outcome = ({ status, body }: Answer): string => (status === 200 ? 'ok' : String(body.code))

describe('gatehouse-standard-read', () => {
  const examples = tools.flatMap((tool) =>
    tool.examples.map(({ title, input }) => ({ tool: tool.name, title, input })),
  )

  it.each(examples)('$tool answers as it does to an administrator: $title', async ({ tool, input }) => {
    const [wanted, got] = [await admin.call(tool, input), await reader.call(tool, input)]
    const asksForSecret = /"kind":"secrets?"/i.test(JSON.stringify(input))
    expect(outcome(got), got.text).toBe(asksForSecret ? 'FORBIDDEN' : outcome(wanted))
  })

  it('was refused nothing but Secrets and dry runs in all of this, and changed nothing', async () => {
    const requests = (await cluster.audit()).filter(({ user }) => user.username === READER)
    expect(requests.length).toBeGreaterThan(examples.length)
    const isDryRun = (uri: string) => new URL(uri, 'http://x').searchParams.get('dryRun') === 'All'
    const refused = requests
      .filter(({ responseStatus }) => responseStatus?.code === 403)
      .filter(({ objectRef, requestURI }) => objectRef?.resource !== 'secrets' && !isDryRun(requestURI))
    expect(refused.map(({ verb, requestURI }) => `${verb} ${requestURI}`)).toEqual([])
    const changing = requests
      .filter(({ verb }) => !['get', 'list', 'watch'].includes(verb))
      .filter(
        ({ requestURI, objectRef }) =>
          !isDryRun(requestURI) && !objectRef?.resource?.startsWith('selfsubject'),
      )
    expect(changing.map(({ verb, requestURI }) => `${verb} ${requestURI}`)).toEqual([])
  })

  it.each([
    [
      'get',
      GET,
      { kind: 'Secret', name: 'payment-api', namespace: 'shop' },
      /cannot get resource "secrets".*namespace "shop"/,
    ],
    [
      'list',
      LIST,
      { kind: 'secrets', namespace: 'shop' },
      /cannot list resource "secrets".*namespace "shop"/,
    ],
  ])('says which permission a %s of Secrets is missing', async (_verb, tool, input, message) => {
    const { status, body } = await reader.call(tool, input)
    expect({ status, code: body.code }).toEqual({ status: 403, code: 'FORBIDDEN' })
    expect(body.message).toMatch(message)
    expect(body.hint).toMatch(/RBAC/)
  })

  it('with gatehouse-secret-names shows a Secret, and still never its value', async () => {
    const namespace = await cluster.freshNamespace('rbac')
    await cluster.apply(await file('secret-names.yaml'))
    await cluster.kubectl([
      'create',
      'secret',
      'generic',
      'planted',
      '--namespace',
      namespace,
      '--from-literal',
      'pin=correct-horse-battery',
    ])
    await cluster.kubectl([
      'create',
      'rolebinding',
      'names',
      '--namespace',
      namespace,
      '--clusterrole',
      'gatehouse-secret-names',
      '--serviceaccount',
      'gatehouse:gatehouse-read',
    ])
    const ask = () => reader.call(GET, { kind: 'Secret', name: 'planted', namespace })
    await eventually('the binding is in force', async () => (await ask()).status === 200)
    const { text } = await ask()
    expect(text).toContain('pin')
    expect(text).not.toMatch(/correct-horse|Y29ycmVjdC1ob3JzZ/)
  })
})

describe('gatehouse-strict-read', () => {
  it.each([
    [PODS, {}],
    [PODS, { namespace: 'shop' }],
    [LIST, { kind: 'deployments' }],
    ['infra.k8s.events.listEvents', { namespace: 'shop' }],
    ['infra.k8s.deployments.getRolloutStatus', { name: 'frontend', namespace: 'shop' }],
    ['infra.k8s.resources.describeResource', { kind: 'Service', name: 'catalog', namespace: 'shop' }],
  ])('reads its namespace: %s %j', async (tool, input) => {
    const answer = await strict.call(tool, input)
    expect(outcome(answer), answer.text).toBe('ok')
  })

  it.each([
    [GET, { kind: 'Secret', name: 'payment-api', namespace: 'shop' }],
    [GET, { kind: 'ConfigMap', name: 'frontend', namespace: 'shop' }],
    [PODS, { namespace: 'billing' }],
    [PODS, { allNamespaces: true }],
    ['infra.k8s.cluster.listNodes', {}],
    ['infra.k8s.cluster.listNamespaces', {}],
  ])('is refused everything else: %s %j', async (tool, input) => {
    const answer = await strict.call(tool, input)
    expect(outcome(answer), answer.text).toBe('FORBIDDEN')
  })
})
