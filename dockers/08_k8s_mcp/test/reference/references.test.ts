import { afterEach, describe, expect, it, vi } from 'vitest'
import { type Running, start } from '../harness.ts'
import { documentOf, type FakeApi, fakeApi, huge, indexOf, json, late, never, status } from './fake-api.ts'

const INDEX = '/openapi/v3'
const DOCUMENT = '/openapi/v3/apis/apps/v1'
const PAGE = '/api/apps/v1/Deployment'
const GOOD = documentOf('apps', 'Deployment', { type: 'object', properties: { fake: { type: 'string' } } })

afterEach(() => void vi.useRealTimers())

/** The clock of the server, which is in this process: what is looked at every ten seconds is looked at now. */
function later(seconds: number): void {
  vi.useFakeTimers({ toFake: ['Date'], now: Date.now() + seconds * 1_000 })
}

async function withFake(body: (running: Running, fake: FakeApi) => Promise<void>): Promise<void> {
  await using fake = await fakeApi()
  fake.answers.set(INDEX, indexOf('apps/v1')).set(DOCUMENT, json(GOOD))
  await using running = await start({ KUBECONFIG: fake.kubeconfig })
  await body(running, fake)
}

/** How long the slowest of /livez took while the work went on. */
async function responsive<T>(running: Running, work: Promise<T>): Promise<{ value: T; slowest: number }> {
  let over = false
  const done = work.finally(() => {
    over = true
  })
  let slowest = 0
  while (!over) {
    const began = performance.now()
    expect((await running.get('/livez')).status).toBe(200)
    slowest = Math.max(slowest, performance.now() - began)
    await new Promise((resolve) => setTimeout(resolve, 20))
  }
  return { value: await done, slowest }
}

const FAULTS = [
  ['broken JSON', json('{"paths": {'), /not JSON/],
  ['500', status(500), /500/],
  ['403', status(403), /the fake says 403/],
  ['404', status(404), /cannot be shown/],
  ['no object', json('7'), /no object/],
  ['an empty object', json({}), /cannot be shown/],
  ['70 MB', huge(70_000_000), /64 MB/],
  ['late', late(10_000, json({})), /within \d s/],
  ['never', never, /within \d s/],
] as const

describe('where the list of documents is', () => {
  for (const [what, answer, reason] of FAULTS) {
    it(`${what}: another source answers, and the note says why`, async () => {
      await withFake(async (running, fake) => {
        fake.answers.set(INDEX, answer)
        await fallsBack(running, reason)
      })
    })
  }
})

describe('where a document is', () => {
  for (const [what, answer, reason] of FAULTS) {
    it(`${what}: another source answers, and the note says why`, async () => {
      await withFake(async (running, fake) => {
        fake.answers.set(DOCUMENT, answer)
        await fallsBack(running, what === '404' ? /not where its list says/ : reason)
      })
    })
  }
})

async function fallsBack(running: Running, reason: RegExp): Promise<void> {
  const began = performance.now()
  const { value: page, slowest } = await responsive(running, running.get(PAGE))
  expect(page.status).toBe(200)
  expect(page.body.source.origin).not.toBe('cluster')
  expect(page.body.note).toMatch(/^The documentation of the connected cluster cannot be shown: /)
  expect(page.body.note).toMatch(reason)
  expect(page.body.fields.map((one: { name: string }) => one.name)).toContain('spec')
  const all = await running.get('/api')
  expect([all.status, all.body.source.origin]).toEqual([200, page.body.source.origin])
  expect(all.body.note).toMatch(/^The documentation of the connected cluster cannot be shown: /)
  const shown = await running.get(PAGE, { headers: { accept: 'text/html' } })
  expect(shown.status).toBe(200)
  expect(shown.text).toContain('The documentation of the connected cluster cannot be shown')
  expect(performance.now() - began).toBeLessThan(12_000)
  expect(slowest).toBeLessThan(1_500)
}

describe('a server that mends', () => {
  it('is shown again without a restart: its list', async () => {
    await withFake(async (running, fake) => {
      fake.answers.set(INDEX, status(500))
      expect((await running.get(PAGE)).body.source.origin).not.toBe('cluster')
      fake.answers.set(INDEX, indexOf('apps/v1'))
      later(11)
      const { body } = await running.get(PAGE)
      expect([body.source, body.note]).toEqual([{ origin: 'cluster', version: '1.99.7' }, undefined])
      expect((await running.get('/api')).body.source.origin).toBe('cluster')
    })
  })

  it('is shown again without a restart: a document whose address stays the same', async () => {
    await withFake(async (running, fake) => {
      fake.answers.set(DOCUMENT, status(500))
      expect((await running.get('/api')).body.source.origin).not.toBe('cluster')
      expect((await running.get(PAGE)).body.source.origin).not.toBe('cluster')
      fake.answers.set(DOCUMENT, json(GOOD))
      expect((await running.get(PAGE)).body.source.origin).toBe('cluster')
      later(11)
      expect((await running.get('/api')).body.source.origin).toBe('cluster')
    })
  })

  it('and one whose other documents could be read is surveyed again after a minute', async () => {
    await withFake(async (running, fake) => {
      fake.answers.set(INDEX, indexOf('apps/v1', 'odd.test/v1'))
      const groups = async () =>
        (await running.get('/api')).body.groups.map((one: { apiVersion: string }) => one.apiVersion)
      expect(await groups()).toEqual(['apps/v1'])
      const page = await running.get('/api', { headers: { accept: 'text/html' } })
      expect(page.text).toContain('<code>odd.test/v1</code>')
      fake.answers.set('/openapi/v3/apis/odd.test/v1', json(documentOf('odd.test', 'Odd', {})))
      later(30)
      expect(await groups()).toEqual(['apps/v1'])
      later(61)
      expect(await groups()).toEqual(['apps/v1', 'odd.test/v1'])
    })
  })
})

describe('what the connected cluster has not', () => {
  it('is not taken from elsewhere', async () => {
    await withFake(async (running) => {
      const { status: code, body } = await running.get('/api/core/v1/Pod')
      expect([code, body.code]).toEqual([404, 'NOT_FOUND'])
      expect(body.hint).toContain('apps/v1')
    })
  })

  it('says that the cluster could not be asked, when it could not', async () => {
    await withFake(async (running, fake) => {
      fake.answers.set(INDEX, status(500))
      const { status: code, body } = await running.get('/api/ref.gatehouse.test/v1/Thing')
      expect(code).toBe(404)
      expect(body.hint).toMatch(/^The documentation of the connected cluster cannot be shown/)
    })
  })

  it('is taken from another source of that version where one is named', async () => {
    await withFake(async (running, fake) => {
      fake.answers.set('/version', json({ gitVersion: 'v1.36.9' })).set(DOCUMENT, status(500))
      const { status: code, body } = await running.get(`${PAGE}?version=1.36`)
      expect([code, body.source.origin === 'cluster']).toEqual([200, false])
      expect(body.note).toMatch(/cannot be shown/)
    })
  })
})
