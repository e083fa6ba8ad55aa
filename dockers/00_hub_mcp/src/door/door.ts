import type { IncomingHttpHeaders, IncomingMessage, ServerResponse } from 'node:http'
import { adoptCorrelation, answerBySdk, goneSignal, metaOf, readBody, rpcError } from '@gatehouse/host'
import type { Sanitizer } from '@gatehouse/sanitizer'
import { CORRELATION_META_KEY, currentCorrelation, withCorrelation } from '@gatehouse/telemetry'
import type { McpHttpHandler } from '@modelcontextprotocol/server'
import type { Caller } from '../callers/callers.ts'
import { unknownName } from '../catalogue/unknown.ts'
import type { Scope } from '../catalogue/view.ts'
import type { Hub } from '../hub.ts'
import type { Records } from '../records/records.ts'
import { type Finished, forward } from './forward.ts'
import { asAuthInfo, refuseBatch } from './own-answers.ts'
import { routedMessage, routeOf } from './routed.ts'
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

/** MCP at the hub: what one server answers goes there by the hot path, all else the hub answers itself. */
export function createDoor({ hub, sdk, records, sanitizer }: DoorOptions) {
  const views = new Views()
  return async ({ request, response, given, caller, scope }: McpRequest): Promise<void> => {
    const gone = goneSignal(response)
    const { catalogue } = hub
    const view = views.of(catalogue, scope, caller)
    let parsedBody: unknown
    let correlation = currentCorrelation()
    let bytes = 0
    if (request.method === 'POST') {
      const body = await readBody(request)
      bytes = body.length
      try {
        parsedBody = JSON.parse(body.toString())
      } catch {
        rpcError(response, sanitizer, 400, -32_700, 'Parse error: the body is not valid JSON')
        return
      }
      const meta = metaOf(parsedBody)
      if (meta && (meta.traceparent || meta[CORRELATION_META_KEY])) {
        correlation = adoptCorrelation(request, response, given, sanitizer, meta)
      }
    }
    if (!correlation) throw new Error('the listener sets it')
    const found = parsedBody === undefined ? undefined : routedMessage(parsedBody, request.headers)
    const routed = found && routeOf(found, catalogue, view)
    const link = routed && hub.link(routed.server)
    if (routed && link) {
      const started = performance.now()
      const call = { routed, link, caller: caller.name, correlation, given: request.headers, response, gone }
      const finished: Finished = await forward(call, sanitizer)
      const ms = performance.now() - started
      withCorrelation(correlation, () => records.finished(call, finished, { ms, bytes }))
      return
    }
    refuseBatch(parsedBody)
    const known = view.tools.map((tool) => tool.title ?? tool.name)
    const unknown = (name: string) => unknownName(name, known, hub.links)
    const authInfo = asAuthInfo({ view, catalogue, unknown, correlationId: correlation.correlationId })
    await answerBySdk(sdk, { request, response, parsedBody, gone, sanitizer, authInfo })
  }
}
