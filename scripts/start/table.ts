import type { ServerState } from './state.ts'

export interface Line {
  origin: string
  state: ServerState
  /** Opens the approval pages for the first person; holds a token, so only for a terminal. */
  link?: string | undefined
}

/** What a person needs to know after a start, one block per server: where it is, what is connected, how to use it. */
export function startTable(lines: readonly Line[], access: string, notes: Record<string, string>): string {
  const version = lines[0]?.state.version ?? ''
  const rows = lines.flatMap(({ origin, state, link }): [string, string][] => [
    [state.service, `${origin}  (${state.tools} ${state.tools === 1 ? 'tool' : 'tools'})`],
    ...clusterRows(state),
    ['MCP', `${origin}/mcp`],
    ...(state.approvals
      ? [['approve', link ?? state.approvals] satisfies [string, string]]
      : ([
          ['pages', `${origin}/  (docs, API reference, search, templates)`],
          ['REST', `${origin}/cluster/…, /tools/<name>, /openapi.json`],
        ] satisfies [string, string][])),
  ])
  rows.push(['access', access], ...Object.entries(notes))
  const width = Math.max(...rows.map(([name]) => name.length))
  const body = rows.map(([name, value]) => `  ${name.padEnd(width)}  ${value}`)
  return `\nGatehouse ${version}\n\n${body.join('\n')}\n\n`
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
