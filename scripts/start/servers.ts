import { randomBytes } from 'node:crypto'
import type { Listener } from '@gatehouse/host'
import type { Logger } from '@gatehouse/telemetry'
import * as hubConfig from '../../dockers/00_hub_mcp/src/config.ts'
import * as k8sConfig from '../../dockers/08_k8s_mcp/src/config.ts'
import { listenOn as listenK8s } from '../../dockers/08_k8s_mcp/src/listen.ts'
import { createServer as createK8s } from '../../dockers/08_k8s_mcp/src/server.ts'
import { approverLink, showApproverLink } from '../../dockers/09_remediation_mcp/src/approver-link.ts'
import * as remediationConfig from '../../dockers/09_remediation_mcp/src/config.ts'
import { listenOn as listenRemediation } from '../../dockers/09_remediation_mcp/src/listen.ts'
import { createServer as createRemediation } from '../../dockers/09_remediation_mcp/src/server.ts'
import { prepareHub, readHub } from './hub.ts'
import { originOf } from './state.ts'

type Environment = Record<string, string | undefined>

interface Composed {
  service: { drain(): void }
  log: Logger
  close(): Promise<void>
}

/** One server of the suite as `npm start` runs it. */
export interface Prepared {
  folder: string
  log: Logger
  host: string
  token: boolean
  /** Names and values of its ports, to say which one is taken. */
  ports: Record<string, number>
  /** Opens the approval pages for the first person; holds a token. */
  approverLink?: string | undefined
  /** Puts that link into a file only its owner can read, where there is no terminal to show it on. */
  keepLink?(): void
  listen(): Promise<Listener[]>
  drain(): void
  close(): Promise<void>
}

/** --help of every server. */
export const helps = [hubConfig.help, k8sConfig.help, remediationConfig.help]

/**
 * Reads settings and composes all servers in this process; nothing listens yet. Those that ask for changes get the way
 * to their owner by hand, without a network in between. The hub comes last: it asks the others, where they listen by then.
 * Throws SettingError and what opening the state throws.
 */
export async function prepareAll(given: Environment): Promise<Prepared[]> {
  // In one process nobody has to hand it out, and the servers still learn on whose behalf the hub calls.
  const key = given.HUB_KEY || given.HUB_KEY_FILE ? {} : { HUB_KEY: randomBytes(32).toString('base64url') }
  const environment: Environment = { ...given, ...key }
  const k8s = k8sConfig.readConfig(environment)
  const remediation = remediationConfig.readConfig(environment)
  // Pages lead to each other at the ports of this start, unless told otherwise.
  k8s.config.APPROVAL_PUBLIC_URL = remediation.config.publicUrl
  if (!environment.DOCUMENTATION_URL) {
    remediation.config.DOCUMENTATION_URL = `http://127.0.0.1:${k8s.config.WEBCONTROL_PORT}`
  }
  const hub = readHub(environment)
  hub.config.APPROVAL_PUBLIC_URL = remediation.config.publicUrl
  hub.config.DOCUMENTATION_URL = remediation.config.DOCUMENTATION_URL
  const owner = await createRemediation(remediation.config, 1)
  const first = createK8s(k8s.config, 1, owner.port)
  for (const warning of k8s.warnings) first.log.warn(warning)
  const addresses: Environment = {}
  const noted = async (name: string, host: string | undefined, starting: Promise<Listener[]>) => {
    const listeners = await starting
    addresses[name] = `${originOf(host ?? '127.0.0.1', listeners[0]?.port ?? 0)}/mcp`
    return listeners
  }
  return [
    prepared('08_k8s_mcp', first, k8s.config, () =>
      noted('K8S_MCP_URL', k8s.config.HOST, listenK8s(first, k8s.config)),
    ),
    {
      ...prepared('09_remediation_mcp', owner, remediation.config, () =>
        noted(
          'REMEDIATION_MCP_URL',
          remediation.config.HOST,
          listenRemediation(owner, remediation.config, { mcp: true }),
        ),
      ),
      approverLink: approverLink(owner, remediation.config),
      keepLink: () => showApproverLink(owner, remediation.config),
    },
    prepareHub(hub, first.log, () => addresses),
  ]
}

function prepared(
  folder: string,
  server: Composed,
  config: { HOST: string | undefined; MCP_TOKEN: string | undefined },
  start: () => Promise<Listener[]>,
): Prepared {
  return {
    folder,
    log: server.log,
    host: config.HOST ?? '127.0.0.1',
    token: config.MCP_TOKEN !== undefined,
    ports: portsOf(config),
    listen: start,
    drain: () => server.service.drain(),
    close: () => server.close(),
  }
}

function portsOf(config: object): Record<string, number> {
  const ports = Object.entries(config).filter(([name, value]) => name.endsWith('_PORT') && Number(value) > 0)
  return Object.fromEntries(ports)
}
