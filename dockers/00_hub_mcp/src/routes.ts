import { createGuards, type Handle, writeJson, writeText } from '@gatehouse/host'
import { ownWords, type Sanitizer } from '@gatehouse/sanitizer'
import type { Metrics } from '@gatehouse/telemetry'
import type { Callers } from './callers/callers.ts'
import { checkScope, scopeOf } from './catalogue/view.ts'
import type { Config } from './config.ts'
import type { McpRequest } from './door/door.ts'
import { healthOf } from './health.ts'
import type { Hub } from './hub.ts'
import { claimsOf } from './registry/schema.ts'

export interface RoutesOptions {
  config: Config
  hub: Hub
  callers: Callers
  door: (request: McpRequest) => Promise<void>
  sanitizer: Sanitizer
  metrics: Metrics
  /** What is wrong with hub.yaml. */
  problem: () => string | undefined
}

const FRESH = { 'cache-control': 'no-store' }
const PROMETHEUS = { ...FRESH, 'content-type': 'text/plain; version=0.0.4; charset=utf-8' }

/** Every address of the hub's listener. First who calls: a stranger does not learn which servers exist. */
export function createRoutes(options: RoutesOptions): { handle: Handle; drain(): void } {
  const { config, hub, callers, door, sanitizer, metrics, problem } = options
  const guards = createGuards({ token: config.MCP_TOKEN, host: config.HOST ?? '127.0.0.1', named: callers })
  let draining = false
  const handle: Handle = async (request, response, given) => {
    const path = (request.url ?? '/').split('?', 1)[0] ?? '/'
    if (path === '/livez') return writeText(response, 200, ownWords`ok`, FRESH)
    if (path === '/readyz') {
      return writeText(response, draining ? 503 : 200, draining ? ownWords`stopping` : ownWords`ok`, FRESH)
    }
    guards.address(request)
    if (path === '/mcp' || path.startsWith('/mcp/')) {
      const caller = callers.rightsOf(guards.caller(request))
      callers.spend(caller.name)
      return door({ request, response, given, caller, scope: checkScope(path, scopeOf(path), namesOf(hub)) })
    }
    if (path === '/health') {
      const health = healthOf(hub, problem())
      return writeJson(response, health.state === 'unhealthy' ? 503 : 200, sanitizer.value(health), FRESH)
    }
    guards.caller(request)
    return writeText(response, 200, sanitizer.text(await metrics.render()), PROMETHEUS)
  }
  return {
    handle,
    drain: () => {
      draining = true
    },
  }
}

/** What an address may be about: tools, and the prefixes of servers that offer nothing at the moment. */
function namesOf(hub: Hub): string[] {
  return [
    ...hub.catalogue.tools.all.map(({ canonical }) => canonical),
    ...hub.registry.servers.flatMap(claimsOf),
  ]
}
