import { existsSync } from 'node:fs'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import type { ClusterRun } from './cluster-parts.ts'
import { residentMegabytes } from './process.ts'
import type { Row } from './report.ts'
import { type Launch, openStdio, type Session } from './session.ts'
import { startAndList } from './start-up.ts'
import { median, timeEach } from './statistics.ts'
import { type Count, tokenCounter } from './tokens.ts'
import { EVENTS, MEDIUM, SINGLE, SMALL, type Workload } from './workload.ts'

type Ask = [tool: string, input: Record<string, unknown>]

interface Peer {
  name: string
  /** The npm package, and the file in it that is started. */
  package: string
  entry: string
  args: string[]
  env: Record<string, string>
  pods(namespace: string): Ask
  events(namespace: string): Ask
}

const FLUX: Omit<Peer, 'name'> = {
  package: 'mcp-server-kubernetes',
  entry: 'dist/index.js',
  args: [],
  // Its default buffer cannot hold 500 pods.
  env: { SPAWN_MAX_BUFFER: String(512 * 1024 * 1024) },
  pods: (namespace) => ['kubectl_get', { resourceType: 'pods', namespace }],
  events: (namespace) => ['kubectl_get', { resourceType: 'events', namespace }],
}
const CONTAINERS: Omit<Peer, 'name'> = {
  package: 'kubernetes-mcp-server-linux-amd64',
  entry: 'bin/kubernetes-mcp-server-linux-amd64',
  args: ['--toolsets', 'core,config,helm'],
  env: {},
  pods: (namespace) => ['pods_list_in_namespace', { namespace }],
  events: (namespace) => ['events_list', { namespace }],
}
const PEERS: Peer[] = [
  { ...FLUX, name: 'mcp-server-kubernetes' },
  { ...CONTAINERS, name: 'kubernetes-mcp-server' },
  {
    ...CONTAINERS,
    name: 'kubernetes-mcp-server, QPS switch',
    env: { KUBE_CLIENT_QPS: '10000', KUBE_CLIENT_BURST: '20000' },
  },
]

/** The same questions to other servers, started as their documentation says. */
export async function peerRows(run: ClusterRun, workload: Workload): Promise<Row[]> {
  const count = await tokenCounter()
  const rows: Row[] = []
  for (const peer of PEERS) {
    const folder = packageFolder(peer.package, run.peersDir)
    if (!folder) {
      rows.push({ work: peer.name, unit: 'ms', note: `install ${peer.package} and pass --peers-dir` })
      continue
    }
    run.say(`measuring ${peer.name}`)
    rows.push(...(await onePeer(peer, folder, run, workload, count)))
  }
  return rows
}

async function onePeer(
  peer: Peer,
  folder: string,
  run: ClusterRun,
  workload: Workload,
  count: Count,
): Promise<Row[]> {
  const launch = launchOf(peer, folder, workload)
  const starts = await timeEach(run.quick ? 3 : 5, () => startAndList(launch))
  await using session = await openStdio(launch)
  const { tools } = await session.client.listTools()
  const small = peer.pods(SMALL)
  const ms = async (runs: number, ask: Ask, work: string): Promise<Row> => {
    const row = { work: `${peer.name}: ${work}`, unit: 'ms' } as const
    try {
      const { text } = await session.call(...ask)
      const samples = await timeEach(runs, () => session.call(...ask))
      return { ...row, measured: median(samples), note: `${count(text)} tokens of text` }
    } catch (error) {
      // What a peer cannot do is a result too.
      return { ...row, note: String(error).slice(0, 120) }
    }
  }
  const rows: Row[] = [
    {
      work: `${peer.name}: start to tools/list`,
      unit: 'ms',
      measured: median(starts),
      note: `${tools.length} tools, ${count(JSON.stringify(tools))} tokens`,
    },
    await ms(run.quick ? 10 : 30, small, 'list 3 pods'),
    await burst(peer.name, session, small),
    await ms(5, peer.pods(MEDIUM), 'list 500 pods'),
    await ms(5, peer.events(EVENTS), 'list 1,500 events'),
  ]
  if (run.parts.has('large')) rows.push(await ms(3, peer.pods(SINGLE), 'list 4,900 pods'))
  const memory = residentMegabytes(session.pid)
  return [
    ...rows,
    {
      work: `${peer.name}: memory after the run`,
      unit: 'MB',
      ...(memory !== undefined && { measured: memory }),
    },
  ]
}

async function burst(name: string, session: Session, ask: Ask): Promise<Row> {
  const lists = Array.from({ length: 30 }, () => ask)
  const samples = await timeEach(3, () => Promise.all(lists.map((one) => session.call(...one))))
  return { work: `${name}: 30 lists at once`, unit: 'ms', measured: median(samples) }
}

function launchOf(peer: Peer, folder: string, workload: Workload): Launch {
  const entry = join(folder, peer.entry)
  const script = entry.endsWith('.js')
  const path = [workload.bin, process.env.PATH].filter((one) => one !== undefined).join(':')
  return {
    command: script ? process.execPath : entry,
    args: [...(script ? [entry] : []), ...peer.args],
    env: { PATH: path, HOME: '/nonexistent', KUBECONFIG: workload.plain, ...peer.env },
  }
}

function packageFolder(name: string, directory: string | undefined): string | undefined {
  if (directory) {
    const folder = join(directory, 'node_modules', name)
    return existsSync(folder) ? folder : undefined
  }
  try {
    return dirname(createRequire(import.meta.url).resolve(`${name}/package.json`))
  } catch {
    return undefined
  }
}
