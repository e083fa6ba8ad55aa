import type { Hub } from './hub.ts'

export interface Health {
  state: 'healthy' | 'degraded' | 'unhealthy'
  tools: number
  servers: { id: string; state: string; reason?: string; tools: number; conflicts?: number }[]
  registry?: string
}

/**
 * Degraded while a server is not up or the registry has a mistake: the rest works, so whoever restarts what is unhealthy
 * must not touch the hub. Unhealthy only where no server at all can be called.
 */
export function healthOf(hub: Hub, problem: string | undefined): Health {
  const servers = hub.links.map((link) => {
    const tools = hub.catalogue.tools.all.filter(({ server }) => server === link.id).length
    const conflicts = hub.catalogue.refused.filter(({ server }) => server === link.id).length
    const state = link.state === 'up' && link.breaker.open ? 'degraded' : link.state
    return {
      id: link.id,
      state: state === 'up' && conflicts > 0 ? 'conflict' : state,
      ...(link.reason && { reason: link.reason }),
      tools,
      ...(conflicts > 0 && { conflicts }),
    }
  })
  const wanted = servers.filter(({ state }) => state !== 'disabled')
  const callable = wanted.filter(({ state }) => ['up', 'degraded', 'conflict'].includes(state))
  const well = wanted.every(({ state }) => state === 'up') && problem === undefined
  return {
    state: well ? 'healthy' : callable.length > 0 ? 'degraded' : 'unhealthy',
    tools: hub.catalogue.tools.all.length,
    servers,
    ...(problem !== undefined && { registry: problem }),
  }
}
