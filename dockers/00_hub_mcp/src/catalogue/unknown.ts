import { didYouMean, nearest } from '@gatehouse/errors'
import { safeName } from '@gatehouse/tools'
import { claimsOf, type ServerEntry } from '../registry/schema.ts'
import { EVERYTHING, isUnder } from './claims.ts'

export interface UnknownName {
  code: 'UNKNOWN_TOOL'
  message: string
  hint: string
  nearest: string[]
  /** The server whose prefix the name has, and how it stands. */
  server?: { id: string; state: string }
}

/**
 * What to say about a name nobody has: the nearest ones, and whether its server is down or simply does not know it; of a
 * server that the caller does not see nothing.
 */
export function unknownName(
  asked: string,
  known: readonly string[],
  servers: readonly { entry: ServerEntry; state: string; reason: string }[],
  sees: (entry: ServerEntry) => boolean = () => true,
): UnknownName {
  const found = longest(asked, servers)
  const owner = found && sees(found.entry) ? found : undefined
  const near = nearest(asked, known)
  const body = { code: 'UNKNOWN_TOOL' as const, nearest: near }
  if (owner && owner.state !== 'up') {
    const { id } = owner.entry
    return {
      ...body,
      message: `There is no tool of this name now: its server ${id} is ${owner.state}`,
      hint: `Call again once ${id} is up; /health of the hub tells`,
      server: { id, state: owner.state },
    }
  }
  return {
    ...body,
    message: `There is no tool of this name at this address${didYouMean(near)}`,
    hint: 'See tools/list for the names; /mcp has them all',
    ...(owner && { server: { id: owner.entry.id, state: owner.state } }),
  }
}

// The name may be written with dots or with underscores.
function longest<T extends { entry: ServerEntry }>(asked: string, servers: readonly T[]): T | undefined {
  let best: { length: number; server: T } | undefined
  for (const server of servers) {
    for (const claim of claimsOf(server.entry)) {
      const safe = safeName(claim)
      const under = isUnder(asked, claim) || asked === safe || asked.startsWith(`${safe}_`)
      const length = claim === EVERYTHING ? 0 : claim.length
      if (under && length > (best?.length ?? -1)) best = { length, server }
    }
  }
  return best?.server
}
