import { type Listener, listen, SettingError } from '@gatehouse/host'
import type { Config } from './config.ts'
import type { HubServer } from './server.ts'

/** Listens where the settings say; refuses an address beyond this machine as long as nobody needs a token. */
export async function listenOn(
  { service, hub, log, sanitizer }: HubServer,
  config: Config,
): Promise<Listener[]> {
  const host = config.HOST ?? '127.0.0.1'
  const guarded = config.MCP_TOKEN !== undefined || hub.registry.callers.length > 0
  if (!guarded && !/^(localhost|127\.|::1)/.test(host)) {
    throw new SettingError('MCP_TOKEN: expected with a HOST beyond this machine, or callers in hub.yaml')
  }
  const listener = await listen(host, config.HUB_PORT, service.handle, log, sanitizer)
  log.info('listening', { host, port: listener.port, authentication: guarded ? 'bearer' : 'loopback only' })
  return [listener]
}
