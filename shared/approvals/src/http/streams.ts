import { GatehouseError } from '@gatehouse/errors'
import type { EventFeed, StoreEvent } from '../events.ts'
import type { Principal } from '../principal.ts'
import type { ServerResponse } from './message.ts'

const MOST_STREAMS = 200
const MOST_PER_PERSON = 12
// A reader that takes nothing is cut off; it comes back with Last-Event-ID.
const MOST_WAITING_BYTES = 256 * 1024
const BATCH = 500
const MOST_BATCHES = 20

interface Stream {
  principal: Principal
  response: ServerResponse
  /** Only what concerns one request; without it every request. */
  requestId?: string | undefined
  /** The number of the last event the reader has seen. */
  after?: number | undefined
}

export interface Streams {
  /** Answers with events until the reader leaves, is no longer allowed to, or takes nothing. */
  serve(stream: Stream): Promise<void>
  /** Something that is in no record: an object that is shown has changed. */
  tell(requestId: string): void
  /** The requests somebody has open. */
  watched(): ReadonlySet<string>
  count(): number
  close(): void
}

export interface StreamOptions {
  feed: EventFeed
  /** The number of the newest event. */
  newest: () => Promise<number>
  /** Events after a number, oldest first, at most so many. */
  replay: (after: number, limit: number) => Promise<StoreEvent[]>
  stillValid: (principal: Principal) => Promise<boolean>
  heartbeatMs: number
}

interface Open extends Stream {
  last: number
  /** Events that came in while the missed ones were read. */
  held: StoreEvent[] | undefined
}

/** Event streams of all readers over one subscription. Events carry numbers and ids, never content. */
export function createStreams({ feed, newest, replay, stillValid, heartbeatMs }: StreamOptions): Streams {
  const open = new Set<Open>()
  let following: { ending: AbortController; begun: Promise<void> } | undefined
  const closeAll = () => {
    for (const { response } of open) response.end()
  }
  const follow = async (after: number, signal: AbortSignal) => {
    for await (const event of feed.subscribe({ after, signal })) for (const one of open) receive(one, event)
  }
  const begin = async (ending: AbortController) => {
    const after = await newest()
    follow(after, ending.signal).catch(closeAll)
  }
  const beat = async () => {
    for (const one of open) {
      // A store that does not answer is no reason to let a stream run on.
      if (await stillValid(one.principal).catch(() => false)) put(one.response, ': still here\n\n')
      else end(one.response)
    }
  }
  let timer: NodeJS.Timeout | undefined
  const arrive = (one: Open) => {
    assertRoom(open, one.principal)
    open.add(one)
    if (following) return following.begun
    const ending = new AbortController()
    following = { ending, begun: begin(ending) }
    timer = setInterval(() => void beat(), heartbeatMs)
    return following.begun
  }
  const leave = (one: Open) => {
    open.delete(one)
    if (open.size > 0) return
    following?.ending.abort()
    following = undefined
    clearInterval(timer)
  }
  // What comes in meanwhile is held back, so that numbers only grow.
  const catchUp = async (one: Open, after: number) => {
    let last = after
    for (let batch = 0; batch < MOST_BATCHES && !one.response.destroyed; batch++) {
      const missed = await replay(last, BATCH)
      for (const event of missed) pass(one, event)
      last = missed.at(-1)?.sequence ?? last
      if (missed.length < BATCH) return
    }
    // Who was away for that long reads the list anew.
    put(one.response, data({ type: 'events.skipped' }))
  }
  return {
    async serve(stream) {
      const one: Open = { ...stream, last: stream.after ?? 0, held: [] }
      const begun = arrive(one)
      const { promise: gone, resolve } = Promise.withResolvers<void>()
      stream.response.once('close', resolve)
      try {
        await begun
        head(stream.response)
        if (stream.after !== undefined) await catchUp(one, stream.after)
        const held = one.held ?? []
        one.held = undefined
        for (const event of held) pass(one, event)
        await gone
      } finally {
        leave(one)
      }
    },
    tell(requestId) {
      for (const one of open) {
        if (one.requestId === requestId) put(one.response, data({ type: 'object.changed', requestId }))
      }
    },
    watched: () => new Set([...open].flatMap(({ requestId }) => requestId ?? [])),
    count: () => open.size,
    close: closeAll,
  }
}

function assertRoom(open: ReadonlySet<Open>, { subject }: Principal): void {
  const own = [...open].filter(({ principal }) => principal.subject === subject).length
  if (own < MOST_PER_PERSON && open.size < MOST_STREAMS) return
  throw new GatehouseError('RATE_LIMITED', 'Too many event streams are open', {
    hint: 'Close some pages, or read the list again from time to time instead',
  })
}

// Who looks and who logs in is no news for a list of requests, and a view must not make pages load, which is a view.
const NEWS = /^(request\.(?!viewed)|decision\.(?!refused)|operation\.|claim\.|brake\.)/

/** Passes on what is news to a reader, unless the reader is still catching up. */
function receive(one: Open, event: StoreEvent): void {
  if (one.held) one.held.push(event)
  else pass(one, event)
}

function pass(one: Open, event: StoreEvent): void {
  if (event.sequence <= one.last) return
  one.last = event.sequence
  const concerns =
    one.requestId === undefined || event.requestId === one.requestId || event.type.startsWith('brake.')
  if (concerns && NEWS.test(event.type)) put(one.response, data(event))
}

function head(response: ServerResponse): void {
  response.writeHead(200, {
    'content-type': 'text/event-stream; charset=utf-8',
    'cache-control': 'no-store',
    'x-accel-buffering': 'no',
  })
  put(response, 'retry: 3000\n\n')
}

function data(event: Partial<StoreEvent>): string {
  const { sequence, type, requestId } = event
  const id = sequence === undefined ? '' : `id: ${sequence}\n`
  return `${id}data: ${JSON.stringify({ sequence, type, requestId })}\n\n`
}

function put(response: ServerResponse, text: string): void {
  if (response.writableEnded || response.destroyed) return
  response.write(text)
  if (response.writableLength > MOST_WAITING_BYTES) response.destroy()
}

function end(response: ServerResponse): void {
  put(response, 'event: end\ndata: {}\n\n')
  response.end()
}
