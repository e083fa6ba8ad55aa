import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { connectMcp, type Endpoint, startServer } from '@gatehouse/testing/mcp'

/** `npm run smoke`: starts each server as a user would, over stdio and HTTP, lists its tools and calls one. No cluster needed. */
const root = new URL('..', import.meta.url).pathname

// Of their own, so that a smoke test never touches the state of a suite that runs here.
const state = mkdtempSync(path.join(tmpdir(), 'gatehouse-smoke-'))
process.once('exit', () => rmSync(state, { recursive: true, force: true }))

const servers = [
  { name: '08_k8s_mcp', call: 'infra.k8s.getMetrics' },
  { name: '09_remediation_mcp', call: 'get_pending_approvals' },
]

let failed = 0
for (const { name, call } of servers) {
  const main = `${root}dockers/${name}/src/main.ts`
  // The person's own environment: KUBECONFIG and PATH count, as when they start it.
  const env: Record<string, string> = {
    ...Object.fromEntries(
      Object.entries(process.env).flatMap(([key, value]) => (value ? [[key, value]] : [])),
    ),
    STATE_DIR: state,
    APPROVAL_PORT: '0',
  }
  await report(`${name} stdio`, () =>
    probe({ command: process.execPath, args: [main, '--stdio'], env }, call),
  )
  await report(`${name} HTTP`, async () => {
    // A port of its own, and a log that says when it listens.
    const own = { MCP_PORT: '0', WEBCONTROL_PORT: '0', REMEDIATION_PORT: '0', LOG_LEVEL: 'info' }
    const server = await startServer({ main, env: { ...env, ...own } })
    const headers = env.MCP_TOKEN ? { authorization: `Bearer ${env.MCP_TOKEN}` } : {}
    const told = await probe({ url: `${server.url}/mcp`, headers }, call).finally(() =>
      server.signal('SIGTERM'),
    )
    const code = await server.exited
    if (code !== 0) throw new Error(`SIGTERM ended it with ${code}`)
    return told
  })
}
process.exitCode = failed > 0 ? 1 : 0

async function probe(endpoint: Endpoint, name: string): Promise<string> {
  const client = await connectMcp(endpoint)
  try {
    const tools = await client.tools()
    if (tools.length === 0) throw new Error('tools/list is empty')
    const reply = await client.call(name)
    const code = reply.isError ? String(reply.structuredContent?.code) : 'ok'
    if (code === 'INTERNAL' || code === 'UNKNOWN_TOOL') throw new Error(`${name}: ${code}`)
    return `${tools.length} tools, ${name}: ${code}`
  } finally {
    await client.close()
  }
}

async function report(what: string, run: () => Promise<string>): Promise<void> {
  const started = performance.now()
  const seconds = () => ((performance.now() - started) / 1000).toFixed(1)
  try {
    const told = await run()
    console.log(`ok     ${what} (${seconds()} s): ${told}`)
  } catch (error) {
    failed++
    console.log(`FAILED ${what} (${seconds()} s): ${error instanceof Error ? error.message : error}`)
  }
}
