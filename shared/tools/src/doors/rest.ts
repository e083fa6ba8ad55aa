import type { IncomingHttpHeaders } from 'node:http'
import type { Sanitised } from '@gatehouse/sanitizer'
import { resolveCorrelation } from '@gatehouse/telemetry'
import type { z } from 'zod'
import { nameTable } from '../names.ts'
import type { Invoke } from '../pipeline.ts'
import type { AnyTool, Reply, RestRoute } from '../tool.ts'

export interface RestRequest {
  /** Path parameters and query as text, or the JSON body. */
  input: unknown
  headers: IncomingHttpHeaders
  signal: AbortSignal
  caller: string
  requestBytes: number
}

export interface RestReply {
  status: number
  headers: Record<string, string>
  body: Sanitised<Record<string, unknown>>
}

/** The same call over REST: `POST /tools/<name>` for every tool, and the routes their files name. */
export interface RestDoor {
  routes: (Pick<RestRoute, 'method' | 'path' | 'textBody'> & { tool: AnyTool })[]
  /** By canonical or safe name; unknown names answer 404 with the nearest ones. */
  callByName(name: string, request: RestRequest): Promise<RestReply>
  /** A route: texts from path and query become the types the tool's schema wants. */
  callRoute(tool: AnyTool, request: RestRequest): Promise<RestReply>
}

export function createRestDoor(tools: readonly AnyTool[], invoke: Invoke): RestDoor {
  const table = nameTable(tools)
  const answer = async (
    name: string,
    tool: AnyTool | undefined,
    request: RestRequest,
  ): Promise<RestReply> => {
    const correlation = resolveCorrelation(request.headers)
    const { input, signal, caller, requestBytes } = request
    const reply = await invoke({ name, tool, input, door: 'rest', caller, correlation, signal, requestBytes })
    return restReply(reply, correlation.correlationId)
  }
  return {
    routes: tools.flatMap((tool) => (tool.rest ? [{ ...tool.rest, tool }] : [])),
    callByName: (name, request) => answer(name, table.get(name), request),
    callRoute: (tool, request) => {
      if (request.input === null || typeof request.input !== 'object' || Array.isArray(request.input)) {
        return answer(tool.name, tool, request)
      }
      const texts = request.input as Record<string, unknown>
      const { defaults } = tool.rest ?? {}
      const extra = defaults && texts[defaults.unless] === undefined ? defaults.input : {}
      return answer(tool.name, tool, { ...request, input: { ...extra, ...fromTexts(tool.input, texts) } })
    },
  }
}

/** Errors as problem+json with the same members as over MCP. */
function restReply(reply: Reply, correlationId: string): RestReply {
  const headers = {
    'content-type': reply.isError ? 'application/problem+json' : 'application/json',
    'x-correlation-id': correlationId,
    'cache-control': 'no-store',
  }
  if (!reply.isError) {
    const { approvalUrl } = reply.structured
    // A change that was asked for: where a person decides it.
    const where = reply.http === 202 && typeof approvalUrl === 'string' ? { location: approvalUrl } : {}
    return { status: reply.http, headers: { ...headers, ...where }, body: reply.structured }
  }
  const title = String(reply.structured.message ?? reply.errorCode)
  const body = { type: 'about:blank', title, status: reply.http, ...reply.structured }
  return { status: reply.http, headers, body }
}

// A text that is no number or boolean stays a text, so that the schema's own message names the field.
function fromTexts(schema: z.ZodObject, texts: Record<string, unknown>): Record<string, unknown> {
  const { shape } = schema
  // Object.hasOwn and fromEntries: a parameter may be called constructor or __proto__.
  const typed = Object.entries(texts).map(([key, value]) => {
    const field = Object.hasOwn(shape, key) ? (shape[key] as z.ZodType) : undefined
    return [key, field ? coerce(field, value) : value]
  })
  return Object.fromEntries(typed)
}

function coerce(field: z.ZodType, value: unknown): unknown {
  if (field.safeParse(value).success || value === undefined) return value
  const candidates: unknown[] = []
  const text = Array.isArray(value) ? value : String(value)
  if (text === 'true' || text === 'false') candidates.push(text === 'true')
  if (typeof text === 'string' && /^-?\d+$/.test(text)) candidates.push(Number(text))
  candidates.push(Array.isArray(text) ? text : text.split(','))
  const fitting = candidates.find((candidate) => field.safeParse(candidate).success)
  return fitting ?? candidates.find((candidate) => typeof candidate !== 'object') ?? value
}
