import { GatehouseError } from '@gatehouse/errors'
import { Pool } from 'undici'
import type { Listing } from '../catalogue/listing.ts'
import type { ServerEntry } from '../registry/schema.ts'
import type { Asker } from './ask.ts'
import { Breaker } from './breaker.ts'
import { type Answer, type Exchange, exchange, type Incoming, type Outgoing, type Sink } from './exchange.ts'
import { checkAnswer, failureOf, isConnectionLoss, messageOf } from './failure.ts'
import type { Credentials } from './headers.ts'
import { Slots } from './slots.ts'

export type LinkState = 'starting' | 'up' | 'degraded' | 'down' | 'disabled'

export interface Replied {
  answer: Answer
  /** The answer, read and checked; undefined where it was a stream. What leaves are the server's bytes all the same. */
  message: Record<string, unknown> | undefined
}

const CONNECT_MS = 3_000

/**
 * One server behind the hub: its connections, its places, and how it stands. Nothing here is shared with another
 * server, so one that is sick costs only its own calls.
 */
export class ServerLink {
  readonly entry: ServerEntry
  readonly credentials: Credentials
  readonly slots: Slots
  readonly breaker = new Breaker()
  readonly pool: Pool
  readonly path: string
  state: LinkState = 'starting'
  /** Why it is not up, for people. */
  reason = 'not asked yet'
  /** Since when it is in this state. */
  since = Date.now()
  listing: Listing | undefined
  /** When its lists were last read, and found the same or not. */
  listedAt: number | undefined
  /** Told of a failed connection, so that the watcher looks at once. */
  onLoss: () => void = () => {}

  constructor(entry: ServerEntry, credentials: Credentials) {
    this.entry = entry
    this.credentials = credentials
    const url = new URL(entry.url)
    this.path = `${url.pathname}${url.search}`
    // As many connections as calls, and a few for the hub's own questions: a full server can still be asked.
    this.pool = new Pool(url.origin, { connections: entry.inFlight + 4, connect: { timeout: CONNECT_MS } })
    const { inFlight, queue, queueWait } = entry
    this.slots = new Slots({ inFlight, queue, queueWaitMs: queueWait })
    if (!entry.enabled) this.become('disabled', 'switched off in hub.yaml')
  }

  get id(): string {
    return this.entry.id
  }

  get asker(): Asker {
    const { id, pool, path, credentials } = this
    return { id, pool, path, credentials, maxReplyBytes: this.entry.maxReplyBytes }
  }

  become(state: LinkState, reason = ''): void {
    if (this.state !== state) this.since = Date.now()
    this.state = state
    this.reason = reason
  }

  /** Throws where a call would only wait for a server that is known not to answer. */
  admit(): void {
    if (this.state === 'up' || this.state === 'degraded') {
      if (!this.breaker.open) return
      throw new GatehouseError('SERVER_UNAVAILABLE', `The server ${this.id} failed five times in a row`)
    }
    throw new GatehouseError('SERVER_UNAVAILABLE', `The server ${this.id} is ${this.state}: ${this.reason}`)
  }

  /**
   * Sends one call. `onExchange` gets the way to cancel it. A read whose connection broke before the first byte is sent
   * once more. Rejects with a GatehouseError.
   */
  async send(
    outgoing: Outgoing,
    stream: (headers: Incoming, current: Exchange) => Sink,
    call: { read: boolean; onExchange: (current: Exchange) => void },
  ): Promise<Replied> {
    const until = performance.now() + outgoing.timeoutMs
    let current: Exchange | undefined
    let status = 0
    const once = (timeoutMs: number): Promise<Answer> => {
      const own: Exchange = exchange(this.pool, { ...outgoing, timeoutMs }, (headers) => stream(headers, own))
      current = own
      call.onExchange(own)
      return own.done
    }
    try {
      const answer = await once(outgoing.timeoutMs).catch((error: unknown) => {
        const left = until - performance.now()
        if (!call.read || current?.begun() || left < 1 || !isConnectionLoss(error)) throw error
        return once(left)
      })
      status = answer.status
      checkAnswer(answer, this.id)
      const message = answer.streamed ? undefined : messageOf(answer, this.id)
      this.breaker.succeeded()
      return { answer, message }
    } catch (error) {
      throw this.#failed(error, status)
    }
  }

  #failed(error: unknown, status: number): GatehouseError {
    const failure = failureOf(error, this.id)
    if (isConnectionLoss(error)) this.onLoss()
    // A refusal may be of what one caller sent; only that of the hub itself is everybody's.
    const refused = status >= 400 && status < 500 && status !== 401 && status !== 403
    const counts = /^SERVER_(UNAVAILABLE|MISBEHAVED)$/.test(failure.code) && !refused
    if (counts && this.breaker.failed()) this.onLoss()
    return failure
  }

  async close(): Promise<void> {
    await this.pool.destroy()
  }
}
