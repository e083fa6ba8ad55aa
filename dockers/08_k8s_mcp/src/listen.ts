import { type Listener, listen } from '@gatehouse/host'
import type { Config } from './config.ts'
import type { K8sServer } from './server.ts'

/** One listener, or two when MCP and web have ports of their own; both then serve everything. */
export async function listenOn({ service, log, sanitizer }: K8sServer, config: Config): Promise<Listener[]> {
  const host = config.HOST ?? '127.0.0.1'
  const ports = [...new Set([config.MCP_PORT, config.WEBCONTROL_PORT])]
  const listeners: Listener[] = []
  for (const port of ports) {
    const listener = await listen(host, port, service.handle, log, sanitizer).catch(
      async (error: unknown) => {
        // Half a server would keep the process alive and look like a whole one.
        await Promise.all(listeners.map((one) => one.stop(0)))
        throw error
      },
    )
    log.info('listening', {
      host,
      port: listener.port,
      authentication: config.MCP_TOKEN ? 'bearer' : 'loopback only',
    })
    listeners.push(listener)
  }
  if (!config.MCP_TOKEN && !/^(localhost|127\.|::1)/.test(host))
    log.warn('HOST is reachable from the network; without MCP_TOKEN only this machine is served')
  return listeners
}
