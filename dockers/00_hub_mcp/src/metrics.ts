import type { Callers } from './callers/callers.ts'
import type { Hub } from './hub.ts'

/** What the counters of calls do not tell, in Prometheus text: how each server stands, and who was refused. */
export function gauges(hub: Hub, callers: Callers): string {
  const { links, catalogue } = hub
  const each = (value: (link: Hub['links'][number]) => number): [string, number][] =>
    links.map((link) => [`server="${link.id}"`, value(link)])
  const age = ({ listedAt }: Hub['links'][number]) =>
    listedAt === undefined ? -1 : (Date.now() - listedAt) / 1_000
  return [
    family(
      'gatehouse_hub_server_up',
      'gauge',
      'Whether a server can be called',
      each((link) => Number(link.state === 'up')),
    ),
    family(
      'gatehouse_hub_breaker_open',
      'gauge',
      'Whether calls to a server are refused',
      each((link) => Number(link.breaker.open)),
    ),
    family(
      'gatehouse_hub_in_flight',
      'gauge',
      'Calls a server has now',
      each((link) => link.slots.running),
    ),
    family(
      'gatehouse_hub_waiting',
      'gauge',
      'Calls that wait for a place at a server',
      each((link) => link.slots.waiting),
    ),
    family(
      'gatehouse_hub_list_age_seconds',
      'gauge',
      'Since a server was last asked for its lists; -1 never',
      each(age),
    ),
    family('gatehouse_hub_tools', 'gauge', 'Tools in the catalogue', [['', catalogue.tools.all.length]]),
    family('gatehouse_hub_names_refused', 'gauge', 'Names in no list because of a conflict', [
      ['', catalogue.refused.length],
    ]),
    family('gatehouse_hub_rate_limited_total', 'counter', 'Requests beyond the rate of their caller', [
      ['', callers.refused.rate],
    ]),
    family('gatehouse_hub_unauthenticated_total', 'counter', 'Requests without a valid token', [
      ['', callers.refused.unauthenticated],
    ]),
  ].join('')
}

function family(name: string, type: string, help: string, samples: readonly [string, number][]): string {
  const lines = samples.map(([labels, value]) => `${name}${labels && `{${labels}}`} ${value}\n`)
  return `# HELP ${name} ${help}\n# TYPE ${name} ${type}\n${lines.join('')}`
}
