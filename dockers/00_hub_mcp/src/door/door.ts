import type { IncomingHttpHeaders, IncomingMessage, ServerResponse } from 'node:http'
import { answerBySdk, goneSignal, rpcError } from '@gatehouse/host'
import type { Sanitizer } from '@gatehouse/sanitizer'
import { currentCorrelation, withCorrelation } from '@gatehouse/telemetry'
import type { McpHttpHandler } from '@modelcontextprotocol/server'
import type { Caller } from '../callers/callers.ts'
import { unknownName } from '../catalogue/unknown.ts'
import type { Scope } from '../catalogue/view.ts'
import type { Hub } from '../hub.ts'
import type { Records } from '../records/records.ts'
import { Burden } from './burden.ts'
import { forward } from './forward.ts'
import { asAuthInfo, refuseBatch } from './own-answers.ts'
import { receive } from './received.ts'
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

const UNKNOWN_BYTES = 2 * 1024 * 1024

/** MCP at the hub: what one server answers goes there by the hot path, all else the hub answers itself. */
export function createDoor({ hub, sdk, records, sanitizer }: DoorOptions) {
  const views = new Views()
  const burden = new Burden()

  const serve = async ({ request, response, given, caller, scope }: McpRequest): Promise<void> => {
    const gone = goneSignal(response)
    const { catalogue } = hub
    const view = views.of(catalogue, scope, caller)
    const current = currentCorrelation()
    if (!current) throw new Error('the listener sets it')
    const own = (correlationId: string, parsedBody?: unknown): Promise<void> => {
      refuseBatch(parsedBody)
      const unknown = (name: string) => unknownName(name, view.names, hub.links)
      const authInfo = asAuthInfo({ view, catalogue, unknown, correlationId })
      return answerBySdk(sdk, { request, response, parsedBody, gone, sanitizer, authInfo })
    }
    if (request.method !== 'POST') return own(current.correlationId)
    const received = await receive({
      request,
      response,
      given,
      correlation: current,
      catalogue,
      view,
      sanitizer,
    })
    const { correlation, bytes } = received
    if (received.kind === 'garbage') {
      return rpcError(response, sanitizer, 400, -32_700, 'Parse error: the body is not valid JSON')
    }
    if (received.kind === 'own') return own(correlation.correlationId, received.parsedBody)
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
    }
    const finished = await forward(call, sanitizer)
    const ms = performance.now() - started
    withCorrelation(correlation, () => records.finished(call, finished, { ms, bytes }))
  }

  return async (asked: McpRequest): Promise<void> => {
    const { method, headers } = asked.request
    // Who does not say how much it sends may send as much as is taken.
    const size = method === 'POST' ? Number(headers['content-length'] ?? UNKNOWN_BYTES) : 0
    burden.take(size)
    try {
      await serve(asked)
    } finally {
      burden.free(size)
    }
  }
}
