import { sharedCluster } from '@gatehouse/testing'
import { postRaw, type ServerProcess, startServer } from '@gatehouse/testing/mcp'
import { afterAll, beforeAll, expect, it } from 'vitest'

const cluster = await sharedCluster()
const main = new URL('../src/main.ts', import.meta.url).pathname
const SECRET = { kind: 'secret', name: 'two' }

let server: ServerProcess
let namespace: string
beforeAll(async () => {
  namespace = await cluster.freshNamespace('redactions')
  await cluster.apply(
    `apiVersion: v1\nkind: Secret\nmetadata: {name: two, namespace: ${namespace}}\nstringData: {a: first-value, b: second-value}`,
  )
  server = await startServer({ main, env: { KUBECONFIG: cluster.kubeconfig } })
})
afterAll(() => server?.stop())

const call = async (id: string, tool: string, input: object) => {
  const headers = { 'x-correlation-id': id }
  const body = JSON.stringify({ namespace, ...input })
  const answer = await postRaw(`${server.url}/tools/${tool}`, body, { headers })
  expect(answer.status).toBe(200)
}
const total = async (series: string) => {
  const { text } = await postRaw(`${server.url}/metrics`, '', { method: 'GET' })
  return Number(new RegExp(`^${series} (\\d+)$`, 'm').exec(text)?.[1] ?? 0)
}

it('each call counts what was masked for it, also where several share one answer of the cluster', async () => {
  const secrets = Array.from({ length: 8 }, (_, index) => `secret-${index}`)
  const services = Array.from({ length: 8 }, (_, index) => `service-${index}`)
  // Until discovery is done the reads do not fall together.
  await call('first', 'infra.k8s.resources.getResource', SECRET)
  await Promise.all([
    ...secrets.map((id) => call(id, 'infra.k8s.resources.getResource', SECRET)),
    ...services.map((id) => call(id, 'infra.k8s.services.listServices', {})),
  ])
  const lineOf = (id: string) =>
    server.logged((line) => line.correlation_id === id && line.msg === 'call finished')
  for (const id of secrets) expect(await lineOf(id)).toMatchObject({ redactions: 2, redacted: '2 secret' })
  for (const id of services) {
    const line = await lineOf(id)
    expect(line.redactions).toBe(0)
    expect(line).not.toHaveProperty('redacted')
  }
  expect(await total('gatehouse_shared_reads_total')).toBeGreaterThan(0)
  expect(await total('gatehouse_redactions_total\\{class="secret"\\}')).toBe(2 * 9)
})
