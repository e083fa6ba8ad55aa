import { parseArgs } from 'node:util'
import { applyDemo, eventually, startCluster } from '@gatehouse/testing'
import { connectMcp, type McpTestClient } from '@gatehouse/testing/mcp'

const HELP = `npm run agent:smoke [-- --cluster]: drives mcp-k8s-agent with a real MCP client

Goes through initialize, tools/list and each tool. It uses your kubeconfig and changes nothing: the deletion it asks for
is not approved and must be refused. Without a cluster every tool must say so.

  --cluster   starts a control plane with a demo workload instead, and really deletes one pod there
`
const main = new URL('../dockers/11_k8s_agent_mcp/src/main.ts', import.meta.url).pathname
const { values } = parseArgs({
  options: { cluster: { type: 'boolean' }, help: { type: 'boolean', short: 'h' } },
})
if (values.help) process.stdout.write(HELP)
else if (values.cluster) {
  await using cluster = await startCluster({ log: (line) => console.error(line) })
  await applyDemo(cluster)
  await eventually('the pods of the demo', async () => {
    const pods = await cluster.kubectl(['get', 'pods', '-n', 'shop', '-o', 'name'])
    return pods.split('\n').length > 5
  })
  process.exitCode = await drive({ ...ownEnvironment(), KUBECONFIG: cluster.kubeconfig }, 'shop', true)
} else process.exitCode = await drive(ownEnvironment(), 'default', false)

async function drive(env: Record<string, string>, namespace: string, deletes: boolean): Promise<number> {
  let said = ''
  const client = await connectMcp({
    command: process.execPath,
    args: [main],
    env: { LOG_LEVEL: 'silent', ...env },
    onStderr: (text) => {
      said += text
    },
  })
  const start = said.split('\n')[0] ?? ''
  let failed = report('start line', start.startsWith('mcp-k8s-agent started |'), start)
  const tools = await client.tools()
  failed += report('tools/list', tools.length === 5, tools.map((tool) => tool.name).join(', '))
  failed += await eachTool(client, namespace, deletes)
  await client.close()
  return failed > 0 ? 1 : 0
}

async function eachTool(client: McpTestClient, namespace: string, deletes: boolean): Promise<number> {
  const call = async (name: string, input: Record<string, unknown>, ...expected: string[]) => {
    const reply = await client.call(name, { namespace, ...input })
    const code = reply.isError ? String(reply.structuredContent?.code) : 'ok'
    const told = `${code}, ${reply.structuredContent?.classification}`
    const failed = report(
      `${name} ${JSON.stringify(input)}`,
      ['NO_CLUSTER', ...expected].includes(code),
      told,
    )
    return { failed, data: reply.structuredContent ?? {} }
  }
  const pods = await call('k8s_list', { kind: 'Pod' }, 'ok')
  const [pod] = (pods.data.items as { name: string }[] | undefined) ?? []
  const name = pod?.name ?? 'none'
  const known = pod ? 'ok' : 'NOT_FOUND'
  const calls = [
    pods,
    await call('k8s_get', { kind: 'Pod', name }, known),
    await call('k8s_list_events', {}, 'ok'),
    await call('k8s_pod_logs', { name, tailLines: 5 }, known, 'CLUSTER_REFUSED'),
    await call('k8s_list', { kind: 'Secret' }, 'BLOCKED_BY_POLICY'),
    await call('k8s_delete', { kind: 'Pod', name }, 'BLOCKED_BY_POLICY'),
    ...(deletes ? [await call('k8s_delete', { kind: 'Pod', name, approved: true }, 'ok')] : []),
  ]
  return calls.reduce((sum, one) => sum + one.failed, 0)
}

function report(what: string, ok: boolean, told: string): number {
  console.log(`${ok ? 'ok    ' : 'FAILED'} ${what}: ${told}`)
  return ok ? 0 : 1
}

// The person's own environment: KUBECONFIG and PATH count, as when a client starts it.
function ownEnvironment(): Record<string, string> {
  return Object.fromEntries(
    Object.entries(process.env).flatMap(([key, value]) => (value ? [[key, value]] : [])),
  )
}
