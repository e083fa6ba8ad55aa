import { GatehouseError } from '@gatehouse/errors'
import type { IncomingMessage } from './message.ts'
import { parseStrictJson } from './strict-json.ts'

const MOST_BYTES = 2 * 1024 * 1024
// A client that is still writing when the connection closes never sees why: what is too large is read to its end.
const MOST_DISCARDED_BYTES = 16 * 1024 * 1024

/**
 * The body of an API call: one JSON object, or nothing.
 * @throws GatehouseError UNSUPPORTED_TYPE, TOO_LARGE, INVALID_INPUT
 */
export async function jsonBody(request: IncomingMessage): Promise<Record<string, unknown>> {
  const body = await readBody(request)
  if (body.length === 0) return {}
  assertType(request, 'application/json')
  const value = parseStrictJson(utf8(body))
  if (value === null || typeof value !== 'object' || Array.isArray(value))
    throw new GatehouseError('INVALID_INPUT', 'The body must be a JSON object')
  return value as Record<string, unknown>
}

/** The fields of a form of ours; of a field that comes twice the last counts for nothing: it is refused. */
export async function formBody(request: IncomingMessage): Promise<Record<string, string>> {
  const body = await readBody(request)
  assertType(request, 'application/x-www-form-urlencoded')
  const fields = [...new URLSearchParams(utf8(body))]
  const form = Object.fromEntries(fields)
  if (Object.keys(form).length !== fields.length)
    throw new GatehouseError('INVALID_INPUT', 'The form has a field twice')
  return form
}

async function readBody(request: IncomingMessage): Promise<Buffer> {
  if (Number(request.headers['content-length']) > MOST_DISCARDED_BYTES) throw tooLarge()
  const chunks: Buffer[] = []
  let size = 0
  try {
    for await (const chunk of request as AsyncIterable<Buffer>) {
      size += chunk.length
      if (size > MOST_DISCARDED_BYTES) break
      if (size <= MOST_BYTES) chunks.push(chunk)
    }
  } catch (cause) {
    throw new GatehouseError('CANCELLED', undefined, { cause })
  }
  if (size > MOST_BYTES) throw tooLarge()
  return Buffer.concat(chunks)
}

function assertType(request: IncomingMessage, wanted: string): void {
  const type = request.headers['content-type']?.split(';', 1)[0]?.trim().toLowerCase()
  if (type === wanted) return
  throw new GatehouseError('UNSUPPORTED_TYPE', `The body must be ${wanted}`, {
    hint: `Send the header "Content-Type: ${wanted}"`,
  })
}

function utf8(body: Buffer): string {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(body)
  } catch (cause) {
    throw new GatehouseError('INVALID_INPUT', 'The body is not valid UTF-8', { cause })
  }
}

function tooLarge(): GatehouseError {
  return new GatehouseError('TOO_LARGE', 'The request body exceeds 2 MB', { hint: 'Send less at once' })
}
