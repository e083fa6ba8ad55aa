import { afterEach, expect, it, vi } from 'vitest'
import { start } from '../harness.ts'
import { documentOf, fakeApi, indexOf, json, late, status } from '../reference/fake-api.ts'
import { searchable } from '../reference/responsive.ts'

const DOCUMENT = '/openapi/v3/apis/slow.test/v1'
const document = (word: string) =>
  json(documentOf('slow.test', 'Tortoise', { properties: { [word]: { type: 'string' } } }))

afterEach(() => void vi.useRealTimers())

it('the first search of a slow cluster does not wait for it, says so, and a later one finds its fields', async () => {
  await using fake = await fakeApi()
  fake.answers.set('/openapi/v3', indexOf('slow.test/v1')).set(DOCUMENT, late(2_500, document('carapace')))
  await using running = await start({ KUBECONFIG: fake.kubeconfig })
  const { status: code, body } = await running.get('/search?q=probes')
  expect([code, body.items[0].url]).toEqual([200, '/docs/probes'])
  expect(body.note).toMatch(/still being read/)
  await searchable(running)
  const { body: later } = await running.get('/search?q=Tortoise.spec.carapace')
  expect([later.items[0].title, later.note]).toEqual(['Tortoise.spec.carapace', undefined])
})

it('one that never answers costs a search its fields for a while, then those of another source are there', async () => {
  await using fake = await fakeApi()
  fake.answers.set('/openapi/v3', indexOf('slow.test/v1')).set(DOCUMENT, () => {})
  await using running = await start({ KUBECONFIG: fake.kubeconfig })
  const answers = []
  for (let index = 0; index < 5; index++) {
    answers.push((await running.get('/search?q=maxSurge')).body)
  }
  expect(answers.at(-1).items[0].title).toBe('Deployment.spec.strategy.rollingUpdate.maxSurge')
  expect(answers.at(-1).note).toMatch(/^The documentation of the connected cluster cannot be shown/)
})

it('what was read before is searched while the cluster is read anew', async () => {
  await using fake = await fakeApi()
  fake.answers.set('/openapi/v3', indexOf('slow.test/v1')).set(DOCUMENT, document('carapace'))
  await using running = await start({ KUBECONFIG: fake.kubeconfig })
  await searchable(running)
  expect((await running.get('/search?q=carapace')).body.items[0].title).toBe('Tortoise.spec.carapace')
  fake.answers
    .set('/openapi/v3', indexOf('slow.test/v1', 'more.test/v1'))
    .set(DOCUMENT, late(2_500, document('scale')))
    .set('/openapi/v3/apis/more.test/v1', late(2_500, status(500)))
  vi.useFakeTimers({ toFake: ['Date'], now: Date.now() + 11_000 })
  const { body } = await running.get('/search?q=carapace')
  expect(body.items[0].title).toBe('Tortoise.spec.carapace')
})

it('says which groups it could not read', async () => {
  await using fake = await fakeApi()
  fake.answers.set('/openapi/v3', indexOf('slow.test/v1', 'gone.test/v1')).set(DOCUMENT, document('carapace'))
  await using running = await start({ KUBECONFIG: fake.kubeconfig })
  await searchable(running)
  const { body } = await running.get('/search?q=carapace')
  expect(body.note).toBe('The fields of gone.test/v1 cannot be searched now.')
})
