import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { connectMcp, type Endpoint, startServer } from '@gatehouse/testing/mcp'

/** `npm run smoke`: starts each server as a user would, over stdio and HTTP, and all of them behind the hub; lists tools and calls one. No cluster needed. */
const root = new URL('..', import.meta.url).pathname

// Of their own, so that a smoke test never touches the state of a suite that runs here.
const state = mkdtempSync(path.join(tmpdir(), 'gatehouse-smoke-'))
process.once('exit', () => rmSync(state, { recursive: true, force: true }))

const servers = [
  { name: '08_k8s_mcp', call: 'infra.k8s.getMetrics' },
  { name: '09_remediation_mcp', call: 'get_pending_approvals' },
]

// The person's own environment: KUBECONFIG and PATH count, as when they start it.
const environment: Record<string, string> = {
  ...Object.fromEntries(Object.entries(process.env).flatMap(([key, value]) => (value ? [[key, value]] : []))),
  STATE_DIR: state,
  APPROVAL_PORT: '0',
}
// Ports of their own, and a log that says when they listen.
const ANY_PORT = {
  HUB_PORT: '0',
  MCP_PORT: '0',
  WEBCONTROL_PORT: '0',
  REMEDIATION_PORT: '0',
  LOG_LEVEL: 'info',
}
const bearer: Record<string, string> = environment.MCP_TOKEN
  ? { authorization: `Bearer ${environment.MCP_TOKEN}` }
  : {}

let failed = 0
for (const { name, call } of servers) {
  const main = `${root}dockers/${name}/src/main.ts`
  await report(`${name} stdio`, () =>
    probe({ command: process.execPath, args: [main, '--stdio'], env: environment }, call),
  )
  await report(`${name} HTTP`, async () => {
    const server = await startServer({ main, env: { ...environment, ...ANY_PORT } })
    const told = await probe({ url: `${server.url}/mcp`, headers: bearer }, call).finally(() =>
      server.signal('SIGTERM'),
    )
    const code = await server.exited
    if (code !== 0) throw new Error(`SIGTERM ended it with ${code}`)
    return told
  })
}
await report('00_hub_mcp HTTP', () => throughHub())
process.exitCode = failed > 0 ? 1 : 0

/** The suite as `npm start` has it: one address, and a tool of each server behind it. */
async function throughHub(): Promise<string> {
  const main = new URL('./run.mjs', import.meta.url).pathname
  const suite = await startServer({ main, args: ['start'], env: { ...environment, ...ANY_PORT } })
  const through = async (): Promise<string> => {
    const { origin } = await suite.logged(({ msg, service }) => msg === 'ready' && service === 'hub-mcp')
    const endpoint = { url: `${origin}/mcp`, headers: bearer }
    await probe(endpoint, 'infra.remediation.get_pending_approvals')
    return probe(endpoint, 'infra.k8s.getMetrics')
  }
  const told = await through().finally(() => suite.signal('SIGTERM'))
  const code = await suite.exited
  if (code !== 0) throw new Error(`SIGTERM ended it with ${code}`)
  return told
}

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
