import { readFileSync } from 'node:fs'
import { basename } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { silentLogger } from '@gatehouse/telemetry'
import * as hubConfig from '../../dockers/00_hub_mcp/src/config.ts'
import { listenOn } from '../../dockers/00_hub_mcp/src/listen.ts'
import { readRegistry } from '../../dockers/00_hub_mcp/src/registry/read.ts'
import { createServer, type HubServer } from '../../dockers/00_hub_mcp/src/server.ts'
import type { Prepared } from './servers.ts'

type Environment = Record<string, string | undefined>

const FIRST_LOOK_MS = 3_000

/**
 * The hub over the servers of this process. It asks them over HTTP as it does everywhere, so it begins when they listen:
 * `addresses` are the variables that hub.yaml names. Throws SettingError and RegistryError at once.
 */
export function prepareHub(environment: Environment, addresses: () => Environment): Prepared {
  const { config, warnings } = hubConfig.readConfig(environment)
  readRegistry(readFileSync(config.file, 'utf8'), basename(config.file), environment)
  let hub: HubServer | undefined
  return {
    folder: '00_hub_mcp',
    get log() {
      return hub?.log ?? silentLogger
    },
    host: config.HOST ?? '127.0.0.1',
    token: config.MCP_TOKEN !== undefined,
    ports: { HUB_PORT: config.HUB_PORT },
    listen: async () => {
      hub = await createServer({ ...config, environment: { ...addresses(), ...environment } }, 1)
      for (const warning of warnings) hub.log.warn(warning)
      const listeners = await listenOn(hub, config)
      await firstLook(hub)
      return listeners
    },
    drain: () => hub?.service.drain(),
    close: async () => hub?.close(),
  }
}

// The table says how many tools there are; servers of this process answer in milliseconds.
async function firstLook({ hub }: HubServer): Promise<void> {
  const until = Date.now() + FIRST_LOOK_MS
  while (Date.now() < until && hub.links.some(({ state }) => state === 'starting')) await pause(20)
}
