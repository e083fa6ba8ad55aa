import { readFileSync } from 'node:fs'
import { basename } from 'node:path'
import type { Logger } from '@gatehouse/telemetry'
import { readConfig } from '../../dockers/00_hub_mcp/src/config.ts'
import { listenOn } from '../../dockers/00_hub_mcp/src/listen.ts'
import { readRegistry } from '../../dockers/00_hub_mcp/src/registry/read.ts'
import { createServer, type HubServer } from '../../dockers/00_hub_mcp/src/server.ts'
import type { Prepared } from './servers.ts'

type Environment = Record<string, string | undefined>

/**
 * The hub over the servers of this start. Its settings are read now; it is composed when it is to listen, because only
 * then it is known where they do. Throws SettingError and RegistryError at once. `addresses` fills the variables of hub.yaml; what the environment says about them counts more.
 */
export function prepareHub(environment: Environment, log: Logger, addresses: () => Environment): Prepared {
  const { config, warnings } = readConfig(environment)
  // Before anything listens: a mistake in hub.yaml ends the start.
  readRegistry(readFileSync(config.file, 'utf8'), basename(config.file), environment)
  for (const warning of warnings) log.warn(warning)
  let server: HubServer | undefined
  return {
    folder: '00_hub_mcp',
    get log() {
      return server?.log ?? log
    },
    host: config.HOST ?? '127.0.0.1',
    token: config.MCP_TOKEN !== undefined,
    ports: { HUB_PORT: config.HUB_PORT },
    listen: async () => {
      server = await createServer({ ...config, environment: { ...addresses(), ...environment } }, 1)
      return listenOn(server, config)
    },
    drain: () => server?.service.drain(),
    close: async () => server?.close(),
  }
}
