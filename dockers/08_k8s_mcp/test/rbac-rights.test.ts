import { readFile } from 'node:fs/promises'
import { eventually, sharedCluster } from '@gatehouse/testing'
import { beforeAll, describe, expect, it } from 'vitest'

// What the roles of deploy/rbac permit, asked of the API server itself. In namespaces of its own, because another
// test file binds other roles to the examples' accounts.
const cluster = await sharedCluster()
const file = (name: string) => readFile(new URL(`../../../deploy/rbac/${name}`, import.meta.url), 'utf8')
const shop = await cluster.freshNamespace('rights')
const account = (name: string) => `system:serviceaccount:${shop}:${name}`
const READER = account('reader')
const STRICT = account('gatehouse-strict')

beforeAll(async () => {
  await cluster.apply(await file('standard-read.yaml'))
  const binding = (await file('binding-standard.yaml')).split('---').at(-1) ?? ''
  await cluster.apply(
    binding
      .replace('metadata: { name: gatehouse-standard-read }', `metadata: { name: ${shop} }`)
      .replace('name: gatehouse-read, namespace: gatehouse', `name: reader, namespace: ${shop}`),
  )
  const strict = `${await file('strict-read.yaml')}\n---\n${await file('binding-strict.yaml')}`
  await cluster.kubectl(
    ['apply', '--namespace', shop, '-f', '-'],
    strict.replaceAll('namespace: NAMESPACE', `namespace: ${shop}`),
  )
  // Something to act on, so that "not found" cannot pass for "not allowed".
  await cluster.kubectl([
    'create',
    'deployment',
    'frontend',
    '--namespace',
    shop,
    '--image',
    'registry.example.com/x:1',
  ])
  await eventually(
    'a pod to act on',
    async () => (await cluster.kubectl(['get', 'pods', '--namespace', shop, '--output', 'name'])) !== '',
  )
  for (const user of [READER, STRICT])
    await eventually('roles are in force', async () => (await rules(user)).length > 15)
})

it('gatehouse-standard-read covers every built-in kind but those left out on purpose', async () => {
  const listed = await cluster.kubectl([
    'api-resources',
    '--verbs',
    'get,list',
    '--output',
    'name',
    '--no-headers',
  ])
  const builtIn = listed
    .trim()
    .split('\n')
    .filter((name) => /^[^.]+(\.[^.]+)?$|\.k8s\.io$/.test(name) && !name.endsWith('.x-k8s.io'))
  expect(builtIn.length).toBeGreaterThan(40)
  const allowed = await rules(READER)
  const missing = builtIn.filter(
    (name) => !allowed.some(({ resource, verbs }) => resource === name && verbs.includes('list')),
  )
  // Values nobody reads through Gatehouse, requests for certificates, and a kind that is deprecated since 1.19.
  expect(missing.sort()).toEqual([
    'certificatesigningrequests.certificates.k8s.io',
    'componentstatuses',
    'secrets',
  ])
})

describe.each([
  ['gatehouse-standard-read', READER],
  ['gatehouse-strict-read', STRICT],
])('%s changes nothing', (_role, user) => {
  it('allows get, list, watch and questions about oneself', async () => {
    const allowed = await rules(user)
    expect(allowed.length).toBeGreaterThan(15)
    const other = allowed
      .filter(({ resource }) => !resource.startsWith('selfsubject'))
      .filter(({ verbs }) => verbs.some((verb) => !['get', 'list', 'watch'].includes(verb)))
    expect(other).toEqual([])
    expect(allowed.filter(({ resource }) => resource.includes('*'))).toEqual([])
    const subresources = allowed
      .filter(({ resource }) => resource.includes('/'))
      .map(({ resource }) => resource)
    expect(subresources).toEqual(['pods/log'])
  })

  it.each([
    ['create', 'pods/exec'],
    ['get', 'pods/exec'],
    ['create', 'pods/attach'],
    ['create', 'pods/portforward'],
    ['get', 'pods/proxy'],
    ['get', 'services/proxy'],
    ['get', 'nodes/proxy'],
    ['create', 'serviceaccounts/token'],
    ['get', 'secrets'],
    ['delete', 'pods'],
    ['patch', 'deployments.apps'],
    ['update', 'deployments.apps/scale'],
    ['escalate', 'clusterroles.rbac.authorization.k8s.io'],
    ['impersonate', 'users'],
  ])('may not %s %s', async (verb, what) => {
    // "pods/exec" would be asked as the pod that is called exec.
    const [resource = '', subresource] = what.split('/')
    const question = ['auth', 'can-i', verb, resource, ...(subresource ? ['--subresource', subresource] : [])]
    const asked = cluster.kubectl([...question, '--namespace', shop, '--as', user])
    await expect(asked).rejects.toThrow(/can-i .* \(1\)/)
  })

  it('so a real attempt fails as well', async () => {
    const attempt = (...args: string[]) => cluster.kubectl(['--namespace', shop, '--as', user, ...args])
    await expect(attempt('delete', 'pods', '--all', '--wait=false')).rejects.toThrow(/cannot delete/)
    await expect(attempt('scale', 'deployment/frontend', '--replicas', '0')).rejects.toThrow(/cannot patch/)
    await expect(attempt('exec', 'deployment/frontend', '--', 'true')).rejects.toThrow(
      /cannot (create|get) .*pods\/exec/,
    )
    await expect(attempt('create', 'token', 'default')).rejects.toThrow(
      /cannot create .*serviceaccounts\/token/,
    )
  })
})

/** What `kubectl auth can-i --list` says an identity may do to resources. */
async function rules(user: string): Promise<{ resource: string; verbs: string[] }[]> {
  const text = await cluster.kubectl([
    'auth',
    'can-i',
    '--list',
    '--no-headers',
    '--namespace',
    shop,
    '--as',
    user,
  ])
  return text.split('\n').flatMap((line) => {
    const [, resource, verbs] = /^(\S+)\s.*\[([^\]]*)\]\s*$/.exec(line) ?? []
    return resource && verbs ? [{ resource, verbs: verbs.split(' ') }] : []
  })
}
