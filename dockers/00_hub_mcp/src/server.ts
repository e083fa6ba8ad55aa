import { randomBytes } from 'node:crypto'
import { readFileSync } from 'node:fs'
import type { Handle } from '@gatehouse/host'
import { createSanitizer, type Sanitizer } from '@gatehouse/sanitizer'
import { createLogger, createMetrics, type Logger } from '@gatehouse/telemetry'
import { Callers } from './callers/callers.ts'
import type { Config } from './config.ts'
import { createDoor } from './door/door.ts'
import { ownAnswers } from './door/own-answers.ts'
import { Hub } from './hub.ts'
import { Records } from './records/records.ts'
import { keepRegistry } from './registry/keep.ts'
import { RegistryError } from './registry/read.ts'
import type { Registry, ServerEntry } from './registry/schema.ts'
import { createRoutes } from './routes.ts'
import type { Credentials } from './upstream/headers.ts'

export const VERSION = '0.1.0'
const SERVICE = 'hub-mcp'

export interface HubServer {
  service: { handle: Handle; drain(): void }
  hub: Hub
  sanitizer: Sanitizer
  log: Logger
  close(): Promise<void>
}

/** Reads the registry and begins to ask the servers; nothing listens yet. Throws RegistryError. */
export async function createServer(config: Config, fd: 1 | 2): Promise<HubServer> {
  const sanitizer = createSanitizer({
    key: config.SANITIZER_KEY ?? randomBytes(32),
    known: [config.MCP_TOKEN, config.HUB_KEY, config.SANITIZER_KEY].filter((value) => value !== undefined),
  })
  const log = createLogger({
    service: SERVICE,
    version: VERSION,
    level: config.LOG_LEVEL,
    fd,
    sanitise: (text) => sanitizer.text(text),
  })
  const metrics = createMetrics(() => sanitizer.counts())
  const sdk = ownAnswers(VERSION, sanitizer, (error) => log.debug('mcp', { err: error.message }))
  let change = (_registry: Registry): void => {}
  const kept = await keepRegistry({
    file: config.file,
    environment: config.environment,
    log,
    onChange: (registry) => change(registry),
  })
  const hub = new Hub({
    registry: kept.current(),
    credentialsOf: (entry) => credentialsOf(entry, config, sanitizer),
    log,
    onChange: () => {
      sdk.notify.toolsChanged()
      sdk.notify.promptsChanged()
      sdk.notify.resourcesChanged()
    },
  })
  const callers = new Callers(kept.current())
  change = (registry) => {
    // A file that is only half written may well be valid, and to be read by everybody is not what it says.
    if (config.MCP_TOKEN === undefined && callers.any() && registry.callers.length === 0) {
      throw new RegistryError([
        'callers: expected while there is no MCP_TOKEN; restart the hub to serve without',
      ])
    }
    hub.change(registry)
    callers.change(registry)
    door.recheck((caller) => callers.knows(caller))
  }
  const records = new Records(log, metrics)
  const door = createDoor({ hub, sdk, records, sanitizer })
  const routes = createRoutes({
    config,
    hub,
    callers,
    records,
    door: door.handle,
    sanitizer,
    metrics,
    problem: () => kept.problem(),
    about: { service: SERVICE, version: VERSION },
  })
  return {
    service: routes,
    hub,
    sanitizer,
    log,
    close: async () => {
      kept.stop()
      await sdk.close()
      await hub.close()
    },
  }
}

function credentialsOf(
  { id, credentials, tokenFile, keyFile }: ServerEntry,
  config: Config,
  sanitizer: Sanitizer,
): Credentials {
  const suite = credentials === 'suite' ? config : undefined
  const read = (
    file: string | undefined,
    otherwise: string | undefined,
    field: string,
  ): string | undefined => {
    if (file === undefined) return otherwise
    try {
      const value = readFileSync(file, 'utf8').trim()
      sanitizer.addKnown(value)
      return value
    } catch (cause) {
      throw new RegistryError([`${field} of ${id} cannot be read (${(cause as NodeJS.ErrnoException).code})`])
    }
  }
  return {
    token: read(tokenFile, suite?.MCP_TOKEN, 'tokenFile'),
    key: read(keyFile, suite?.HUB_KEY, 'keyFile'),
  }
}
