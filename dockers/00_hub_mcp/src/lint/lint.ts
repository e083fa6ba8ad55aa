import { estimateTokens } from '@gatehouse/tools'
import type { Catalogue } from '../catalogue/catalogue.ts'
import { scopeOf, viewOf } from '../catalogue/view.ts'
import { HOSTS, type HostRule, MOST_TOKENS, SERVER_NAME } from './clients.ts'

interface Finding {
  level: 'error' | 'warning'
  what: string
}

interface Endpoint {
  path: string
  tools: number
  /** About, of the whole answer to tools/list. */
  tokens: number
  /** Hosts that would not take all of them. */
  tooManyFor: string[]
}

export interface LintReport {
  findings: Finding[]
  endpoints: Endpoint[]
}

/** Looks for names that a host would refuse, and for addresses that offer more than one takes. */
export function lint(catalogue: Catalogue, serverName = SERVER_NAME): LintReport {
  const findings: Finding[] = catalogue.refused.map(({ server, name, why }) => ({
    level: 'error' as const,
    what: `${server}: ${name} ${why}`,
  }))
  for (const { safe } of catalogue.tools.all) {
    for (const rule of HOSTS) {
      const problem = objection(safe, rule, serverName)
      if (problem) findings.push({ level: 'error', what: `${safe}: ${problem} (${rule.host})` })
    }
    if (safe.includes('__'))
      findings.push({ level: 'warning', what: `${safe}: hosts use __ as their own separator` })
  }
  const endpoints = addressesOf(catalogue).map((path) => endpointOf(path, catalogue))
  const [whole] = endpoints
  for (const host of whole?.tooManyFor ?? []) {
    findings.push({
      level: 'warning',
      what: `/mcp has ${whole?.tools} tools, more than ${host} takes; use a scoped address`,
    })
  }
  if (whole && whole.tokens > MOST_TOKENS) {
    findings.push({
      level: 'warning',
      what: `/mcp costs about ${whole.tokens} tokens in each conversation; use a scoped address`,
    })
  }
  return { findings: unique(findings), endpoints }
}

function objection(
  safe: string,
  { prefix, longest, pattern }: HostRule,
  serverName: string,
): string | undefined {
  const shown = `${prefix.replace('<server>', serverName)}${safe}`
  if (shown.length > longest) return `${shown.length} characters as ${shown}, at most ${longest}`
  return pattern.test(safe) ? undefined : 'has characters that are refused'
}

/** `/mcp`, `/mcp/readonly`, and every prefix under which there is more than one tool. */
function addressesOf({ tools }: Catalogue): string[] {
  const counts = new Map<string, number>()
  for (const { canonical } of tools.all) {
    const parts = canonical.split('.').slice(0, -1)
    for (const [index] of parts.entries()) {
      const prefix = parts.slice(0, index + 1).join('.')
      counts.set(prefix, (counts.get(prefix) ?? 0) + 1)
    }
  }
  const prefixes = [...counts].flatMap(([prefix, count]) => (count > 1 ? [`/mcp/${prefix}`] : []))
  return ['/mcp', '/mcp/names/dotted', '/mcp/readonly', ...prefixes.sort()]
}

function endpointOf(path: string, catalogue: Catalogue): Endpoint {
  const scope = scopeOf(path) ?? { prefix: '*', readonly: false, names: 'safe' as const }
  const { tools } = viewOf(catalogue, scope, { prefixes: ['*'], readonly: false })
  const tooManyFor = HOSTS.filter(({ mostTools }) => mostTools !== undefined && tools.length > mostTools)
  return {
    path,
    tools: tools.length,
    tokens: estimateTokens(JSON.stringify(tools)),
    tooManyFor: tooManyFor.map(({ host }) => host),
  }
}

function unique(findings: readonly Finding[]): Finding[] {
  return [...new Map(findings.map((one) => [one.what, one])).values()]
}
