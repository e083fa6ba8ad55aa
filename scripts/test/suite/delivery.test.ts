import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { sharedCluster } from '@gatehouse/testing'
import { Client, StreamableHTTPClientTransport } from '@modelcontextprotocol/client'
import { StdioClientTransport } from '@modelcontextprotocol/client/stdio'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { AGENT, APPROVER, type Body, type Suite, startSuite } from './suite.ts'

const cluster = await sharedCluster()
const main = new URL('../../../dockers/09_remediation_mcp/src/main.ts', import.meta.url).pathname
let suite: Suite
let namespace: string

beforeAll(async () => {
  namespace = await cluster.freshNamespace('delivery')
  await cluster.kubectl(['create', 'configmap', 'flags', '-n', namespace, '--from-literal=a=1'])
  suite = await startSuite({ kubeconfig: cluster.kubeconfig })
})
afterAll(() => suite?.[Symbol.asyncDispose]())

const colour = () => cluster.kubectl(['get', 'cm', 'flags', '-n', namespace, '-o', 'jsonpath={.data.colour}'])

/** A client that can show links, and what it does when it is asked to. */
async function connect(
  transport: Parameters<Client['connect']>[0],
  answer: 'accept' | 'decline' | 'cancel' | undefined,
  modern = true,
) {
  const links: string[] = []
  const client = new Client(
    { name: 'delivery-test', version: '0' },
    {
      capabilities: answer ? { elicitation: { url: {} } } : {},
      ...(modern && { versionNegotiation: { mode: { pin: '2026-07-28' } } }),
    },
  )
  if (answer) {
    client.setRequestHandler('elicitation/create', async ({ params }) => {
      links.push('url' in params ? String(params.url) : 'a form')
      return { action: answer }
    })
  }
  await client.connect(transport)
  return { client, links }
}

const http = (url: string) =>
  new StreamableHTTPClientTransport(new URL(`${url}/mcp`), {
    requestInit: { headers: { authorization: `Bearer ${AGENT}` } },
  })

const patchTo = (value: string) => ({
  name: 'infra.k8s.resources.patchResource',
  arguments: { kind: 'ConfigMap', name: 'flags', namespace, patch: { data: { colour: value } } },
})

describe('a change over MCP', () => {
  it('is a plain pending answer for a client that cannot show links', async () => {
    const { client } = await connect(http(suite.urls.k8s), undefined)
    const result = await client.callTool(patchTo('plain'))
    expect(result.structuredContent).toMatchObject({ state: 'pending' })
    expect(JSON.stringify(result.content)).toContain('/requests/')
    await client.close()
  })

  it.each(['accept', 'decline', 'cancel'] as const)(
    'comes with the link, and %s approves nothing',
    async (answer) => {
      const { client, links } = await connect(http(suite.urls.k8s), answer)
      const result = (await client.callTool(patchTo(answer))) as Body
      const { requestId, state } = result.structuredContent
      expect(state).toBe('pending')
      expect(links).toEqual([`${suite.urls.approvals.replace(/:\d+$/, ':0')}/requests/${requestId}`])
      expect(await colour()).toBe('')
      // The same call again while it waits is the same request.
      const other = await connect(http(suite.urls.k8s), undefined)
      const again = (await other.client.callTool(patchTo(answer))) as Body
      await other.client.close()
      expect(again.structuredContent.requestId).toBe(requestId)
      await client.close()
    },
    90_000,
  )

  it('tells the outcome once a person has decided', async () => {
    let approved: Promise<unknown> | undefined
    const { client } = await connect(http(suite.urls.k8s), 'accept')
    client.setRequestHandler('elicitation/create', async ({ params }) => {
      const requestId =
        String('url' in params ? params.url : '')
          .split('/')
          .at(-1) ?? ''
      approved = suite.approve(requestId)
      return { action: 'accept' }
    })
    const result = (await client.callTool(patchTo('green'))) as Body
    await approved
    expect(result.structuredContent).toMatchObject({ state: 'succeeded' })
    expect(await colour()).toBe('green')
    await client.close()
  })
})

describe('09 over stdio', () => {
  it('speaks MCP and serves the pages in one process; a second one joins it', async () => {
    const stateDir = mkdtempSync(path.join(tmpdir(), 'gatehouse-stdio-'))
    const port = String(20_000 + Math.floor(Math.random() * 10_000))
    const env = {
      PATH: process.env.PATH ?? '',
      HOME: '/nonexistent',
      KUBECONFIG: cluster.kubeconfig,
      STATE_DIR: stateDir,
      APPROVAL_PORT: port,
      APPROVER_TOKEN: APPROVER,
    }
    const start = () =>
      new StdioClientTransport({ command: process.execPath, args: [main, '--stdio'], env, stderr: 'ignore' })
    const { client, links } = await connect(start(), 'accept', false)
    const tools = (await client.listTools()).tools.map(({ name }) => name)
    expect(tools).toEqual(['propose_remediation', 'execute_kubectl', 'get_pending_approvals'])
    expect((await fetch(`http://127.0.0.1:${port}/livez`)).status).toBe(200)
    const read = (await client.callTool({
      name: 'execute_kubectl',
      arguments: { command: `kubectl get configmap flags -n ${namespace}` },
    })) as Body
    expect(read.structuredContent.output).toContain('flags')
    const second = await connect(start(), undefined, false)
    const command = `kubectl label configmap flags tier=front -n ${namespace}`
    const asked = (await second.client.callTool({ name: 'execute_kubectl', arguments: { command } })) as Body
    expect(asked.structuredContent).toMatchObject({ state: 'pending' })
    const pending = (await client.callTool({ name: 'get_pending_approvals', arguments: {} })) as Body
    expect(pending.structuredContent.items.map((one: Body) => one.requestId)).toEqual([
      asked.structuredContent.requestId,
    ])
    const linked = (await client.callTool({
      name: 'propose_remediation',
      arguments: { action: 'Label it', commands: [{ command }] },
    })) as Body
    expect(linked.structuredContent.state).toBe('pending')
    expect(links).toHaveLength(1)
    await second.client.close()
    await client.close()
    rmSync(stateDir, { recursive: true, force: true })
  }, 90_000)

  it('refuses with a code and what is refused', async () => {
    const { client } = await connect(http(suite.urls.remediation), undefined)
    const refuse = async (command: string) => {
      const result = (await client.callTool({ name: 'execute_kubectl', arguments: { command } })) as Body
      expect(result.isError).toBe(true)
      return result.structuredContent.code
    }
    expect(await refuse('kubectl get pods | sh')).toBe('COMMAND_REFUSED')
    expect(await refuse('kubectl delete pods --all')).toBe('COMMAND_REFUSED')
    expect(await refuse('kubectl port-forward pod/x 80')).toBe('COMMAND_REFUSED')
    expect(await refuse(`kubectl delete namespace ${namespace}`)).toBe('BLOCKED_BY_POLICY')
    const proposal = { action: 'look', commands: [{ command: 'kubectl get pods' }] }
    const read = (await client.callTool({ name: 'propose_remediation', arguments: proposal })) as Body
    expect(read.structuredContent).toMatchObject({
      code: 'INVALID_INPUT',
      hint: expect.stringContaining('execute_kubectl'),
    })
    await client.close()
  })
})
