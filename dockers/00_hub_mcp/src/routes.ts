import type { IncomingMessage } from 'node:http'
import { GatehouseError } from '@gatehouse/errors'
import { createGuards, type Handle, writeJson, writeText } from '@gatehouse/host'
import { ownWords, type Sanitizer } from '@gatehouse/sanitizer'
import type { Metrics } from '@gatehouse/telemetry'
import type { Caller, Callers } from './callers/callers.ts'
import { EVERYTHING, isUnder } from './catalogue/claims.ts'
import { checkScope, scopeOf } from './catalogue/view.ts'
import type { Config } from './config.ts'
import type { McpRequest } from './door/door.ts'
import { healthOf } from './health.ts'
import type { Hub } from './hub.ts'
import { gauges } from './metrics.ts'
import { createPages } from './pages/pages.ts'
import type { Records } from './records/records.ts'
import { claimsOf } from './registry/schema.ts'

export interface RoutesOptions {
  config: Config
  hub: Hub
  callers: Callers
  records: Records
  about: { service: string; version: string }
  door: (request: McpRequest) => Promise<void>
  sanitizer: Sanitizer
  metrics: Metrics
  /** What is wrong with hub.yaml. */
  problem: () => string | undefined
}

const LONGEST_START_MS = 10_000
const FRESH = { 'cache-control': 'no-store' }
const PROMETHEUS = { ...FRESH, 'content-type': 'text/plain; version=0.0.4; charset=utf-8' }

/** Every address of the hub's listener. First who calls: a stranger does not learn which servers exist. */
export function createRoutes(options: RoutesOptions): { handle: Handle; drain(): void } {
  const { config, hub, callers, records, door, sanitizer, metrics, problem, about } = options
  const guards = createGuards({ token: config.MCP_TOKEN, host: config.HOST ?? '127.0.0.1', named: callers })
  const admit = (request: IncomingMessage): string => {
    try {
      return guards.caller(request)
    } catch (error) {
      callers.refused.unauthenticated++
      throw error
    }
  }
  // They tell of everybody's calls, tools and servers.
  const admitToAll = (request: IncomingMessage): void => {
    if (callers.rightsOf(admit(request)).prefixes.includes(EVERYTHING)) return
    throw new GatehouseError('NOT_PERMITTED', 'This is for callers who may see everything', {
      hint: 'Use a token without narrower prefixes in hub.yaml',
    })
  }
  const links = [
    { address: new URL(config.DOCUMENTATION_URL ?? ''), text: ownWords`Docs` },
    { address: new URL(config.APPROVAL_PUBLIC_URL ?? ''), text: ownWords`Approvals` },
  ]
  const pages = createPages({ hub, records, sanitizer, problem, links, admit: admitToAll })
  let draining = false
  let asked = false
  const readyBy = performance.now() + LONGEST_START_MS
  const handle: Handle = async (request, response, given) => {
    const path = (request.url ?? '/').split('?', 1)[0] ?? '/'
    if (path === '/livez') return writeText(response, 200, ownWords`ok`, FRESH)
    if (path === '/readyz') {
      // Each server has been asked once; whether it answered is what /health is about. One that takes its time, or that
      // is added later, does not take the others out of service.
      asked ||= hub.links.every(({ state }) => state !== 'starting') || performance.now() > readyBy
      if (draining) return writeText(response, 503, ownWords`stopping`, FRESH)
      return writeText(response, asked ? 200 : 503, asked ? ownWords`ok` : ownWords`starting`, FRESH)
    }
    guards.address(request)
    const health = () => healthOf(hub, problem())
    if (path === '/mcp' || path.startsWith('/mcp/')) {
      const caller = callers.rightsOf(admit(request))
      callers.spend(caller.name)
      return door({
        request,
        response,
        given,
        caller,
        scope: checkScope(path, scopeOf(path), () => namesOf(hub, caller)),
      })
    }
    if (path === '/health') {
      const told = health()
      return writeJson(response, told.state === 'unhealthy' ? 503 : 200, sanitizer.value(told), FRESH)
    }
    if (path === '/status') return writeJson(response, 200, sanitizer.value({ ...about, ...health() }), FRESH)
    if (path === '/metrics') {
      admitToAll(request)
      const text = sanitizer.text((await metrics.render()) + gauges(hub, callers))
      return writeText(response, 200, text, PROMETHEUS)
    }
    if (config.HUB_PAGES && pages(request, response, path)) return
    throw new GatehouseError('NOT_FOUND', 'There is no such address', {
      hint: 'MCP is at /mcp; /, /status, /health and /metrics tell how the hub stands',
    })
  }
  return {
    handle,
    drain: () => {
      draining = true
    },
  }
}

/** What an address may be about: the caller's tools, and the prefixes of servers that offer nothing at the moment. */
function namesOf(hub: Hub, { prefixes }: Caller): string[] {
  const names = hub.catalogue.tools.all.map(({ canonical }) => canonical)
  const all = [...names, ...hub.registry.servers.flatMap(claimsOf)]
  return all.filter((name) => prefixes.some((prefix) => isUnder(name, prefix)))
}
