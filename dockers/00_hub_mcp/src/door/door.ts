import type { IncomingHttpHeaders, IncomingMessage, ServerResponse } from 'node:http'
import { goneSignal, rpcError } from '@gatehouse/host'
import type { Sanitizer } from '@gatehouse/sanitizer'
import { currentCorrelation, withCorrelation } from '@gatehouse/telemetry'
import type { McpHttpHandler } from '@modelcontextprotocol/server'
import type { Caller } from '../callers/callers.ts'
import type { Scope } from '../catalogue/view.ts'
import type { Hub } from '../hub.ts'
import type { Records } from '../records/records.ts'
import { Answering } from './answering.ts'
import { Burden, type Load, REPLIES, REQUESTS } from './burden.ts'
import { forward } from './forward.ts'
import { receive } from './received.ts'
import { taken } from './taken.ts'
import { Views } from './views.ts'

export interface DoorOptions {
  hub: Hub
  sdk: McpHttpHandler
  records: Records
  sanitizer: Sanitizer
}

export interface McpRequest {
  request: IncomingMessage
  response: ServerResponse
  given: IncomingHttpHeaders
  caller: Caller
  scope: Scope
}

const SMALL_BYTES = 65_536

/** MCP at the hub: what one server answers goes there by the hot path, all else the hub answers itself. */
export function createDoor({ hub, sdk, records, sanitizer }: DoorOptions) {
  const views = new Views()
  const answering = new Answering({ hub, sdk, sanitizer })
  const requests = new Burden(REQUESTS)
  const replies = new Burden(REPLIES)

  const serve = async (asked: McpRequest, held: Load, unread: Load): Promise<void> => {
    const { request, response, given, caller, scope } = asked
    const gone = goneSignal(response)
    const { catalogue } = hub
    const view = views.of(catalogue, scope, caller)
    const current = currentCorrelation()
    if (!current) throw new Error('the listener sets it')
    const own = (correlationId: string, parsedBody?: unknown): Promise<void> =>
      answering.answer(asked, { view, gone, correlationId, parsedBody })
    if (request.method !== 'POST') return own(current.correlationId)
    const received = await receive({
      request,
      response,
      given,
      correlation: current,
      catalogue,
      view,
      sanitizer,
      hold: held.add,
    })
    const { correlation, bytes } = received
    if (received.kind === 'garbage') {
      return rpcError(response, sanitizer, 400, -32_700, 'Parse error: the body is not valid JSON')
    }
    if (received.kind === 'own') {
      // A subscription may stay for days; what is large stays in memory with it, and counts.
      if (bytes <= SMALL_BYTES) held.free()
      return own(correlation.correlationId, received.parsedBody)
    }
    const { routed, body } = received
    // The registry may have lost it while the body arrived.
    const link = hub.link(routed.server)
    if (!link) throw new Error(`${routed.server} is in the catalogue and not in the registry`)
    const started = performance.now()
    const call = {
      routed,
      body,
      link,
      caller: caller.name,
      correlation,
      given: request.headers,
      response,
      gone,
      unread,
    }
    const finished = await forward(call, sanitizer)
    const ms = performance.now() - started
    withCorrelation(correlation, () => records.finished(call, finished, { ms, bytes }))
  }

  const handle = async (asked: McpRequest): Promise<void> => {
    const held = requests.load(asked.caller.name)
    const unread = replies.load(asked.caller.name)
    try {
      await serve(asked, held, unread)
      await taken(asked.response)
    } finally {
      held.free()
      unread.free()
    }
  }
  return { handle, recheck: (knows: (caller: Caller) => boolean): void => answering.recheck(knows) }
}
