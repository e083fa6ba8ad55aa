import { afterAll, beforeAll, expect, test } from 'vitest'
import { applyDemo, type Cluster, eventually, fillCluster, startCluster } from '../src/index.ts'

let cluster: Cluster

beforeAll(async () => {
  cluster = await startCluster()
}, 1_800_000)

afterAll(() => cluster?.stop())

const pods = async (namespace: string): Promise<string> =>
  (await cluster.kubectl(['get', 'pods', '-n', namespace, '--no-headers'])).replaceAll(/ +/g, ' ')

test('the demo shows every fault it promises, and heals by the right change', async () => {
  await applyDemo(cluster)
  await eventually('faults of shop', async () => {
    const all = await pods('shop')
    const expected = [/cart\S+ 0\/1 CrashLoop/, /checkout\S+ 0\/1 ImagePullBackOff/, /search\S+ 0\/1 Pending/]
    return [...expected, /recommendations\S+ 0\/1 Running/, /frontend\S+ 1\/1 Running/].every((row) =>
      row.test(all),
    )
  })
  await eventually('out of memory', async () => {
    const reason = '{.items[0].status.containerStatuses[0].lastState.terminated.reason}'
    const args = ['get', 'pods', '-n', 'billing', '-l', 'app=invoices', '-o', `jsonpath=${reason}`]
    return (await cluster.kubectl(args)) === 'OOMKilled'
  })
  await eventually('quota', async () => (await pods('imports')).split('\n').filter(Boolean).length === 2)
  const slices = ['get', 'endpointslices', '-n', 'shop', '-l', 'kubernetes.io/service-name=catalog']
  expect(await cluster.kubectl([...slices, '-o', 'wide'])).not.toContain('10.244')
  expect(await cluster.kubectl(['get', 'backups', '-n', 'billing'])).toMatch(/SCHEDULE.*\n.*Completed/)

  await cluster.kubectl(['set', 'env', 'deployment/cart', 'DATABASE_URL=postgres://db', '-n', 'shop'])
  await cluster.kubectl(['rollout', 'status', 'deployment/cart', '-n', 'shop', '--timeout=30s'])
})

test('the scale fixture is created in bulk', async () => {
  await fillCluster(cluster, { pods: 500, events: 100 })
  expect((await pods('load')).match(/ 2\/2 Running/g)).toHaveLength(500)
  const one = await cluster.kubectl(['get', '--raw', '/api/v1/namespaces/events/events?limit=500'])
  expect(JSON.parse(one)).toMatchObject({ items: { length: 100 } })
}, 120_000)
