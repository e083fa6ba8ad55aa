import type { Catalogue } from './catalogue.ts'

const MOST_CHARACTERS = 4_000
const OWN =
  'Several servers behind one address; names begin with the server’s namespace. A server that is down fails only its own calls.'

/** The servers' instructions under their namespaces, those of servers that offer nothing here left out. */
export function mergedInstructions(catalogue: Catalogue, servers: ReadonlySet<string>): string {
  const parts = catalogue.instructions.filter(({ server }) => servers.has(server))
  const [only] = parts
  if (parts.length === 1 && only) return cut(only.text, MOST_CHARACTERS)
  const each = Math.floor((MOST_CHARACTERS - OWN.length) / Math.max(1, parts.length))
  const texts = parts.map(({ prefixes, text }) => cut(`${prefixes.join(', ')}: ${text}`, each - 2))
  return [OWN, ...texts].join('\n\n')
}

function cut(text: string, most: number): string {
  return text.length <= most ? text : `${text.slice(0, most - 1).trimEnd()}…`
}
