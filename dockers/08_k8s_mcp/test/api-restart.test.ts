import { type Cluster, startCluster } from '@gatehouse/testing'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { type Running, start } from './harness.ts'

// A cluster of its own: the shared one must not lose its API server.
let cluster: Cluster
let running: Running

beforeAll(async () => {
  cluster = await startCluster({ controllers: false, nodes: 1 })
  running = await start({ KUBECONFIG: cluster.kubeconfig })
})
afterAll(async () => {
  await running?.[Symbol.asyncDispose]()
  await cluster?.stop()
})

const NAMESPACES = 'infra.k8s.cluster.listNamespaces'

it('an API server that dies during calls costs clear errors, and its return heals without a restart', async () => {
  expect((await running.call(NAMESPACES)).status).toBe(200)
  const outcomes: string[] = []
  let going = true
  const caller = async () => {
    while (going) {
      const { status, body } = await running.call(NAMESPACES)
      outcomes.push(status === 200 ? 'ok' : body.code)
    }
  }
  const callers = [1, 2, 3, 4].map(caller)
  await expect.poll(() => outcomes.length).toBeGreaterThan(20)
  await cluster.stopApiServer()
  await expect.poll(() => outcomes.at(-1), { timeout: 15_000 }).toBe('CLUSTER_UNREACHABLE')
  going = false
  await Promise.all(callers)
  expect([...new Set(outcomes)].sort()).toEqual(['CLUSTER_UNREACHABLE', 'ok'])

  expect((await running.rpc('tools/list')).tools.length).toBeGreaterThan(10)
  const { status, body } = await running.get('/health')
  expect([status, body.state]).toEqual([200, 'degraded'])
  expect((await running.get('/status')).body.cluster.connected).toBe(false)

  await cluster.startApiServer()
  await expect.poll(async () => (await running.call(NAMESPACES)).status, { timeout: 30_000 }).toBe(200)
})

it('documentation mode ends when the cluster appears', async () => {
  await cluster.stopApiServer()
  await using late = await start({ KUBECONFIG: cluster.kubeconfig })
  expect((await late.call(NAMESPACES)).body.code).toBe('CLUSTER_UNREACHABLE')
  await cluster.startApiServer()
  await expect.poll(async () => (await late.call(NAMESPACES)).status, { timeout: 30_000 }).toBe(200)
})
