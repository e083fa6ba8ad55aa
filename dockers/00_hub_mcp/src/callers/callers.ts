import { createHash, timingSafeEqual } from 'node:crypto'
import { GatehouseError } from '@gatehouse/errors'
import { EVERYTHING } from '../catalogue/claims.ts'
import type { Rights } from '../catalogue/view.ts'
import type { CallerEntry, Registry } from '../registry/schema.ts'
import { Bucket } from './bucket.ts'

export interface Caller extends Rights {
  name: string
}

const ALL: Rights = { prefixes: [EVERYTHING], readonly: false }

/** Who may call what, and how often. hub.yaml holds digests of tokens, so it is no secret itself. */
export class Callers {
  #entries: readonly CallerEntry[] = []
  #limits: Registry['limits']
  #buckets = new Map<string, Bucket>()
  /** Calls refused so far, by reason; for metrics. */
  readonly refused = { unauthenticated: 0, rate: 0 }

  constructor(registry: Registry) {
    this.#limits = registry.limits
    this.change(registry)
  }

  /** Takes over another registry. Whose limit is the same has spent what it has spent. */
  change({ callers, limits }: Registry): void {
    const before = new Map([...this.#buckets.keys()].map((name) => [name, this.#limitOf(name).join()]))
    this.#entries = callers
    this.#limits = limits
    for (const [name, limit] of before) if (limit !== this.#limitOf(name).join()) this.#buckets.delete(name)
  }

  /** Whether this caller is still one, with the same rights. */
  knows({ name, prefixes, readonly }: Caller): boolean {
    if (name === 'mcp-token') return true
    if (name === 'loopback') return !this.any()
    const entry = this.#entries.find((one) => one.name === name)
    return entry?.readonly === readonly && entry.prefixes.join() === prefixes.join()
  }

  any(): boolean {
    return this.#entries.length > 0
  }

  /** Whose token this is. All are compared, each in constant time. */
  find(token: string): string | undefined {
    const digest = createHash('sha256').update(token).digest()
    let found: string | undefined
    for (const { name, tokenSha256 } of this.#entries) {
      if (timingSafeEqual(digest, Buffer.from(tokenSha256, 'hex'))) found = name
    }
    return found
  }

  /** What a caller whom the guards let in may do. MCP_TOKEN and loopback may everything. */
  rightsOf(name: string): Caller {
    if (name === 'mcp-token' || name === 'loopback') return { ...ALL, name }
    const entry = this.#entries.find((one) => one.name === name)
    if (!entry) throw new GatehouseError('UNAUTHENTICATED', 'This caller is no longer in hub.yaml')
    return { prefixes: entry.prefixes, readonly: entry.readonly, name }
  }

  #limitOf(name: string): [number, number] {
    const entry = this.#entries.find((one) => one.name === name)
    return [entry?.perSecond ?? this.#limits.perSecond, entry?.burst ?? this.#limits.burst]
  }

  /** Counts a request; throws RATE_LIMITED with the seconds to wait. */
  spend(name: string): void {
    const bucket = this.#buckets.get(name) ?? new Bucket(...this.#limitOf(name))
    this.#buckets.set(name, bucket)
    const waitMs = bucket.take()
    if (waitMs === 0) return
    this.refused.rate++
    const seconds = Math.ceil(waitMs / 1_000)
    throw new GatehouseError('RATE_LIMITED', 'More calls per second than this caller may make', {
      hint: `Wait ${seconds} s and call again`,
      data: { retryAfterSeconds: seconds },
    })
  }
}
