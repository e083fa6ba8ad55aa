import { sharedCluster } from '@gatehouse/testing'
import { connectMcp, type ServerProcess, sdks } from '@gatehouse/testing/mcp'
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
