import type { Listener } from '@gatehouse/host'
import type { Prepared } from './servers.ts'
import { originOf, readHub, readState } from './state.ts'
import { startTable } from './table.ts'

/** Says where everything is: to programs with a log line for each server, to a person with one table. */
export async function announce(
  servers: readonly Prepared[],
  started: readonly Listener[][],
  { terminal, quiet }: { terminal: boolean; quiet: boolean },
): Promise<void> {
  const at = (folder: string): { server: Prepared; origin: string } => {
    const index = servers.findIndex((server) => server.folder === folder)
    const server = servers[index]
    if (!server) throw new Error(`${folder} is not in this start`)
    return { server, origin: originOf(server.host, started[index]?.[0]?.port ?? 0) }
  }
  const [hub, k8s, remediation] = [at('00_hub_mcp'), at('08_k8s_mcp'), at('09_remediation_mcp')]
  const [behind, reading, deciding] = await Promise.all([
    readHub(hub.origin),
    readState(k8s.origin),
    readState(remediation.origin),
  ])
  const { connected, context, version: kubernetes, reason, hint } = reading.cluster ?? {}
  const facts = { connected, context, kubernetes, reason, hint }
  k8s.server.log.info('ready', { origin: k8s.origin, tools: reading.tools, ...facts })
  remediation.server.log.info('ready', { origin: remediation.origin, tools: deciding.tools })
  hub.server.log.info('ready', { origin: hub.origin, tools: behind.tools, state: behind.state })
  if (!terminal) {
    for (const server of servers) server.keepLink?.()
    return
  }
  const suite = {
    hub: { origin: hub.origin, state: behind },
    pages: { origin: k8s.origin, state: reading },
    approve: remediation.server.approverLink ?? deciding.approvals ?? '',
  }
  const access = servers.every((server) => server.token)
    ? 'bearer token (MCP_TOKEN)'
    : 'this machine only; MCP_TOKEN and HOST open it to others'
  const logs = quiet ? 'warnings only; LOG_LEVEL=info shows all' : 'JSON lines'
  process.stdout.write(startTable(suite, access, { logs, stop: 'Ctrl-C' }))
}
