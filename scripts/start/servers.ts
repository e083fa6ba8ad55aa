import type { Listener } from '@gatehouse/host'
import type { Logger } from '@gatehouse/telemetry'
import * as k8sConfig from '../../dockers/08_k8s_mcp/src/config.ts'
import { listenOn as listenK8s } from '../../dockers/08_k8s_mcp/src/listen.ts'
import { createServer as createK8s } from '../../dockers/08_k8s_mcp/src/server.ts'

type Environment = Record<string, string | undefined>

interface Composed {
  service: { drain(): void }
  log: Logger
  close(): Promise<void>
}

interface Shared {
  HOST: string | undefined
  MCP_TOKEN: string | undefined
}

/** What every server folder offers: its settings, its composition, its listeners. */
interface Parts<C extends Shared, S extends Composed> {
  config: { readConfig(environment: Environment): { config: C; warnings: string[] }; help(): string }
  create(config: C, fd: 1 | 2): S
  listen(server: S, config: C): Promise<Listener[]>
}

/** One server of the suite as `npm start` runs it. */
export interface Member {
  folder: string
  help(): string
  /** Reads settings and composes; nothing listens yet. Throws SettingError. */
  prepare(environment: Environment): Prepared
}

export interface Prepared {
  folder: string
  log: Logger
  host: string
  token: boolean
  /** Names and values of its ports, to say which one is taken. */
  ports: Record<string, number>
  listen(): Promise<Listener[]>
  drain(): void
  close(): Promise<void>
}

/** Every server of the suite: one line each, here and nowhere else. */
export const members: Member[] = [
  member('08_k8s_mcp', { config: k8sConfig, create: createK8s, listen: listenK8s }),
]

function member<C extends Shared, S extends Composed>(folder: string, parts: Parts<C, S>): Member {
  return {
    folder,
    help: parts.config.help,
    prepare: (environment) => {
      const { config, warnings } = parts.config.readConfig(environment)
      const server = parts.create(config, 1)
      for (const warning of warnings) server.log.warn(warning)
      return {
        folder,
        log: server.log,
        host: config.HOST ?? '127.0.0.1',
        token: config.MCP_TOKEN !== undefined,
        ports: portsOf(config),
        listen: () => parts.listen(server, config),
        drain: () => server.service.drain(),
        close: () => server.close(),
      }
    },
  }
}

function portsOf(config: object): Record<string, number> {
  const ports = Object.entries(config).filter(([name, value]) => name.endsWith('_PORT') && Number(value) > 0)
  return Object.fromEntries(ports)
}
