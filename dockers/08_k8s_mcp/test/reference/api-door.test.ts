import { rmSync } from 'node:fs'
import { mkdir, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { type ClusterHandle, eventually, sharedCluster } from '@gatehouse/testing'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { fileOf, INDEX_FILE, PREPARED_FOLDER } from '../../src/reference/sources/prepared-files.ts'
import { typingsSource } from '../../src/reference/sources/typings.ts'
import { type Body, type Running, start } from '../harness.ts'
import { publishedGroupVersions, publishedSchemas } from './cluster-documents.ts'
import { install, JWT, ownKind } from './own-kind.ts'

const GROUP = 'ref.gatehouse.test'
// None that Kubernetes will have: other tests look at the folder too.
const PREPARED = '0.98.7'
const WONDER = `/api/${GROUP}/v1/Wonder`
const HTML = { headers: { accept: 'text/html' } }

let cluster: ClusterHandle
let running: Running
beforeAll(async () => {
  cluster = await sharedCluster()
  await install(cluster, ownKind(GROUP))
  running = await start({ KUBECONFIG: cluster.kubeconfig })
  await eventually('the kind is published', async () => {
    expect(await publishedGroupVersions()).toContain(`${GROUP}/v1`)
    return true
  })
})
afterAll(async () => {
  await running[Symbol.asyncDispose]()
  rmSync(join(PREPARED_FOLDER, PREPARED), { recursive: true, force: true })
  await cluster.kubectl(['delete', 'crd', `wonders.${GROUP}`, '--wait=false'])
})

const named = (body: Body): Record<string, Body> =>
  Object.fromEntries(body.fields.map((one: Body) => [one.name, one]))

describe('/api', () => {
  it('lists every kind of the cluster once, the custom ones too', async () => {
    const { status, body } = await running.get('/api')
    expect([status, body.source.origin, body.note]).toEqual([200, 'cluster', undefined])
    expect(body.source.version).toMatch(/^1\.\d+\.\d+/)
    const urls = body.groups.flatMap((one: Body) => one.kinds.map((kind: Body) => kind.url))
    expect(new Set(urls).size).toBe(urls.length)
    expect(urls).toEqual(expect.arrayContaining([WONDER, '/api/core/v1/Pod', '/api/apps/v1/Deployment']))
    // Definitions of other tests come and go meanwhile; what Kubernetes itself serves stays.
    const builtIn = await (await typingsSource()).groupVersions()
    const served = (await publishedGroupVersions()).filter((one) => builtIn.includes(one))
    expect(served.length).toBeGreaterThan(15)
    expect(body.groups.map((one: Body) => one.apiVersion)).toEqual(expect.arrayContaining(served))
    expect(body.versions.map((one: Body) => one.origin)).toEqual(
      expect.arrayContaining(['cluster', 'typings']),
    )
  })
})

describe('a kind', () => {
  it('has the fields, types, required flags, defaults and enums of this cluster', async () => {
    const { body } = await running.get(`${WONDER}?field=spec`)
    const { size, count, parts, limits } = named(body)
    expect(size).toMatchObject({
      type: 'string',
      required: true,
      enum: ['small', 'großartig'],
      default: '"small"',
    })
    expect(count).toMatchObject({ type: 'integer', limits: 'at least 1, at most 9' })
    expect([parts.type, limits.type]).toEqual(['[]object', 'map[string]object'])
    expect(body.fields[0].name).toBe('size')
  })

  it('of Kubernetes itself agrees with the document field by field', async () => {
    const schemas = await publishedSchemas('v1')
    for (const [field, name] of [
      ['spec', 'PodSpec'],
      ['spec.containers', 'Container'],
      ['spec.containers.ports', 'ContainerPort'],
    ] as const) {
      const theirs = schemas[`io.k8s.api.core.v1.${name}`]
      const { body } = await running.get(`/api/core/v1/Pod?field=${field}`)
      const ours = named(body)
      expect(Object.keys(ours).sort()).toEqual(Object.keys(theirs?.properties ?? {}).sort())
      const required = Object.keys(ours).filter((one) => ours[one].required)
      expect(required.sort()).toEqual((theirs?.required ?? []).toSorted())
      for (const [property, schema] of Object.entries(theirs?.properties ?? {})) {
        expect(ours[property].enum, property).toEqual(schema.enum)
      }
    }
  })

  it('is walked through lists and maps, however it is written', async () => {
    for (const [field, type] of [
      ['spec.parts.label', 'string'],
      ['spec.parts[].label', 'string'],
      ['.spec.parts[0].label', 'string'],
      ['Wonder.spec.limits.most', 'number'],
      ['spec.limits[*].most', 'number'],
    ]) {
      const { status, body } = await running.get(`${WONDER}?field=${encodeURIComponent(field ?? '')}`)
      expect([field, status, body.type]).toEqual([field, 200, type])
    }
  })

  it('that changes shows without a restart', async () => {
    expect((await running.get(`${WONDER}?field=spec.added`)).status).toBe(404)
    await install(cluster, ownKind(GROUP, { added: { type: 'boolean', description: 'New.' } }))
    await eventually('the new field', async () => {
      expect((await running.get(`${WONDER}?field=spec.added`)).status).toBe(200)
      return true
    })
    await eventually('the new field is found', async () => {
      const { body } = await running.get('/search?q=Wonder.spec.added')
      expect(body.items[0].title).toBe('Wonder.spec.added')
      return true
    })
  })

  it('that changes between the list and its document is read all the same', async () => {
    // The list is a fresh one now; the document of the other version has not been read yet.
    await running.get('/api/core/v1/Pod')
    await install(cluster, ownKind(GROUP, { later: { type: 'boolean' } }))
    const answers = await Promise.all(
      Array.from({ length: 20 }, async (_, index) => {
        await new Promise((resolve) => setTimeout(resolve, index * 150))
        return (await running.get(`/api/${GROUP}/v1beta1/Wonder`)).status
      }),
    )
    expect(new Set(answers)).toEqual(new Set([200]))
  })
})

describe('texts of a kind', () => {
  it('are masked in data and pages, and never markup', async () => {
    for (const address of [`${WONDER}?field=spec`, WONDER, '/search?q=wonderfulthing', '/search?q=wish']) {
      const data = await running.get(address)
      const page = await running.get(address, HTML)
      for (const { status, text } of [data, page]) {
        expect(status).toBe(200)
        expect(text).not.toContain(JWT.slice(40))
        expect(text).not.toContain('hunter2hunter2')
      }
      expect(page.text).not.toMatch(/<script>alert|<img src=x/)
    }
    const { body } = await running.get(`${WONDER}?field=spec`)
    expect(body.description).toMatch(/\[redacted:[a-z-]+\]/)
    expect(named(body).count.description).toBe('<img src=x onerror=alert(1)> & "quotes"')
    const page = await running.get(`${WONDER}?field=spec`, HTML)
    expect(page.text).toContain('&lt;img src=x onerror=alert(1)&gt; &amp; &quot;quotes&quot;')
  })

  it('are bounded', async () => {
    expect((await running.get(`${WONDER}?field=spec.long`)).body.description.length).toBeLessThanOrEqual(
      8_001,
    )
    expect((await running.get(WONDER, HTML)).text.length).toBeLessThan(60_000)
  })
})

describe('other versions', () => {
  it('the typings, and the same as the cluster where it is asked for', async () => {
    const { body: all } = await running.get('/api')
    const { body } = await running.get(`/api/core/v1/Pod?version=${all.source.version}`)
    expect(body.source.origin).toBe('cluster')
    const typings = all.versions.find((one: Body) => one.origin === 'typings').version
    const answer = await running.get(`/api/core/v1/Pod?version=v${typings}`)
    expect([answer.status, answer.body.fields.length > 3]).toEqual([200, true])
  })

  it('a prepared one', async () => {
    const folder = join(PREPARED_FOLDER, PREPARED)
    await mkdir(folder, { recursive: true })
    const document = {
      'x.v1.Old': { type: 'object', description: 'Of old.', properties: { kind: {}, metadata: {} } },
    }
    const kind = { group: '', version: 'v1', kind: 'Old' }
    const schemas = { 'x.v1.Old': { ...document['x.v1.Old'], 'x-kubernetes-group-version-kind': [kind] } }
    await writeFile(join(folder, fileOf('v1')), JSON.stringify(schemas))
    const index = { version: PREPARED, prepared: new Date().toISOString(), groupVersions: ['v1'] }
    await writeFile(join(folder, INDEX_FILE), JSON.stringify(index))
    for (const version of [PREPARED, '0.98', 'v0.98']) {
      const { status, body } = await running.get(`/api/core/v1/Old?version=${version}`)
      expect([status, body.description, body.source]).toEqual([
        200,
        'Of old.',
        { origin: 'prepared', version: PREPARED },
      ])
    }
    const page = await running.get(`/api?version=${PREPARED}`, HTML)
    expect(page.text).toContain(`/api/core/v1/Old?version=${PREPARED}`)
    await rm(folder, { recursive: true })
  })
})

describe('what is not there', () => {
  const CASES = [
    ['/api/core/v1/Pood', 'Pod', /Pod/],
    ['/api/app/v1/Deployment', 'apps/v1', /apps\/v1/],
    ['/api/apps/v11/Deployment', 'apps/v1', /apps\/v1/],
    [`${WONDER}?field=spec.sise`, 'size', /Its fields: /],
    ['/api/core/v1/Pod?field=spec.contaners', 'containers', /Its fields: /],
    ['/api/core/v1/Pod?version=9.99', undefined, /Here are /],
  ] as const
  it.each(CASES)('%s is 404 with the nearest and the list', async (address, near, hint) => {
    const { status, body } = await running.get(address)
    expect([status, body.code]).toEqual([404, 'NOT_FOUND'])
    if (near) expect(body.nearest).toContain(near)
    expect(body.hint).toMatch(hint)
    expect((await running.get(address, HTML)).status).toBe(404)
  })
})
