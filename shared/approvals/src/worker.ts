import { randomUUID } from 'node:crypto'
import type { Checkpoints } from '@gatehouse/audit'
import { type Logger, resolveCorrelation, silentLogger, withCorrelation } from '@gatehouse/telemetry'
import { type Claim, claim } from './claim.ts'
import type { EventFeed } from './events.ts'
import type { Executor } from './execution.ts'
import { takeOver } from './lease.ts'
import { runClaim } from './run-claim.ts'
import type { Store } from './store/store.ts'
import { sweep } from './sweep.ts'

export interface WorkerOptions {
  store: Store
  executor: Executor
  /** Written after each claim and before anything is sent: a database restored from before it is recognised. */
  checkpoints?: Checkpoints
  /** Wakes the worker at once; without it it looks every second. */
  feed?: EventFeed
  log?: Logger
  /** How many requests at once; 4 unless told. */
  atOnce?: number
  /** How often it looks by itself; every second unless told. */
  lookEveryMs?: number
}

export interface Worker {
  /** Its name in leases and on the record. */
  owner: string
  /** One round: claims what it can, takes over what was left, and waits until that has ended. */
  runOnce(): Promise<void>
  start(): void
  /** Claims nothing more, and leaves what does not end within `graceMs` to a takeover. */
  stop(graceMs?: number): Promise<void>
}

const WAKING = new Set(['decision.approve', 'claim.released', 'brake.released'])

/** Carries out approved requests. As many processes as there are may each run one on the same store. */
export function createWorker(options: WorkerOptions): Worker {
  const { store, executor, checkpoints, feed, log = silentLogger, atOnce = 4, lookEveryMs = 1_000 } = options
  const owner = `worker:${process.pid}:${randomUUID().slice(0, 8)}`
  const running = new Map<string, Promise<void>>()
  const stopping = new AbortController()
  const halt = new AbortController()
  let looping: Promise<void> | undefined
  let wake = () => {}

  const carryOut = async (held: Claim) => {
    // As the one who asked: whoever searches the cluster's audit log finds what was sent by the id of the call.
    const correlation = resolveCorrelation({ 'x-correlation-id': held.request.correlationId ?? undefined })
    try {
      await withCorrelation(correlation, async () => {
        await runClaim({ store, executor, held, checkpoints, halt: halt.signal })
        log.info('execution ended', { request: held.request.requestId })
      })
    } catch (thrown) {
      // The claim stays: its lease runs out and it is taken over.
      log.error('execution interrupted', { request: held.request.requestId, reason: String(thrown) })
    } finally {
      running.delete(held.request.requestId)
      wake()
    }
  }
  const begin = async (): Promise<number> => {
    let begun = 0
    for (const { id, state } of await candidates(store, atOnce + running.size)) {
      if (stopping.signal.aborted || running.size >= atOnce) break
      if (running.has(id)) continue
      const held = await (state === 'approved' ? claim(store, id, owner) : takeOver(store, id, owner))
      if (!held) continue
      running.set(id, carryOut(held))
      begun++
    }
    return begun
  }
  const round = async () => {
    try {
      await begin()
      await sweep(store)
    } catch (thrown) {
      log.warn('worker round failed', { reason: String(thrown) })
    }
  }
  const loop = async () => {
    while (!stopping.signal.aborted) {
      const woken = new Promise<void>((resolve) => {
        wake = resolve
        setTimeout(resolve, lookEveryMs).unref()
      })
      await round()
      if (!stopping.signal.aborted) await woken
    }
  }
  return {
    owner,
    async runOnce() {
      for (let begun = 1; begun > 0; ) {
        begun = await begin()
        await Promise.all(running.values())
      }
      await sweep(store)
    },
    start() {
      looping ??= loop()
      if (feed) void follow(feed, stopping.signal, () => wake())
    },
    async stop(graceMs = 10_000) {
      stopping.abort()
      wake()
      await looping
      const timer = setTimeout(() => halt.abort(), graceMs)
      await Promise.all(running.values())
      clearTimeout(timer)
    },
  }
}

// A hint only: when the feed fails, the worker still looks every second.
async function follow(feed: EventFeed, signal: AbortSignal, wake: () => void): Promise<void> {
  try {
    for await (const { type } of feed.subscribe({ signal })) if (WAKING.has(type)) wake()
  } catch {}
}

async function candidates(store: Store, limit: number) {
  const now = await store.now()
  return store.read((db) =>
    db
      .selectFrom('requests')
      .select(['id', 'state'])
      .where((eb) =>
        eb.or([
          eb.and([eb('state', '=', 'approved'), eb('claim_by', '>', now)]),
          eb.and([eb('state', '=', 'executing'), eb('lease_until', '<=', now)]),
        ]),
      )
      .orderBy('decided_at')
      .orderBy('id')
      .limit(limit)
      .execute(),
  )
}
