import { sharedCluster } from '@gatehouse/testing'
import { connectMcp } from '@gatehouse/testing/mcp'
import { expect, it } from 'vitest'
import { AGENT, startSuite } from './suite.ts'

const main = new URL('../../../dockers/11_k8s_agent_mcp/src/main.ts', import.meta.url).pathname
const cluster = await sharedCluster()

it('AGENT_APPROVAL=operator: a deletion of mcp-k8s-agent waits for a person like every other change', async () => {
  const namespace = await cluster.freshNamespace('operator')
  const make = (name: string) => cluster.kubectl(['create', 'serviceaccount', name, '-n', namespace])
  await make('one')
  await make('two')
  const names = () =>
    cluster.kubectl(['get', 'sa', '-n', namespace, '-o', 'jsonpath={.items[*].metadata.name}'])
  await using suite = await startSuite({ kubeconfig: cluster.kubeconfig })
  const agent = await connectMcp({
    command: process.execPath,
    args: [main],
    env: {
      PATH: process.env.PATH ?? '',
      HOME: '/nonexistent',
      KUBECONFIG: cluster.kubeconfig,
      AGENT_APPROVAL: 'operator',
      APPROVAL_URL: suite.urls.approvals,
      MCP_TOKEN: AGENT,
    },
  })
  const ask = { kind: 'ServiceAccount', name: 'one', namespace }
  const refused = await agent.call('k8s_delete', ask)
  expect(refused.structuredContent).toMatchObject({ code: 'BLOCKED_BY_POLICY' })
  const asked = await agent.call('k8s_delete', { ...ask, approved: true })
  expect(asked.structuredContent).toMatchObject({ state: 'pending', approval: 'operator', name: 'one' })
  expect(await names()).toContain('one')
  const requestId = String(asked.structuredContent?.requestId)
  expect((await suite.approve(requestId)).status).toBe(200)
  expect(await suite.ended(requestId)).toMatchObject({ state: 'succeeded' })
  expect((await names()).split(' ')).toEqual(['default', 'two'])
  await agent.close()
})
