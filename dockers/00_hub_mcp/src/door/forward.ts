import type { IncomingHttpHeaders, ServerResponse } from 'node:http'
import { asGatehouseError, GatehouseError } from '@gatehouse/errors'
import { writeJson } from '@gatehouse/host'
import type { Sanitizer } from '@gatehouse/sanitizer'
import type { Correlation } from '@gatehouse/telemetry'
import type { Answer, Exchange } from '../upstream/exchange.ts'
import { outgoingHeaders } from '../upstream/headers.ts'
import type { Replied, ServerLink } from '../upstream/server-link.ts'
import type { Load } from './burden.ts'
import { type Outcome, outcomeOfError, outcomeOfMessage } from './outcome.ts'
import { passOn, passStream, type StreamedTo } from './pass-on.ts'
import { refusal } from './refusal.ts'
import type { Routed } from './routed.ts'
import { taken } from './taken.ts'

export interface Call {
  routed: Routed
  /** As its server is to get it. */
  body: string
  link: ServerLink
  caller: string
  correlation: Correlation
  /** As the client sent them. */
  given: IncomingHttpHeaders
  response: ServerResponse
  gone: AbortSignal
  /** The answer, until its client has taken it. */
  unread: Load
}

export interface Finished extends Outcome {
  bytes: number
  /** Why, for the log. */
  cause?: unknown
}

// The server's own deadline comes first, so that its answer says more than ours.
const MARGIN_MS = 250
// Of these as many as a server has places are no burden.
const SMALL_BYTES = 65_536

/** The hot path: one call to its server and the answer's bytes back, as they are. Never rejects. */
export async function forward(call: Call, sanitizer: Sanitizer): Promise<Finished> {
  const { link, gone } = call
  const streamed: { to?: StreamedTo } = {}
  try {
    link.admit()
    const free = await link.slots.take(call.caller, gone)
    try {
      const { answer, message } = await sent(call, streamed)
      const finished = message ? answered(call, answer, message) : streamEnded(call, streamed, answer)
      // Whoever does not read keeps its place, so that it cannot ask for more and more.
      await taken(call.response)
      return finished
    } finally {
      free()
    }
  } catch (thrown) {
    const error = gone.aborted ? new GatehouseError('CANCELLED') : asGatehouseError(thrown)
    refuse(call, sanitizer, error, streamed)
    const bytes = streamed.to?.bytes ?? 0
    return { outcome: outcomeOfError(error), errorCode: error.code, bytes, cause: error.cause }
  }
}

async function sent(call: Call, streamed: { to?: StreamedTo }): Promise<Replied> {
  const { routed, link, correlation, gone, response } = call
  const timeoutMs = timeoutOf(call)
  const headers = outgoingHeaders(call.given, link.credentials, {
    caller: call.caller,
    server: link.id,
    body: call.body,
    correlation,
    deadlineMs: Math.max(1, timeoutMs - MARGIN_MS),
    ...(routed.modern && { name: routed.own }),
  })
  let current: Exchange | undefined
  const leave = () => current?.abort(new GatehouseError('CANCELLED'))
  gone.addEventListener('abort', leave, { once: true })
  try {
    return await link.send(
      {
        path: link.path,
        headers,
        body: call.body,
        timeoutMs,
        maxReplyBytes: link.entry.maxReplyBytes,
      },
      (_headers, exchange) => {
        streamed.to = passStream(response, routed.id, () => exchange.resume())
        return streamed.to
      },
      {
        read: routed.read,
        onExchange: (exchange) => {
          current = exchange
          if (gone.aborted) leave()
        },
      },
    )
  } finally {
    gone.removeEventListener('abort', leave)
  }
}

/** The tool's or the server's, or what the caller still has, whichever is less. */
function timeoutOf({ routed, link, given }: Call): number {
  const { tools, timeout } = link.entry
  const own = (tools[routed.canonical] ?? tools[routed.own ?? ''])?.timeout ?? timeout
  const asked = Number(given['x-gatehouse-deadline-ms'])
  return asked > 0 ? Math.max(1, Math.min(own, asked - MARGIN_MS)) : own
}

function answered(call: Call, answer: Answer, message: Record<string, unknown>): Finished {
  const theirs = message.id === call.routed.id || (message.error !== undefined && message.id == null)
  if (!theirs)
    throw new GatehouseError('SERVER_MISBEHAVED', `The server ${call.link.id} answered another call`)
  // All that can fail comes before the first byte, while there is still something else to say.
  const outcome = outcomeOfMessage(message)
  if (answer.bytes > SMALL_BYTES) call.unread.add(answer.bytes)
  passOn(call.response, answer)
  return { ...outcome, bytes: answer.bytes }
}

function streamEnded({ link }: Call, { to }: { to?: StreamedTo }, answer: Answer): Finished {
  const outcome = to?.finish()
  if (outcome) return { ...outcome, bytes: answer.bytes }
  throw new GatehouseError('SERVER_MISBEHAVED', `The server ${link.id} ended its stream without an answer`)
}

function refuse(
  call: Call,
  sanitizer: Sanitizer,
  error: GatehouseError,
  streamed: { to?: StreamedTo },
): void {
  const { response, routed, correlation } = call
  const { id } = routed
  const body = refusal(
    sanitizer,
    { id, method: routed.method, modern: routed.modern, correlationId: correlation.correlationId },
    error,
  )
  if (streamed.to) streamed.to.end(body)
  else if (response.headersSent) response.destroy()
  else writeJson(response, 200, body)
}
