import { setTimeout as pause } from 'node:timers/promises'
import { type Logger, resolveCorrelation, withCorrelation } from '@gatehouse/telemetry'
import { Client } from 'undici'
import { readListing } from '../catalogue/listing.ts'
import { failureOf } from './failure.ts'
import { listenTo, type Subscription } from './listen.ts'
import type { LinkState, ServerLink } from './server-link.ts'

const LOOK_MS = 1_000
const LOOK_TIMEOUT_MS = 3_000
const MOST_LOOK_BYTES = 65_536
const LIST_TIMEOUT_MS = 10_000
const RELIST_MS = 60_000
const FIRST_RETRY_MS = 100
// A server that ends each connection looks restarted each time.
const AGAIN_MS = 300
// Two looks in vain: a pause of the garbage collector is no outage.
const SILENT_LOOKS = 2
const NOBODY = /^(ECONNREFUSED|ENOTFOUND|EAI_AGAIN|EHOSTUNREACH)$/

/**
 * Looks at a server once a second, on one kept connection. A connection that ended means a restart: its lists are read
 * again at once. So they are every minute, and after every failure until they could be read.
 */
export class Watch {
  readonly #link: ServerLink
  readonly #log: Logger
  readonly #onListing: () => void
  readonly #client: Client
  readonly #stopping = new AbortController()
  readonly #running: Promise<void>
  #waker = Promise.withResolvers<void>()
  #restarted = true
  #silent = 0
  #retryMs = FIRST_RETRY_MS
  #relistAt = 0
  #subscription: Subscription | undefined
  #subscribeAt = 0

  constructor(link: ServerLink, log: Logger, onListing: () => void) {
    this.#link = link
    this.#log = log
    this.#onListing = onListing
    this.#client = new Client(new URL(link.entry.url).origin, { connect: { timeout: LOOK_TIMEOUT_MS } })
    this.#client.on('disconnect', () => this.wake())
    link.onLoss = () => this.wake()
    this.#running = link.entry.enabled ? this.#run() : Promise.resolve()
  }

  /** Something happened to the server: look now, and read its lists again. */
  wake(): void {
    this.#restarted = true
    this.#waker.resolve()
  }

  async stop(): Promise<void> {
    this.#stopping.abort()
    this.wake()
    this.#subscription?.stop()
    await this.#client.destroy()
    await this.#running
  }

  async #run(): Promise<void> {
    const { signal } = this.#stopping
    while (!signal.aborted) {
      const before = this.#link.state
      this.#waker = Promise.withResolvers()
      await this.#look()
      if (signal.aborted) return
      if (before !== this.#link.state) this.#onListing()
      const well = this.#link.state === 'up' && !this.#link.breaker.open
      const calm = well && !this.#restarted
      const time = pause(calm ? LOOK_MS : well ? AGAIN_MS : this.#nextRetry(), undefined, {
        ref: false,
        signal,
      })
      // What wakes us may do so a thousand times a second: only a quiet time is cut short.
      await Promise.race([time.catch(() => {}), ...(calm ? [this.#waker.promise] : [])])
    }
  }

  // Often at first, for a restart takes a second or two; then once a second, not all hubs at the same moment.
  #nextRetry(): number {
    const wait = this.#retryMs * (0.75 + Math.random() / 2)
    this.#retryMs = Math.min(this.#retryMs * 1.6, LOOK_MS)
    return wait
  }

  async #look(): Promise<void> {
    try {
      // Of the whole answer: a body that drips is no sign of life.
      const signal = AbortSignal.timeout(LOOK_TIMEOUT_MS)
      const times = { headersTimeout: LOOK_TIMEOUT_MS, bodyTimeout: LOOK_TIMEOUT_MS, signal }
      const { body } = await this.#client.request({ method: 'GET', path: '/livez', ...times })
      await body.dump({ limit: MOST_LOOK_BYTES, signal })
      this.#silent = 0
    } catch (error) {
      this.#silent++
      // Nobody listens: that is certain at once. Silence may be a moment's.
      const nobody = NOBODY.test(String((error as { code?: unknown }).code))
      if (!nobody && this.#silent < SILENT_LOOKS && this.#link.state !== 'starting') return
      this.#become('down', nobody ? 'nobody listens at its address' : 'it does not answer')
      this.#restarted = true
      return
    }
    const { state, breaker } = this.#link
    if (this.#restarted || breaker.open || state !== 'up' || Date.now() >= this.#relistAt) await this.#list()
  }

  async #list(): Promise<void> {
    const link = this.#link
    const correlation = resolveCorrelation({})
    if (this.#restarted) this.#subscribeAt = 0
    this.#restarted = false
    await withCorrelation(correlation, async () => {
      try {
        const found = await readListing(link.asker, { timeoutMs: LIST_TIMEOUT_MS, correlation })
        const changed = found.digest !== link.listing?.digest
        link.listing = found
        link.listedAt = Date.now()
        link.breaker.close()
        this.#relistAt = link.listedAt + RELIST_MS * (0.9 + Math.random() / 5)
        this.#retryMs = FIRST_RETRY_MS
        this.#become('up', '')
        if (changed) this.#onListing()
        this.#subscribe()
      } catch (error) {
        const failure = failureOf(error, link.id)
        this.#become(link.listing ? 'degraded' : 'down', `its lists cannot be read: ${failure.message}`)
        this.#log.debug('listing failed', { server: link.id, err: String((failure.cause as Error)?.message) })
      }
    })
  }

  #subscribe(): void {
    if (this.#subscription || this.#stopping.signal.aborted || Date.now() < this.#subscribeAt) return
    this.#subscription = listenTo(this.#link, () => this.wake())
    void this.#subscription?.ended.then((streamed) => {
      this.#subscription = undefined
      // One that gives no stream would be asked several times a second.
      if (streamed) this.wake()
      else this.#subscribeAt = Date.now() + RELIST_MS
    })
  }

  #become(state: LinkState, reason: string): void {
    const was = this.#link.state
    if (was !== state) {
      const say = state === 'up' ? this.#log.info : this.#log.warn
      say(`server ${state}`, { server: this.#link.id, was, reason: reason || null })
    }
    this.#link.become(state, reason)
  }
}
