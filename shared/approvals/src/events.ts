import type { Store } from './store/store.ts'

/** Something that happened, as the audit chain tells it: an id to look up, never content. */
export interface StoreEvent {
  sequence: number
  /** Such as `request.created`. */
  type: string
  requestId: string | null
  /** Milliseconds since 1970. */
  time: number
}

export interface EventFeed {
  /**
   * Everything after `after`, without gaps and in order, until the signal aborts; without `after` from now on. Reads
   * the chain, so it can be resumed at any number by any process.
   */
  subscribe(options: { after?: number; requestId?: string; signal: AbortSignal }): AsyncGenerator<StoreEvent>
  close(): Promise<void>
}

const POLL_MS = 1_000
const BATCH = 500

/** One feed for a process: wakes at its own commits, at hints from PostgreSQL, and every second in any case. */
export async function openFeed(store: Store): Promise<EventFeed> {
  const sleepers = new Set<() => void>()
  const wake = () => {
    for (const resolve of sleepers) resolve()
    sleepers.clear()
  }
  const unsubscribe = store.onCommit(wake)
  const stopListening = await store.listen(wake)
  return {
    async *subscribe({ after, requestId, signal }) {
      let last = after ?? (await newestSequence(store))
      while (!signal.aborted) {
        const woken = sleep(sleepers, signal)
        const events = await readEvents(store, last)
        for (const event of events) {
          if (signal.aborted) return
          if (requestId === undefined || event.requestId === requestId) yield event
        }
        last = events.at(-1)?.sequence ?? last
        if (events.length < BATCH) await woken
      }
    },
    async close() {
      unsubscribe()
      await stopListening()
      wake()
    },
  }
}

// Set up before reading: a commit between the reading and the sleep must not be slept through.
function sleep(sleepers: Set<() => void>, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const done = () => {
      clearTimeout(timer)
      sleepers.delete(done)
      signal.removeEventListener('abort', done)
      resolve()
    }
    const timer = setTimeout(done, POLL_MS)
    sleepers.add(done)
    signal.addEventListener('abort', done)
  })
}

function readEvents(store: Store, after: number): Promise<StoreEvent[]> {
  return store.read((db) =>
    db
      .selectFrom('audit_chain')
      .select(['seq as sequence', 'type', 'request_id as requestId', 'time'])
      .where('seq', '>', after)
      .orderBy('seq')
      .limit(BATCH)
      .execute(),
  )
}

async function newestSequence(store: Store): Promise<number> {
  const row = await store.read((db) =>
    db
      .selectFrom('audit_chain')
      .select((eb) => eb.fn.max('seq').as('seq'))
      .executeTakeFirst(),
  )
  return row?.seq ?? 0
}
