import { safeName } from '@gatehouse/tools'
import { claimsOf, type ServerEntry } from '../registry/schema.ts'
import { canonicalOf, EVERYTHING, ownerOf } from './claims.ts'

/** What the strictest hosts accept: claude.ai refuses a whole connector for one name beyond it. */
const LONGEST_NAME = 64
const SAFE = /^[A-Za-z][A-Za-z0-9_-]*$/

export interface Named<T> {
  /** Dotted; what policy, logs and audit know it by. */
  canonical: string
  /** Dots as underscores; what every host accepts. */
  safe: string
  /** What its server calls it. */
  own: string
  server: string
  item: T
}

export interface Refused {
  server: string
  name: string
  why: string
}

export interface NameTable<T> {
  /** By canonical and by safe name. */
  byName: ReadonlyMap<string, Named<T>>
  /** Each once, sorted by canonical name. */
  all: readonly Named<T>[]
  refused: readonly Refused[]
}

/**
 * Builds the table of public names; names are never taken apart again. A server cannot take a name under another one's
 * prefix, in either spelling. Of two names that would share a spelling, the one that `before` had keeps it and the other is refused: a name
 * must not change its meaning because an unrelated server appeared.
 */
export function nameTable<T extends { name: string }>(
  servers: readonly ServerEntry[],
  offers: ReadonlyMap<string, readonly T[]>,
  before?: NameTable<T>,
): NameTable<T> {
  const refused: Refused[] = []
  const candidates = servers.flatMap((server) =>
    (offers.get(server.id) ?? []).flatMap((item) => {
      const canonical = canonicalOf(item.name, server)
      const why = objection(canonical, server, servers)
      if (why) refused.push({ server: server.id, name: canonical, why })
      return why ? [] : [{ canonical, safe: safeName(canonical), own: item.name, server: server.id, item }]
    }),
  )
  const held = ({ safe, canonical, server }: Named<T>) => {
    const old = before?.byName.get(safe)
    return old !== undefined && old.canonical === canonical && old.server === server
  }
  const byName = new Map<string, Named<T>>()
  for (const named of [...candidates.filter(held), ...candidates.filter((one) => !held(one))]) {
    const taken = byName.get(named.canonical) ?? byName.get(named.safe)
    if (taken) {
      const why = `${taken.canonical} of ${taken.server} is written the same`
      refused.push({ server: named.server, name: named.canonical, why })
    } else {
      byName.set(named.canonical, named).set(named.safe, named)
    }
  }
  const all = [...new Set(byName.values())].sort((a, b) => (a.canonical < b.canonical ? -1 : 1))
  return { byName, all, refused }
}

function objection(
  canonical: string,
  server: ServerEntry,
  servers: readonly ServerEntry[],
): string | undefined {
  const safe = safeName(canonical)
  if (!SAFE.test(safe)) return 'has characters that hosts refuse'
  if (safe.length > LONGEST_NAME) return `is longer than ${LONGEST_NAME} characters`
  const owner = ownerOf(canonical, servers)
  if (owner === undefined) return 'is under no prefix of its server'
  if (owner.id !== server.id) return `is under a prefix of ${owner.id}`
  const other = writtenOwner(safe, servers)
  return other === undefined || other.id === server.id ? undefined : `is written like a name of ${other.id}`
}

// `infra.k8s_pods` is not under `infra.k8s`, and reads like it once its dots are underscores. Prefixes have none.
function writtenOwner(safe: string, servers: readonly ServerEntry[]): ServerEntry | undefined {
  let best: { length: number; server: ServerEntry } | undefined
  for (const server of servers) {
    for (const claim of claimsOf(server)) {
      const length = claim === EVERYTHING ? 0 : claim.length
      const under = length === 0 || `${safe}_`.startsWith(`${safeName(claim)}_`)
      if (under && length > (best?.length ?? -1)) best = { length, server }
    }
  }
  return best?.server
}
