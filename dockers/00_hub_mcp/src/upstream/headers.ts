import { GatehouseError } from '@gatehouse/errors'
import { CALLER_HEADER, signCaller } from '@gatehouse/host'
import { type Correlation, traceparentOf } from '@gatehouse/telemetry'

export interface Credentials {
  /** Bearer token of the server; never one of a caller. */
  token: string | undefined
  /** Signs the caller's name. */
  key: string | undefined
}

export interface OutgoingCall {
  caller: string
  correlation: Correlation
  deadlineMs: number
  /** The server's id: what is signed for it is of no use at another. */
  server: string
  body: string
  name?: string | undefined
}

// What an MCP request is; everything else a client sent stays here, its credentials first of all.
const PASSED = /^(accept|mcp-protocol-version|mcp-method|mcp-name|mcp-param-[a-z0-9-]{1,64})$/

// Node refuses a request with more than 16 kB of headers, ours and a proxy's among them.
const MOST_BYTES = 8_000

/** The headers of a request to a server: the caller's MCP headers, and our own ids, credentials and deadline. */
export function outgoingHeaders(
  given: Record<string, string | string[] | undefined>,
  { token, key }: Credentials,
  call: OutgoingCall,
): Record<string, string> {
  const { correlation } = call
  const headers: Record<string, string> = {
    'content-type': 'application/json',
    'x-correlation-id': correlation.correlationId,
    traceparent: traceparentOf(correlation),
    'x-gatehouse-deadline-ms': String(call.deadlineMs),
  }
  let bytes = 0
  for (const name in given) {
    const value = given[name]
    if (typeof value !== 'string' || !PASSED.test(name)) continue
    bytes += name.length + value.length
    headers[name] = value
  }
  if (bytes > MOST_BYTES) throw new GatehouseError('INVALID_INPUT', 'The MCP headers are larger than 8 kB')
  if (call.name !== undefined) headers['mcp-name'] = call.name
  if (token) headers.authorization = `Bearer ${token}`
  if (key) {
    const { server, body } = call
    headers[CALLER_HEADER] = signCaller(
      call.caller,
      { correlationId: correlation.correlationId, server, body },
      key,
    )
  }
  return headers
}
