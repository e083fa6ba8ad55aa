import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
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

// The person's own environment: KUBECONFIG and PATH count, as when they start it.
const env: Record<string, string> = {
  ...Object.fromEntries(Object.entries(process.env).flatMap(([key, value]) => (value ? [[key, value]] : []))),
  STATE_DIR: state,
  APPROVAL_PORT: '0',
}
// A port of its own, and a log that says when it listens.
const own = { MCP_PORT: '0', WEBCONTROL_PORT: '0', REMEDIATION_PORT: '0', HUB_PORT: '0', LOG_LEVEL: 'info' }
const headers: Record<string, string> = env.MCP_TOKEN ? { authorization: `Bearer ${env.MCP_TOKEN}` } : {}

let failed = 0
for (const { name, call } of servers) {
  const main = `${root}dockers/${name}/src/main.ts`
  await report(`${name} stdio`, () =>
    probe({ command: process.execPath, args: [main, '--stdio'], env }, call),
  )
  await report(`${name} HTTP`, async () => {
    const server = await startServer({ main, env: { ...env, ...own } })
    const told = await probe({ url: `${server.url}/mcp`, headers }, call).finally(() =>
      server.signal('SIGTERM'),
    )
    const code = await server.exited
    if (code !== 0) throw new Error(`SIGTERM ended it with ${code}`)
    return told
  })
}
await report('00_hub_mcp HTTP, over 08', async () => {
  const mainOf = (name: string) => `${root}dockers/${name}/src/main.ts`
  const k8s = await startServer({ main: mainOf('08_k8s_mcp'), env: { ...env, ...own } })
  const urls = { K8S_MCP_URL: `${k8s.url}/mcp`, REMEDIATION_MCP_URL: 'http://127.0.0.1:9/mcp' }
  const hub = await startServer({ main: mainOf('00_hub_mcp'), env: { ...env, ...own, ...urls } })
  try {
    // Ready is when each server was asked once; one of the two is not there.
    while ((await fetch(`${hub.url}/readyz`)).status !== 200) await pause(50)
    return await probe({ url: `${hub.url}/mcp`, headers }, 'infra_k8s_getMetrics')
  } finally {
    await Promise.all([hub.stop(), k8s.stop()])
  }
})
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
