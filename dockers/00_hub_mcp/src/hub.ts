import type { Logger } from '@gatehouse/telemetry'
import { Bucket } from './callers/bucket.ts'
import { buildCatalogue, type Catalogue } from './catalogue/catalogue.ts'
import type { Listing } from './catalogue/listing.ts'
import { type Pins, pinned, readPins } from './catalogue/pins.ts'
import type { Registry, ServerEntry } from './registry/schema.ts'
import type { Credentials } from './upstream/headers.ts'
import { ServerLink } from './upstream/server-link.ts'
import { Watch } from './upstream/watch.ts'

// Log lines about one server's names.
const LINES = { perSecond: 0.2, burst: 100 }

interface Kept {
  link: ServerLink
  watch: Watch
}

export interface HubOptions {
  registry: Registry
  /** Throws for a file that cannot be read. */
  credentialsOf: (entry: ServerEntry) => Credentials
  log: Logger
  /** Something in the catalogue is different now. */
  onChange: () => void
}

/** All servers and what they offer together. */
export class Hub {
  readonly #options: HubOptions
  #kept = new Map<string, Kept>()
  #registry: Registry
  #catalogue: Catalogue
  #said = ''
  #told: ReadonlySet<string> = new Set()
  #untold: ReadonlyMap<string, number> = new Map()
  readonly #lines = new Map<string, Bucket>()
  #pins: Pins = new Map()
  #graceTimer: NodeJS.Timeout | undefined
  /** When the catalogue was last built from news. */
  builtAt = Date.now()

  constructor(options: HubOptions) {
    this.#options = options
    this.#registry = options.registry
    this.#catalogue = buildCatalogue(options.registry, new Map())
    this.change(options.registry)
  }

  get registry(): Registry {
    return this.#registry
  }

  get catalogue(): Catalogue {
    return this.#catalogue
  }

  get links(): ServerLink[] {
    return [...this.#kept.values()].map(({ link }) => link)
  }

  link(id: string): ServerLink | undefined {
    return this.#kept.get(id)?.link
  }

  /** Takes over another registry. Servers that are the same keep their connections; calls under way end on the old ones. */
  change(registry: Registry): void {
    const credentials = new Map(
      registry.servers.map((entry) => [entry.id, this.#options.credentialsOf(entry)]),
    )
    const pins = registry.pins ? readPins(registry.pins.file) : new Map()
    const next = new Map<string, Kept>()
    const old = this.#kept
    for (const entry of registry.servers) {
      const { token, key } = credentials.get(entry.id) ?? { token: undefined, key: undefined }
      const same = old.get(entry.id)
      const unchanged =
        same &&
        JSON.stringify([same.link.entry, same.link.credentials]) === JSON.stringify([entry, { token, key }])
      next.set(entry.id, unchanged ? same : this.#open(entry, { token, key }, same?.link))
    }
    this.#pins = pins
    this.#registry = registry
    this.#kept = next
    for (const [id, kept] of old) if (next.get(id) !== kept) void retire(kept)
    this.#rebuild()
  }

  #open(entry: ServerEntry, credentials: Credentials, before: ServerLink | undefined): Kept {
    const link = new ServerLink(entry, credentials)
    // Another timeout does not make its tools disappear until they were read again.
    link.listing = before?.listing
    // Nor does it refuse calls for the moment until it was looked at.
    if (before?.entry.url === entry.url && entry.enabled && before.entry.enabled)
      link.become(before.state, before.reason)
    return { link, watch: new Watch(link, this.#options.log, () => this.#rebuild()) }
  }

  /** Tools of a server that is down stay for a while, so that a restart changes nobody's list. */
  #rebuild(): void {
    const listings = new Map<string, Listing>()
    let nextEnd = Number.POSITIVE_INFINITY
    for (const link of this.links) {
      if (!link.listing || link.state === 'disabled') continue
      const end = link.state === 'down' ? link.since + link.entry.grace : Number.POSITIVE_INFINITY
      if (end <= Date.now()) continue
      listings.set(link.id, link.listing)
      nextEnd = Math.min(nextEnd, end)
    }
    clearTimeout(this.#graceTimer)
    if (Number.isFinite(nextEnd)) {
      this.#graceTimer = setTimeout(() => this.#rebuild(), nextEnd - Date.now() + 10)
      this.#graceTimer.unref()
    }
    const { pins } = this.#registry
    const catalogue = buildCatalogue(this.#registry, listings, this.#catalogue)
    this.#catalogue = pins ? pinned(catalogue, this.#pins, pins.onChange === 'withhold') : catalogue
    this.#tellRefused()
    const offer = JSON.stringify([...listings].map(([id, { digest }]) => [id, digest]))
    if (offer === this.#said) return
    this.#said = offer
    this.builtAt = Date.now()
    this.#options.onChange()
  }

  // A server can make up names as fast as it is listed: each is told once, and of many only how many.
  #tellRefused(): void {
    const now = new Set<string>()
    const untold = new Map<string, number>()
    for (const { server, name, why } of this.#catalogue.refused) {
      const key = `${server} ${name} ${why}`
      now.add(key)
      if (this.#told.has(key)) continue
      const line = this.#lines.get(server) ?? new Bucket(LINES.perSecond, LINES.burst)
      this.#lines.set(server, line)
      if (line.take() > 0) untold.set(server, (untold.get(server) ?? 0) + 1)
      else this.#options.log.warn('name refused', { server, name, why })
    }
    for (const [server, names] of untold) {
      const at = this.#untold.get(server)
      if (at !== names) this.#options.log.warn('more names refused', { server, names })
    }
    this.#untold = untold
    this.#told = now
  }

  async close(): Promise<void> {
    clearTimeout(this.#graceTimer)
    await Promise.all([...this.#kept.values()].map(({ watch: one }) => one.stop()))
    await Promise.all(this.links.map((link) => link.close()))
  }
}

async function retire({ link, watch: one }: Kept): Promise<void> {
  await one.stop()
  // Waits for the calls that are under way.
  await link.pool.close().catch(() => {})
}
