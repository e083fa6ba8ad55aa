import type { Logger } from '@gatehouse/telemetry'
import { buildCatalogue, type Catalogue } from './catalogue/catalogue.ts'
import type { Listing } from './catalogue/listing.ts'
import { type Pins, readPins, unpinned, without } from './catalogue/pins.ts'
import type { Registry, ServerEntry } from './registry/schema.ts'
import type { Credentials } from './upstream/headers.ts'
import { ServerLink } from './upstream/server-link.ts'
import { Watch } from './upstream/watch.ts'

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
    if (before?.entry.url === entry.url && entry.enabled) link.become(before.state, before.reason)
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
    this.#catalogue = pinned(
      buildCatalogue(this.#registry, listings, this.#catalogue),
      this.#registry,
      this.#pins,
    )
    this.#tellRefused()
    const offer = JSON.stringify([...listings].map(([id, { digest }]) => [id, digest]))
    if (offer === this.#said) return
    this.#said = offer
    this.builtAt = Date.now()
    this.#options.onChange()
  }

  #tellRefused(): void {
    for (const { server, name, why } of this.#catalogue.refused) {
      if (this.#told.has(`${server} ${name} ${why}`)) continue
      this.#told.add(`${server} ${name} ${why}`)
      this.#options.log.warn('name refused', { server, name, why })
    }
  }
  readonly #told = new Set<string>()

  async close(): Promise<void> {
    clearTimeout(this.#graceTimer)
    await Promise.all([...this.#kept.values()].map(({ watch: one }) => one.stop()))
    await Promise.all(this.links.map((link) => link.close()))
  }
}

/** What the pins say about it: kept and told, or taken out. */
function pinned(catalogue: Catalogue, { pins: rule }: Registry, pins: Pins): Catalogue {
  if (!rule) return catalogue
  const strange = unpinned(catalogue.tools, pins)
  const refused = [...catalogue.refused, ...strange]
  if (rule.onChange === 'warn') return { ...catalogue, refused }
  return { ...catalogue, tools: without(catalogue.tools, strange), refused }
}

async function retire({ link, watch: one }: Kept): Promise<void> {
  await one.stop()
  // Waits for the calls that are under way.
  await link.pool.close().catch(() => {})
}
