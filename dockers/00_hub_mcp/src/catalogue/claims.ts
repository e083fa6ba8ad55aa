import { claimsOf, type ServerEntry } from '../registry/schema.ts'

export const EVERYTHING = '*'

/** Whether a dotted name is `prefix` or lies under it. */
export function isUnder(name: string, prefix: string): boolean {
  return prefix === EVERYTHING || name === prefix || name.startsWith(`${prefix}.`)
}

/** Whether names can be under both. */
export function overlap(claim: string, prefix: string): boolean {
  return isUnder(claim, prefix) || isUnder(prefix, claim)
}

/** Which server owns a canonical name, by the longest of all claims; undefined where nobody does. */
export function ownerOf(name: string, servers: readonly ServerEntry[]): ServerEntry | undefined {
  let best: { length: number; server: ServerEntry } | undefined
  for (const server of servers) {
    for (const claim of claimsOf(server)) {
      const length = claim === EVERYTHING ? 0 : claim.length
      if (isUnder(name, claim) && length > (best?.length ?? -1)) best = { length, server }
    }
  }
  return best?.server
}

/** What a server's own name is to everybody else. */
export function canonicalOf(own: string, { add }: ServerEntry): string {
  return add === undefined || isUnder(own, add) ? own : `${add}.${own}`
}
