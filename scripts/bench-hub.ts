import { loadavg } from 'node:os'
import { parseArgs } from 'node:util'
import { residentMegabytes } from './bench/process.ts'
import { circumstances, type Row, rowLine, tableOf, verdictOf, writeJson } from './bench/report.ts'
import { median } from './bench/statistics.ts'
import type { Measured } from './bench-hub/load-process.ts'
import { measure, startBenchHub, startUpstream } from './bench-hub/processes.ts'
import { addedRow, both, rateRow, type Sides } from './bench-hub/rows.ts'

const HELP = `npm run bench:hub [-- options]: what the hub costs, beside the same calls without it

  --quick       fewer and shorter rounds: about a minute
  --json FILE   also write the rows as JSON

The hub has a core for itself; a server that does almost nothing and the load share the other one. "Loaded" is with bearer
tokens, signatures, limits and the log; "minimal" without. Exit code 1 when a budget is missed.
`

const TOKEN = 'token-that-only-the-benchmark-uses-0123456789'
const LOADED = { MCP_TOKEN: TOKEN, HUB_KEY: 'key-that-only-the-benchmark-uses-0123456789' }
const { values } = parseArgs({
  options: {
    quick: { type: 'boolean', default: false },
    json: { type: 'string' },
    help: { type: 'boolean', short: 'h' },
  },
})
if (values.help) process.stdout.write(HELP)
else await main(values.quick)

async function main(quick: boolean): Promise<void> {
  const before = loadavg()[0] ?? 0
  const rows: Row[] = []
  const add = (row: Row): void => {
    rows.push(row)
    process.stderr.write(`${rowLine(row)}\n`)
  }
  await hop(quick, add)
  await neighbours(quick, add)
  await memory(quick, add)
  const about = circumstances(before)
  console.log(`${about}\n\n${tableOf(rows)}`)
  if (values.json) writeJson(values.json, about, rows)
  process.exitCode = rows.some((row) => verdictOf(row) === 'MISS') ? 1 : 0
}

async function hop(quick: boolean, add: (row: Row) => void): Promise<void> {
  await using server = await startUpstream('bench')
  await using hub = await startBenchHub({ bench: server.port }, { env: LOADED })
  await using minimal = await startBenchHub({ bench: server.port }, { env: { LOG_LEVEL: 'silent' } })
  const times = { seconds: quick ? 2 : 4, rounds: quick ? 3 : 5 }
  const loaded: Sides = { direct: server.port, hub, token: TOKEN, ...times }
  const bare: Sides = { direct: server.port, hub: minimal, ...times }
  const echo = (connections: number, rate?: number) => ({ tool: 'bench.echo', connections, rate })
  const single = await both(loaded, echo(1))
  add(addedRow('added at one client, loaded', 'p50', single, 0.5))
  add(addedRow('… minimal', 'p50', await both(bare, echo(1))))
  const steady = await both(loaded, echo(16, 200))
  add(addedRow('added at 200 calls/s, loaded', 'p99', steady, 5))
  add(addedRow('… its middle', 'p50', steady))
  const crowd = await both(loaded, echo(32))
  const free = await both(bare, echo(32))
  add(rateRow('calls/s at 32 clients, loaded', crowd.through, 2_000))
  add(rateRow('… minimal', free.through))
  for (const connections of quick ? [] : [8, 128]) {
    add(rateRow(`… at ${connections} clients, loaded`, (await both(loaded, echo(connections))).through))
  }
  for (const [tool, what] of [
    ['slow', 'a tool of 20 ms'],
    ['large', 'an answer of 200 KB'],
    ['stream', 'an answer as a stream'],
  ] as const) {
    const work = { tool: `bench.${tool}`, connections: 1, anyAnswer: tool === 'large' }
    add(addedRow(`added to ${what}, loaded`, 'p50', await both(loaded, work)))
  }
}

/** What a server that hangs, and one that is gone, cost the calls to another. */
async function neighbours(quick: boolean, add: (row: Row) => void): Promise<void> {
  await using good = await startUpstream('good')
  await using bad = await startUpstream('bad')
  const servers = { good: good.port, bad: bad.port, gone: 9 }
  await using hub = await startBenchHub(servers, { up: ['good', 'bad'], env: LOADED })
  const seconds = quick ? 3 : 6
  const work = { port: hub.port, token: TOKEN, tool: 'good.echo', connections: 8, seconds, pid: hub.pid }
  // A process that has just started compiles what it runs: its first hundreds of calls say nothing about neighbours.
  await measure(work)
  const alone: Measured[] = []
  const beside: Measured[] = []
  for (let round = 0; round < (quick ? 4 : 7); round++) {
    alone.push(await measure(work))
    const hanging = new AbortController()
    const calls = Array.from({ length: 64 }, () => hang(hub.port, hanging.signal))
    beside.push(await measure(work))
    hanging.abort()
    await Promise.allSettled(calls)
  }
  const p99 = (list: Measured[]) => median(list.map((one) => one.p99))
  const spent = (list: Measured[]) => Math.round(median(list.map((one) => one.microseconds ?? 0)))
  add({
    work: 'p99 beside 64 calls to a server that hangs',
    unit: 'ms',
    measured: p99(beside),
    bare: p99(alone),
    budget: { ratio: 1.1 },
    note: `8 clients, a third server is gone; ${spent(alone)} µs of processor time per call without, ${spent(beside)} with`,
  })
}

async function hang(port: number, signal: AbortSignal): Promise<void> {
  const name = 'bad.hang'
  const _meta = {
    'io.modelcontextprotocol/protocolVersion': '2026-07-28',
    'io.modelcontextprotocol/clientInfo': { name: 'gatehouse-bench', version: '0.1.0' },
    'io.modelcontextprotocol/clientCapabilities': {},
  }
  const headers = {
    'content-type': 'application/json',
    accept: 'application/json, text/event-stream',
    authorization: `Bearer ${TOKEN}`,
    'mcp-protocol-version': '2026-07-28',
    'mcp-method': 'tools/call',
    'mcp-name': name,
  }
  const body = JSON.stringify({
    jsonrpc: '2.0',
    id: 1,
    method: 'tools/call',
    params: { name, arguments: {}, _meta },
  })
  await fetch(`http://127.0.0.1:${port}/mcp`, { method: 'POST', headers, body, signal })
}

/** Resident memory with 20 servers and 400 tools, after load. */
async function memory(quick: boolean, add: (row: Row) => void): Promise<void> {
  // Each server that is started is also to end with this process.
  process.setMaxListeners(40)
  const stack = new AsyncDisposableStack()
  const servers: Record<string, number> = {}
  for (let index = 0; index < 20; index++) {
    const server = stack.use(await startUpstream(`s${index}`, 20))
    servers[`s${index}`] = server.port
  }
  const hub = stack.use(await startBenchHub(servers, { env: LOADED }))
  const idle = residentMegabytes(hub.pid)
  await measure({ port: hub.port, token: TOKEN, tool: 's7.echo', connections: 32, seconds: quick ? 3 : 10 })
  const measured = residentMegabytes(hub.pid)
  const note = `20 servers, after load; ${Math.round(idle ?? 0)} MB before`
  add({
    work: 'memory with 400 tools',
    unit: 'MB',
    budget: { most: 200 },
    note,
    ...(measured !== undefined && { measured }),
  })
  await stack.disposeAsync()
}
