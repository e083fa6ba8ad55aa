import { randomUUID } from 'node:crypto'
import { eventually } from '@gatehouse/testing'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { startWebhook, type Webhook } from './faults/webhook.ts'
import { type Bench, bench, given, type KubeJson, MemoryAttempts } from './harness.ts'

// Group A7 of the test plan: what admission does to a change belongs to what is approved.
let b: Bench
let webhook: Webhook
let number = 0

beforeAll(async () => {
  b = await bench()
  webhook = await startWebhook()
})
afterAll(async () => {
  await uninstall()
  await webhook?.[Symbol.asyncDispose]()
})
beforeEach(async () => {
  await uninstall()
  webhook.respond = () => []
  webhook.delayMs = () => 0
})

const NAME = `operations-${randomUUID().slice(0, 8)}`
const label = (value: string) => [{ op: 'add', path: '/metadata/labels', value: { injected: value } }]

async function install(sideEffects = 'None'): Promise<void> {
  await b.handle.apply(JSON.stringify(webhook.configuration(NAME, b.namespace, sideEffects)))
  // It takes the API server a moment to know.
  const before = webhook.calls.length
  await eventually('the webhook is asked', async () => {
    await b.handle.kubectl(['create', 'cm', `p${++number}`, '-n', b.namespace]).catch(() => {})
    return webhook.calls.length > before
  })
}

async function uninstall(): Promise<void> {
  await b.handle.kubectl(['delete', 'mutatingwebhookconfiguration', NAME, '--ignore-not-found'])
  const name = `gone${++number}`
  await eventually('the webhook is not asked any more', async () => {
    const before = webhook.calls.length
    await b.handle.kubectl(['create', 'cm', name, '-n', b.namespace]).catch(() => {})
    await b.handle.kubectl(['delete', 'cm', name, '-n', b.namespace])
    return webhook.calls.length === before
  })
}

async function settings(): Promise<KubeJson> {
  const name = `cm${++number}`
  await given(b, {
    apiVersion: 'v1',
    kind: 'ConfigMap',
    metadata: { name, namespace: b.namespace },
    data: { a: '1' },
  })
  const target = { kind: 'ConfigMap', name, namespace: b.namespace }
  return { type: 'patch', target, patchType: 'merge', patch: { data: { a: '2' } } }
}

describe('an admission webhook', () => {
  it('is part of the plan: what it adds is shown, and done', async () => {
    const operation = await settings()
    webhook.respond = () => label('always')
    await install()
    const planned = await b.plan(operation)
    expect(planned.changes).toContainEqual({ path: 'metadata.labels', after: '{"injected":"always"}' })
    expect(await b.execute(planned)).toMatchObject({ state: 'succeeded', verification: { ok: true } })
    expect((await b.get(`cm/${operation.target.name}`)).metadata.labels).toEqual({ injected: 'always' })
  })

  it('that answers at random cannot be planned', async () => {
    const operation = await settings()
    webhook.respond = () => label(randomUUID())
    await install()
    await expect(b.plan(operation)).rejects.toMatchObject({
      code: 'CANNOT_PLAN',
      message: expect.stringContaining('differently each time'),
    })
  })

  it('that declares side effects does not exist any more, and one that refuses dry runs stops the plan', async () => {
    const operation = await settings()
    const declaring = webhook.configuration(NAME, b.namespace, 'Some')
    await expect(b.handle.apply(JSON.stringify(declaring))).rejects.toThrow(
      /None or NoneOnDryRun|NoneOnDryRun/,
    )
    webhook.respond = (_object, dryRun) => (dryRun ? 'I cannot say without doing it' : [])
    await install('NoneOnDryRun')
    await expect(b.plan(operation)).rejects.toMatchObject({
      message: expect.stringContaining('I cannot say without doing it'),
    })
  })

  it('added after the approval makes it stale', async () => {
    const planned = await b.plan(await settings())
    webhook.respond = () => label('new')
    await install()
    const attempts = new MemoryAttempts()
    expect(await b.execute(planned, { attempts })).toMatchObject({
      state: 'stale',
      reason: expect.stringContaining('metadata.labels'),
    })
    expect(attempts.kept).toEqual([])
  })

  it('that refuses after the approval makes it stale', async () => {
    const planned = await b.plan(await settings())
    webhook.respond = () => 'closed today'
    await install()
    expect(await b.execute(planned)).toMatchObject({
      state: 'stale',
      reason: expect.stringContaining('closed today'),
    })
  })

  it('that does something else when it is meant is found out', async () => {
    const operation = await settings()
    webhook.respond = (_object, dryRun) => (dryRun ? [] : label('surprise'))
    await install()
    const outcome = await b.execute(await b.plan(operation))
    expect(outcome).toMatchObject({
      state: 'succeeded',
      verification: { ok: false, text: expect.stringContaining('not what was approved') },
    })
  })

  it('that is slow delays an executor beyond its lease, and the next one does not do it again', async () => {
    const operation = await settings()
    await install()
    const planned = await b.plan(operation)
    planned.expectation.check = 'none'
    webhook.delayMs = (dryRun) => (dryRun ? 0 : 1_500)
    const attempts = new MemoryAttempts()
    const first = b.execute(planned, { attempts })
    await eventually('the first one has sent', async () => webhook.calls.at(-1)?.dryRun === false, {
      interval: 20,
    })
    const second = b.execute(planned, { attempts, timing: { lost: 300 } })
    const states = (await Promise.all([first, second])).map(({ state }) => state)
    expect(states).toEqual(['succeeded', 'succeeded'])
    const object = await b.get(`cm/${operation.target.name}`)
    const writes = object.metadata.managedFields.filter((one: KubeJson) => one.manager === 'gatehouse')
    expect(writes).toHaveLength(1)
    expect(object.data).toEqual({ a: '2' })
  })
})
