import { readFile } from 'node:fs/promises'
import { eventually, sharedCluster } from '@gatehouse/testing'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type Suite, startSuite } from './suite.ts'

// The roles of deploy/rbac as a person applies them: 08 may only read, 09 may write in one namespace.
const cluster = await sharedCluster()
const file = (name: string) => readFile(new URL(`../../../deploy/rbac/${name}`, import.meta.url), 'utf8')
let suite: Suite
let ours: string
let other: string

beforeAll(async () => {
  ours = await cluster.freshNamespace('ours')
  other = await cluster.freshNamespace('other')
  for (const name of ['standard-read.yaml', 'binding-standard.yaml', 'standard-write.yaml'])
    await cluster.apply(await file(name))
  await cluster.apply((await file('binding-write.yaml')).replaceAll('NAMESPACE', ours))
  for (const namespace of [ours, other])
    await cluster.kubectl([
      'create',
      'deployment',
      'web',
      '--image',
      'nginx:1.28',
      '--replicas',
      '2',
      '-n',
      namespace,
    ])
  const kubeconfig = async (account: string) => {
    const token = await cluster.token(account, 'gatehouse')
    // One name for the context: 08 names it to 09.
    return cluster.writeKubeconfig(`suite-${account}`, [{ name: 'shared', user: { token }, namespace: ours }])
  }
  suite = await startSuite({
    kubeconfig: await kubeconfig('gatehouse-write'),
    readKubeconfig: await kubeconfig('gatehouse-read'),
  })
  await eventually('the roles are in force', async () => {
    const { status } = await suite.tool('infra.k8s.pods.listPods', { namespace: ours })
    return status === 200
  })
})
afterAll(() => suite?.[Symbol.asyncDispose]())

async function through(tool: string, input: object) {
  const asked = await suite.tool(tool, { namespace: ours, ...input })
  expect(asked.status, JSON.stringify(asked.body)).toBe(202)
  expect((await suite.approve(asked.body.requestId)).status).toBe(200)
  return suite.ended(asked.body.requestId)
}

describe('gatehouse-standard-write', () => {
  it('is enough for scale, restart, patch, rollback, apply, exec and delete in its namespace', async () => {
    const web = { name: 'web' }
    const image = { spec: { template: { spec: { containers: [{ name: 'nginx', image: 'nginx:1.29' }] } } } }
    const yamlContent = 'apiVersion: v1\nkind: ConfigMap\nmetadata: { name: flags }\ndata: { a: b }\n'
    const done = [
      await through('infra.k8s.deployments.scaleDeployment', { ...web, replicas: 3 }),
      await through('infra.k8s.deployments.restartDeployment', web),
      await through('infra.k8s.resources.patchResource', {
        ...web,
        kind: 'Deployment',
        patchType: 'strategic',
        patch: image,
      }),
      await through('infra.k8s.deployments.rollbackDeployment', web),
      await through('infra.k8s.apply.applyManifest', { yamlContent }),
      await through('infra.k8s.resources.deleteResource', { kind: 'ConfigMap', name: 'flags' }),
    ]
    const pods = await suite.tool('infra.k8s.pods.listPods', { namespace: ours })
    const { name } = pods.body.items[0]
    done.push(await through('infra.k8s.pods.execInPod', { name, command: ['true'] }))
    done.push(await through('infra.k8s.pods.deletePod', { name }))
    expect(done.map(({ state, operations }) => [state, operations])).toEqual(
      done.map(({ operations }) => ['succeeded', operations]),
    )
  }, 120_000)

  it('cannot write elsewhere: it is not even planned, and the answer says what is missing', async () => {
    const asked = await suite.tool('infra.k8s.deployments.restartDeployment', {
      namespace: other,
      name: 'web',
    })
    expect(asked.body).toMatchObject({ code: 'FORBIDDEN' })
    expect(JSON.stringify(asked.body)).toContain('patch')
  })

  it('08 itself sent nothing that could change anything', async () => {
    const user = 'system:serviceaccount:gatehouse:gatehouse-read'
    // Other tests of the same cluster use this identity too, elsewhere.
    const here = new RegExp(`/namespaces/(${ours}|${other})(/|$)`)
    const sent = (await cluster.audit()).filter(
      ({ user: { username }, requestURI }) => username === user && here.test(requestURI),
    )
    expect(sent.length).toBeGreaterThan(0)
    expect(
      sent.filter(({ verb }) => !['get', 'list', 'watch'].includes(verb)).map(({ requestURI }) => requestURI),
    ).toEqual([])
  })
})
