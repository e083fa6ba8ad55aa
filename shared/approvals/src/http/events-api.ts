import type { Express, Request } from 'express'
import { getRequest } from '../read-request.ts'
import type { Door } from './door.ts'
import { requestIdOf, wholeNumber } from './fields.ts'
import { eventsAfter, newestSequence } from './record-reads.ts'
import { stalenessOf, watchStaleness } from './staleness.ts'
import { createStreams } from './streams.ts'

export interface Events {
  close(): void
}

/** Server-sent events: that something happened and to which request; what it was is read from the page or the API. */
export function eventRoutes(app: Express, { deps, who }: Door): Events {
  const { store, feed, heartbeatMs = 15_000, staleEveryMs = 3_000 } = deps
  const streams = createStreams({
    feed,
    newest: () => newestSequence(store),
    replay: (after, limit) => eventsAfter(store, after, limit),
    stillValid: who.stillValid,
    heartbeatMs,
  })
  const watch = watchStaleness({
    look: async (requestId) => stalenessOf(deps, await getRequest(store, requestId)),
    watched: streams.watched,
    tell: streams.tell,
    everyMs: staleEveryMs,
  })
  app.get('/api/events', async (request, response) => {
    const principal = await who.reader(request)
    await streams.serve({ principal, response, after: after(request) })
  })
  app.get('/api/approvals/:id/events', async (request, response) => {
    const principal = await who.reader(request)
    const { requestId } = await getRequest(store, requestIdOf(request.params.id))
    await streams.serve({ principal, response, requestId, after: after(request) })
  })
  return {
    close() {
      watch.stop()
      streams.close()
    },
  }
}

// A browser that comes back says what it saw last; a page that was just drawn says from where on it wants to hear.
function after({ headers, query }: Request): number | undefined {
  const last = headers['last-event-id']
  return wholeNumber(typeof last === 'string' ? last : query.after, 'Last-Event-ID', 0, 2 ** 52)
}
