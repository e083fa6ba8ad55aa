import { randomUUID } from 'node:crypto'
import { eventually, sharedCluster } from '@gatehouse/testing'
import { beforeAll, describe, expect, it } from 'vitest'
import { deployment, type KubeJson } from './harness.ts'
import { type RawApi, rawApi } from './raw-api.ts'

// What exactly-once stands on. When one of these changes with a new Kubernetes, so must the executor.
const MERGE = 'application/merge-patch+json'
const APPLY = 'application/apply-patch+yaml'
const JSON_PATCH = 'application/json-patch+json'
const OTHER = randomUUID()

let api: RawApi
let namespace: string
let deployments: string
let number = 0

beforeAll(async () => {
  const handle = await sharedCluster()
  api = await rawApi(handle.kubeconfig)
  namespace = await handle.freshNamespace('facts')
  deployments = `/apis/apps/v1/namespaces/${namespace}/deployments`
})

const manifest = (name: string, metadata: object = {}, spec: object = {}): KubeJson => {
  const whole = deployment(name, namespace, 1)
  return { ...whole, metadata: { ...whole.metadata, ...metadata }, spec: { ...whole.spec, ...spec } }
}

/** A new Deployment that nothing touches any more, and one version of it that is gone. */
async function made() {
  const name = `d${++number}`
  const path = `${deployments}/${name}`
  // Paused and empty: its controller has nothing more to write once it has looked.
  const { body } = await api('POST', deployments, manifest(name, {}, { replicas: 0, paused: true }))
  const stale: string = body.metadata.resourceVersion
  await api('PATCH', path, { metadata: { labels: { step: 'two' } } }, MERGE)
  await eventually('its controller has looked', async () => {
    const { metadata, status } = (await api('GET', path)).body
    return status.observedGeneration === metadata.generation
  })
  const now = async () => (await api('GET', path)).body.metadata
  return { name, path, uid: body.metadata.uid as string, stale, now }
}

const deleted = async () => {
  const object = await made()
  const { resourceVersion } = await object.now()
  expect((await api('DELETE', `${object.path}?propagationPolicy=Background`)).status).toBe(200)
  return { ...object, resourceVersion }
}

describe('a version that is gone', () => {
  it('makes PUT, merge patch and apply fail with 409', async () => {
    const { name, path, stale } = await made()
    const current = (await api('GET', path)).body
    const put = { ...current, metadata: { ...current.metadata, resourceVersion: stale } }
    expect((await api('PUT', path, put)).status).toBe(409)
    expect((await api('PATCH', path, { metadata: { resourceVersion: stale } }, MERGE)).status).toBe(409)
    const apply = manifest(name, { resourceVersion: stale })
    expect((await api('PATCH', `${path}?fieldManager=x&force=true`, apply, APPLY)).status).toBe(409)
  })

  it('makes a JSON patch that tests for it fail with 422', async () => {
    const { path, stale } = await made()
    const test = { op: 'test', path: '/metadata/resourceVersion', value: stale }
    const { status } = await api(
      'PATCH',
      path,
      [test, { op: 'replace', path: '/spec/replicas', value: 7 }],
      JSON_PATCH,
    )
    expect(status).toBe(422)
    expect((await api('GET', path)).body.spec.replicas).toBe(0)
  })

  it('makes DELETE and PUT of a Scale fail with 409', async () => {
    const { path, stale } = await made()
    const scale = (await api('GET', `${path}/scale`)).body
    scale.metadata.resourceVersion = stale
    expect((await api('PUT', `${path}/scale`, scale)).status).toBe(409)
    expect((await api('DELETE', path, { preconditions: { resourceVersion: stale } })).status).toBe(409)
  })
})

describe('a wrong uid', () => {
  it('makes merge patch and apply fail with 422, with and without a version', async () => {
    const { name, path, now } = await made()
    const { resourceVersion } = await now()
    for (const more of [{}, { resourceVersion }]) {
      const metadata = { uid: OTHER, ...more }
      expect((await api('PATCH', path, { metadata }, MERGE)).status).toBe(422)
      const query = '?fieldManager=x&force=true'
      expect((await api('PATCH', path + query, manifest(name, metadata), APPLY)).status).toBe(422)
    }
  })

  it('makes DELETE, eviction and PUT of a Scale fail with 409', async () => {
    const { path } = await made()
    const scale = (await api('GET', `${path}/scale`)).body
    scale.metadata.uid = OTHER
    expect((await api('PUT', `${path}/scale`, scale)).status).toBe(409)
    expect((await api('DELETE', path, { preconditions: { uid: OTHER } })).status).toBe(409)
  })

  it('the Scale carries uid and version of its workload', async () => {
    const { path, uid, now } = await made()
    const { metadata } = (await api('GET', `${path}/scale`)).body
    expect(metadata).toMatchObject({ uid, resourceVersion: (await now()).resourceVersion })
  })
})

describe('an object that is gone', () => {
  it('is made anew by an apply with a version only, and not with a uid', async () => {
    const { name, path, uid, resourceVersion } = await deleted()
    const query = '?fieldManager=x&force=true'
    for (const metadata of [{ uid }, { uid, resourceVersion }]) {
      expect((await api('PATCH', path + query, manifest(name, metadata), APPLY)).status).toBe(409)
    }
    expect((await api('PATCH', path + query, manifest(name, { resourceVersion }), APPLY)).status).toBe(201)
  })

  it('answers 404 to a merge patch and to a DELETE with preconditions', async () => {
    const { path, uid } = await deleted()
    expect((await api('PATCH', path, { metadata: { uid } }, MERGE)).status).toBe(404)
    expect((await api('DELETE', path, { preconditions: { uid } })).status).toBe(404)
  })
})

describe('a name', () => {
  it('that is taken makes POST fail with 409, and an apply bound to a version no object has', async () => {
    const { name, path } = await made()
    expect((await api('POST', deployments, manifest(name))).status).toBe(409)
    const apply = manifest(name, { resourceVersion: '1' })
    expect((await api('PATCH', `${path}?fieldManager=x&force=true`, apply, APPLY)).status).toBe(409)
  })

  it('that is free is made by that same apply, once', async () => {
    const name = `d${++number}`
    const send = () =>
      api('PATCH', `${deployments}/${name}?fieldManager=x`, manifest(name, { resourceVersion: '1' }), APPLY)
    expect([(await send()).status, (await send()).status]).toEqual([201, 409])
  })
})

describe('server-side apply', () => {
  it('names manager and field where somebody else owns it', async () => {
    const { name, path } = await made()
    await api('PATCH', `${path}?fieldManager=first&force=true`, manifest(name, {}, { replicas: 3 }), APPLY)
    const { status, body } = await api(
      'PATCH',
      `${path}?fieldManager=second`,
      manifest(name, {}, { replicas: 5 }),
      APPLY,
    )
    expect(status).toBe(409)
    expect(body.details.causes).toContainEqual(
      expect.objectContaining({ field: '.spec.replicas', message: 'conflict with "first"' }),
    )
  })

  it('does not know its own other hand: an update by the same manager is a stranger’s', async () => {
    const { name, path } = await made()
    await api('PATCH', `${path}?fieldManager=gatehouse`, { spec: { replicas: 2 } }, MERGE)
    const { status, body } = await api(
      'PATCH',
      `${path}?fieldManager=gatehouse`,
      manifest(name, {}, { replicas: 5 }),
      APPLY,
    )
    expect(status).toBe(409)
    expect(JSON.stringify(body.details.causes)).toContain('gatehouse')
  })
})

describe('a dry run', () => {
  it('of a patch leaves the version and counts the generation up, in its answer only', async () => {
    const { path, now } = await made()
    const before = await now()
    const { body } = await api('PATCH', `${path}?dryRun=All`, { spec: { replicas: 9 } }, MERGE)
    expect(body.metadata.resourceVersion).toBe(before.resourceVersion)
    expect(body.metadata.generation).toBe(before.generation + 1)
    expect(await now()).toMatchObject({ generation: before.generation })
  })

  it('of a new Service invents uid, time, address and node port, differently each time', async () => {
    const service = {
      apiVersion: 'v1',
      kind: 'Service',
      metadata: { name: 'front' },
      spec: { type: 'NodePort', ports: [{ port: 80 }] },
    }
    const path = `/api/v1/namespaces/${namespace}/services?dryRun=All`
    const [a, b] = [(await api('POST', path, service)).body, (await api('POST', path, service)).body]
    expect(a.metadata.uid).not.toBe(b.metadata.uid)
    expect(a.metadata.creationTimestamp).toBeTruthy()
    expect(a.spec.clusterIP).toMatch(/^10\.96\./)
    expect(a.spec.ports[0].nodePort).toBeGreaterThan(0)
    expect((await api('GET', path.replace('?dryRun=All', '/front'))).status).toBe(404)
  })

  it('of a DELETE is one only where the body says so too', async () => {
    const { path } = await made()
    const options = { apiVersion: 'v1', kind: 'DeleteOptions', dryRun: ['All'] }
    expect((await api('DELETE', `${path}?dryRun=All`, options)).status).toBe(200)
    expect((await api('GET', path)).status).toBe(200)
    await api('DELETE', `${path}?dryRun=All`, { apiVersion: 'v1', kind: 'DeleteOptions' })
    expect((await api('GET', path)).status).toBe(404)
  })
})

describe('field validation and audit', () => {
  it('Strict refuses unknown fields, Warn tells them in a header', async () => {
    const { path } = await made()
    const patch = { spec: { replikas: 1 } }
    const strict = await api('PATCH', `${path}?fieldValidation=Strict`, patch, MERGE)
    expect(strict.status).toBe(422)
    const warned = await api('PATCH', `${path}?fieldValidation=Warn&dryRun=All`, patch, MERGE)
    expect([warned.status, warned.headers.warning]).toEqual([200, expect.stringMatching(/^299 .*replikas/)])
  })

  it('an Audit-ID is taken over and echoed', async () => {
    const id = randomUUID()
    const { headers } = await api('GET', deployments, undefined, undefined, { 'audit-id': id })
    expect(headers['audit-id']).toBe(id)
  })
})

describe('history', () => {
  it('a watch from a version tells what stood right behind it', async () => {
    const { name, path, now } = await made()
    const { resourceVersion } = await now()
    for (const step of ['a', 'b']) await api('PATCH', path, { metadata: { labels: { step } } }, MERGE)
    const query = `watch=true&fieldSelector=metadata.name%3D${name}&resourceVersion=${resourceVersion}&timeoutSeconds=1`
    const { body } = await api('GET', `${deployments}?${query}`, undefined, undefined, {
      accept: 'text/plain, application/json;q=0.1',
    })
    const text = typeof body === 'string' ? body : JSON.stringify(body)
    expect(text).toContain('"step":"a"')
  })
})
