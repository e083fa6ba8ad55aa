import { type ClusterHandle, sharedCluster } from '@gatehouse/testing'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type Running, start } from './harness.ts'

const LIST = 'infra.k8s.resources.listResources'
const COUNT = 30

let cluster: ClusterHandle
let server: Running
let namespace: string

beforeAll(async () => {
  cluster = await sharedCluster()
  server = await start({ KUBECONFIG: cluster.kubeconfig })
})

afterAll(async () => server?.[Symbol.asyncDispose]())

const configMap = (index: number) => `
apiVersion: v1
kind: ConfigMap
metadata: { name: c-${String(index).padStart(2, '0')}, namespace: ${namespace}, labels: { paging: "yes" } }
data: { size: "${index}" }`

const fresh = async () => {
  namespace = await cluster.freshNamespace('page')
  await cluster.apply(Array.from({ length: COUNT }, (_, index) => configMap(index)).join('\n---'))
}
const page = async (input: object) =>
  server.call(LIST, { kind: 'configmaps', namespace, labelSelector: 'paging=yes', ...input })
const names = (body: { items: { name: string }[] }) => body.items.map((item) => item.name)

async function allPages(
  input: object,
  between: () => Promise<unknown>,
): Promise<{ names: string[]; totals: number[] }> {
  const first = (await page(input)).body
  const found = names(first)
  const totals = [first.total]
  await between()
  for (let next = first.continue; next; ) {
    const { body } = await page({ ...input, continue: next })
    found.push(...names(body))
    totals.push(body.total)
    next = body.continue
  }
  return { names: found, totals }
}

describe('a list over several pages', () => {
  const everything = Array.from({ length: COUNT }, (_, index) => `c-${String(index).padStart(2, '0')}`)
  const shapes = {
    'printed columns': {},
    'fields of objects': { columns: ['name', 'data.size'] },
    'a condition and an order': {
      where: 'int(object.data.size) >= 0',
      sort: '-data.size',
      columns: ['name', 'data.size'],
    },
  }
  for (const [what, shape] of Object.entries(shapes)) {
    it(`continues as it was although the list changes in between: ${what}`, async () => {
      await fresh()
      const { names: found, totals } = await allPages({ limit: 7, ...shape }, async () => {
        await cluster.kubectl(['delete', 'configmap', 'c-00', 'c-12', '-n', namespace])
        await cluster.apply(configMap(99))
      })
      expect(found.toSorted()).toEqual(everything)
      expect(new Set(totals)).toEqual(new Set([COUNT]))
      expect((await page({ limit: 1 })).body.total).toBe(COUNT - 1)
    })
  }

  it('continues over all namespaces', async () => {
    await fresh()
    const { names: found } = await allPages(
      {
        limit: 7,
        namespace: undefined,
        allNamespaces: true,
        labelSelector: 'paging=yes',
        where: `namespace == '${namespace}'`,
      },
      async () => {
        await cluster.kubectl(['delete', 'configmap', 'c-29', '-n', namespace])
      },
    )
    expect(found).toEqual(everything)
  })

  it('ends with the last page and never repeats the limit as the total', async () => {
    await fresh()
    const first = (await page({ limit: COUNT })).body
    expect(first).toMatchObject({ total: COUNT, shown: COUNT })
    expect(first.continue).toBeUndefined()
  })

  const reshape = (cursor: string, change: (parts: string[]) => string[]) =>
    Buffer.from(change(Buffer.from(cursor, 'base64url').toString().split('.')).join('.')).toString(
      'base64url',
    )

  it('says so when the list of the cursor is gone', async () => {
    await fresh()
    const cursor = (await page({ limit: 5 })).body.continue
    for (const version of ['1', '999999999999']) {
      const stale = reshape(cursor, ([offset = '', question = '', before = '']) => [
        offset,
        question,
        before,
        version,
      ])
      const { status, body } = await page({ limit: 5, continue: stale })
      expect({ status, code: body.code }).toEqual({ status: 410, code: 'CURSOR_EXPIRED' })
      expect(body.hint).toMatch(/without continue/)
    }
  })

  it('says so when other rows stand before the cursor', async () => {
    await fresh()
    const cursor = (await page({ limit: 5 })).body.continue
    await cluster.kubectl(['delete', 'configmap', 'c-01', '-n', namespace])
    // Without a version the list is read as it is now.
    const live = reshape(cursor, (parts) => [...parts.slice(0, 3), ''])
    expect((await page({ limit: 5, continue: live })).body).toMatchObject({ code: 'CURSOR_EXPIRED' })
  })

  it('refuses cursors of another question and things that are no cursors', async () => {
    await fresh()
    const cursor = (await page({ limit: 5 })).body.continue
    expect((await page({ limit: 5, sort: 'name', continue: cursor })).body.message).toMatch(
      /another question/,
    )
    // The page may grow; that is no other question.
    expect((await page({ limit: 9, continue: cursor })).body.shown).toBe(9)
    for (const continued of [
      'zzz',
      'MA',
      `${cursor}AA`,
      Buffer.from('-1.aaaaaaaaaaaa.aaaaaaaa.1').toString('base64url'),
    ]) {
      expect((await page({ continue: continued })).body).toMatchObject({ code: 'INVALID_INPUT' })
    }
  })
})
