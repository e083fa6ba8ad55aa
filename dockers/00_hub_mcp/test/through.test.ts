import { eventually, sharedCluster } from '@gatehouse/testing'
import { connectMcp, postModern, type ServerProcess, sdks } from '@gatehouse/testing/mcp'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { K8S, type RunningHub, startHub, startK8s } from './harness.ts'

const cluster = await sharedCluster()
let k8s: ServerProcess
let hub: RunningHub
let namespace: string

beforeAll(async () => {
  namespace = await cluster.freshNamespace('hub')
  await cluster.kubectl(['create', 'configmap', 'flags', '-n', namespace, '--from-literal=colour=blue'])
  k8s = await startK8s({ KUBECONFIG: cluster.kubeconfig })
  hub = await startHub({ version: 1, servers: [{ ...K8S, url: `${k8s.url}/mcp` }] })
  await hub.ready(K8S.id)
})
afterAll(async () => {
  await hub?.[Symbol.asyncDispose]()
  await k8s?.stop()
})

it('a server that is killed and started again with other tools: the next list is right by itself', async () => {
  const other = await startK8s({ KUBECONFIG: cluster.kubeconfig, TOOLSETS: 'infra.k8s.pods' })
  const { port } = new URL(other.url)
  const restarting = { ...K8S, url: `${other.url}/mcp` }
  await using own = await startHub({ version: 1, servers: [restarting] })
  await own.ready(K8S.id)
  const client = await connectMcp({ url: `${own.url}/mcp/names/dotted` }, 'v2-2026-07-28')
  const names = async () => (await client.list()) as { tools: { name: string }[] }
  expect((await names()).tools.every(({ name }) => name.startsWith('infra.k8s.pods.'))).toBe(true)
  other.signal('SIGKILL')
  await other.exited
  const lost = await client.call('infra.k8s.pods.listPods', { namespace })
  expect(lost).toMatchObject({ isError: true, structuredContent: { code: 'SERVER_UNAVAILABLE' } })
  const again = await startK8s({
    KUBECONFIG: cluster.kubeconfig,
    TOOLSETS: 'infra.k8s.events',
    MCP_PORT: port,
    WEBCONTROL_PORT: port,
  })
  const reply = await eventually(
    'the new list',
    async () => {
      const fresh = await postModern(`${own.url}/mcp/names/dotted`, 'tools/list')
      return fresh.text.includes('infra.k8s.events.listEvents') && fresh
    },
    { interval: 20 },
  )
  expect(reply.text).not.toContain('infra.k8s.pods.listPods')
  expect((await client.call('infra.k8s.events.listEvents', { namespace })).isError).toBeFalsy()
  await client.close()
  await again.stop()
})

describe.each(sdks)('the client %s through the hub', (sdk) => {
  it('lists what the server lists, and gets the same answer', async () => {
    const direct = await connectMcp({ url: `${k8s.url}/mcp/names/safe` }, sdk)
    const through = await connectMcp({ url: `${hub.url}/mcp` }, sdk)
    const names = (list: { name: string }[]) => list.map(({ name }) => name).sort()
    expect(names(await through.tools())).toEqual(names(await direct.tools()))
    const input = { kind: 'ConfigMap', name: 'flags', namespace }
    for (const name of ['infra.k8s.resources.getResource', 'infra_k8s_resources_getResource']) {
      const reply = await through.call(name, input)
      const own = await direct.call(name, input)
      expect(reply.isError).toBeFalsy()
      expect(reply.content).toEqual(own.content)
      expect(reply.structuredContent).toEqual(own.structuredContent)
    }
    await through.close()
    await direct.close()
  })
})
