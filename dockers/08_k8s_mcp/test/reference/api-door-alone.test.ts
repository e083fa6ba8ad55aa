import { mkdtempSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { sharedCluster } from '@gatehouse/testing'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type Body, type Running, start } from '../harness.ts'
import { searchable } from './responsive.ts'

const folder = mkdtempSync(path.join(tmpdir(), 'gatehouse-alone-'))
const nowhere = path.join(folder, 'nowhere')
const HTML = { headers: { accept: 'text/html' } }

let running: Running
beforeAll(async () => {
  // Named, since the prepared ones of this machine are not the same everywhere.
  running = await start({ KUBECONFIG: nowhere, K8S_API_VERSION: '0.97.1' })
})
afterAll(async () => {
  await running[Symbol.asyncDispose]()
  rmSync(folder, { recursive: true })
})

describe('without a cluster', () => {
  it('the reference is whole, and says where it comes from', async () => {
    const { status, body } = await running.get('/api')
    expect([status, body.source.origin]).toEqual([200, 'typings'])
    expect(body.note).toMatch(/^No cluster is connected\./)
    expect(body.groups.length).toBeGreaterThan(25)
    for (const { kinds } of body.groups) {
      const { status: one, body: page } = await running.get(kinds[0].url)
      expect([kinds[0].url, one, page.fields.length > 0]).toEqual([kinds[0].url, 200, true])
    }
  })

  it('a page says so too', async () => {
    for (const address of [
      '/api',
      '/api/apps/v1/Deployment',
      '/api/apps/v1/Deployment?field=spec.strategy',
    ]) {
      const { status, text } = await running.get(address, HTML)
      expect([status, text.includes('No cluster is connected.')]).toEqual([200, true])
    }
  })

  it('a version that is not prepared is named, with those there are', async () => {
    const { body } = await running.get('/api/core/v1/Pod')
    expect(body.note).toMatch(
      /No API reference of Kubernetes "0\.97\.1" is prepared\. (Available are|None is)/,
    )
    expect(body.source.origin).toBe('typings')
    const { status, body: asked } = await running.get('/api/core/v1/Pod?version=0.97.1')
    expect([status, asked.code]).toEqual([404, 'NOT_FOUND'])
    expect(asked.hint).toMatch(/^Here are .*1\.\d+/)
  })

  it.each(['', '%00', '1.36.', '..%2F..', '1'.repeat(5_000), '<script>', '__proto__'])(
    'a version such as %j is 404',
    async (version) => {
      const { status, text } = await running.get(`/api/core/v1/Pod?version=${version}`)
      expect(status).toBe(404)
      expect(text.length).toBeLessThan(2_000)
    },
  )

  it('all is searched', async () => {
    await searchable(running)
    const { body } = await running.get('/search?q=maxSurge')
    expect(body.items[0].title).toBe('Deployment.spec.strategy.rollingUpdate.maxSurge')
  })
})

it('a kubeconfig that appears later is picked up without a restart', async () => {
  const cluster = await sharedCluster()
  const target = path.join(folder, 'later')
  await using other = await start({ KUBECONFIG: target })
  const { body: before } = await other.get('/api/core/v1/Pod')
  expect([before.source.origin === 'cluster', before.note]).toEqual([
    false,
    expect.stringMatching(/^No cluster is connected\./),
  ])
  writeFileSync(`${target}.new`, await cluster.kubectl(['config', 'view', '--raw', '--flatten']))
  renameSync(`${target}.new`, target)
  await new Promise((resolve) => setTimeout(resolve, 300))
  const { body } = await other.get('/api/core/v1/Pod')
  expect([body.source.origin, body.note]).toEqual(['cluster', undefined])
  const kinds = (await other.get('/api')).body.groups.flatMap((one: Body) => one.kinds)
  expect(kinds.length).toBeGreaterThan(50)
})
