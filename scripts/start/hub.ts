import { readFileSync } from 'node:fs'
import { basename } from 'node:path'
import type { Logger } from '@gatehouse/telemetry'
import { readConfig } from '../../dockers/00_hub_mcp/src/config.ts'
import { listenOn } from '../../dockers/00_hub_mcp/src/listen.ts'
import { readRegistry } from '../../dockers/00_hub_mcp/src/registry/read.ts'
import { createServer, type HubServer } from '../../dockers/00_hub_mcp/src/server.ts'
import type { Prepared } from './servers.ts'

type Environment = Record<string, string | undefined>

/** Its settings and registry, before anything is opened. Throws SettingError and RegistryError. */
export function readHub(environment: Environment): ReturnType<typeof readConfig> {
  const read = readConfig(environment)
  const { file } = read.config
  readRegistry(readFileSync(file, 'utf8'), basename(file), environment)
  return read
}

/**
 * The hub over the servers of this start, composed when it is to listen, because only then it is known where they do.
 * `addresses` fills the variables of hub.yaml; what the environment says about them counts more.
 */
export function prepareHub(
  { config, warnings }: ReturnType<typeof readConfig>,
  log: Logger,
  addresses: () => Environment,
): Prepared {
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
      server = await createServer({ ...config, environment: { ...addresses(), ...config.environment } }, 1)
      return listenOn(server, config)
    },
    drain: () => server?.service.drain(),
    close: async () => server?.close(),
  }
}
