/** An answer as it came, for tests of what no client library would send. */
export interface RawAnswer {
  status: number
  headers: Headers
  text: string
  /** The JSON-RPC message: the body, or the last event of a stream. Undefined where there is none. */
  message: RpcMessage | undefined
}

export interface RpcMessage {
  id?: unknown
  result?: Record<string, unknown>
  error?: { code: number; message: string; data?: Record<string, unknown> }
}

export interface RawOptions {
  /** Headers to add or, with undefined, to leave out. */
  headers?: Record<string, string | undefined>
  method?: string
  signal?: AbortSignal
}

/** POSTs a body as it is. */
export async function postRaw(url: string, body: string, options: RawOptions = {}): Promise<RawAnswer> {
  const headers = new Headers({
    'content-type': 'application/json',
    accept: 'application/json, text/event-stream',
  })
  for (const [name, value] of Object.entries(options.headers ?? {})) {
    if (value === undefined) headers.delete(name)
    else headers.set(name, value)
  }
  const response = await fetch(url, {
    method: options.method ?? 'POST',
    headers,
    ...(options.method !== 'GET' && { body }),
    ...(options.signal && { signal: options.signal }),
  })
  const text = await response.text()
  return { status: response.status, headers: response.headers, text, message: messageOf(text) }
}

/** One request of revision 2026-07-28 with its envelope and the headers that must mirror it. */
export function postModern(
  url: string,
  method: string,
  params: Record<string, unknown> = {},
  options: RawOptions = {},
): Promise<RawAnswer> {
  const { _meta, ...rest } = params
  const envelope = {
    'io.modelcontextprotocol/protocolVersion': '2026-07-28',
    'io.modelcontextprotocol/clientCapabilities': {},
    'io.modelcontextprotocol/clientInfo': { name: 'gatehouse-test', version: '0.1.0' },
  }
  const body = {
    jsonrpc: '2.0',
    id: 1,
    method,
    params: { ...rest, _meta: { ...envelope, ...(_meta ?? {}) } },
  }
  const headers = {
    'mcp-protocol-version': '2026-07-28',
    'mcp-method': method,
    ...(typeof rest.name === 'string' && { 'mcp-name': rest.name }),
    ...options.headers,
  }
  return postRaw(url, JSON.stringify(body), { ...options, headers })
}

/** One stateless request of revision 2025-11-25. */
export function postLegacy(
  url: string,
  method: string,
  params: Record<string, unknown> = {},
  options: RawOptions = {},
): Promise<RawAnswer> {
  const headers = { 'mcp-protocol-version': '2025-11-25', ...options.headers }
  return postRaw(url, JSON.stringify({ jsonrpc: '2.0', id: 1, method, params }), { ...options, headers })
}

function messageOf(text: string): RpcMessage | undefined {
  const events = [...text.matchAll(/^data: ?(.+)$/gm)].map((match) => match[1] ?? '')
  const last = events.at(-1) ?? text
  try {
    return JSON.parse(last)
  } catch {
    return undefined
  }
}
