import type { HubState, ServerState } from './state.ts'

export interface Suite {
  hub: { origin: string; state: HubState }
  /** 08: pages, REST and the cluster. */
  pages: { origin: string; state: ServerState }
  /** Where people decide. On a terminal it is the link that logs the first person in, and holds a token. */
  approve: string
}

/** What a person needs to know after a start: the address for clients, those for people, what is connected, what is not. */
export function startTable(
  { hub, pages, approve }: Suite,
  access: string,
  notes: Record<string, string>,
): string {
  const { tools } = hub.state
  const rows: [string, string][] = [
    [
      'MCP',
      `${hub.origin}/mcp  (${tools} ${tools === 1 ? 'tool' : 'tools'}; the one address for AI clients)`,
    ],
    ['pages', `${pages.origin}/  (docs, API reference, search, templates; REST)`],
    ['approve', approve],
    ...clusterRows(pages.state),
    ...missingRows(hub.state),
    ['access', access],
    ...Object.entries(notes),
  ]
  const width = Math.max(...rows.map(([name]) => name.length))
  const body = rows.map(([name, value]) => `  ${name.padEnd(width)}  ${value}`)
  return `\nGatehouse ${pages.state.version}\n\n${body.join('\n')}\n\n`
}

function missingRows({ servers }: HubState): [string, string][] {
  return servers
    .filter(({ state }) => state !== 'up')
    .map(({ id, state, reason }) => ['missing', `${id} is ${state}${reason ? `: ${reason}` : ''}`])
}

function clusterRows({ cluster }: ServerState): [string, string][] {
  if (!cluster) return []
  if (cluster.connected) return [['cluster', `${cluster.context}, Kubernetes ${cluster.version}`]]
  const rows: [string, string][] = [
    ['cluster', `none. ${sentence(cluster.reason ?? 'No cluster connected')}`],
  ]
  if (cluster.hint) rows.push(['', sentence(cluster.hint)])
  return rows
}

function sentence(text: string): string {
  const short = text.replace(/^No cluster connected: /, '')
  return `${short.charAt(0).toUpperCase()}${short.slice(1)}${/[.!?]$/.test(short) ? '' : '.'}`
}
