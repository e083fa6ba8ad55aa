import { Client, StreamableHTTPClientTransport } from '@modelcontextprotocol/client'
import { StdioClientTransport } from '@modelcontextprotocol/client/stdio'
import { Client as FirstClient } from '@modelcontextprotocol/sdk/client/index.js'
import { StdioClientTransport as FirstStdio } from '@modelcontextprotocol/sdk/client/stdio.js'
import { StreamableHTTPClientTransport as FirstHttp } from '@modelcontextprotocol/sdk/client/streamableHttp.js'

/** Which client library speaks: the first SDK, the second as it comes (2025-11-25), the second pinned to 2026-07-28. */
export const sdks = ['v1', 'v2', 'v2-2026-07-28'] as const
export type Sdk = (typeof sdks)[number]

/** Where a server is: an address, or a command as a host would start it. */
export type Endpoint =
  | { url: string; headers?: Record<string, string> }
  | {
      command: string
      args: string[]
      env?: Record<string, string>
      cwd?: string
      onStderr?: (text: string) => void
    }

interface ListedTool {
  name: string
  title?: string | undefined
  description?: string | undefined
  annotations?: Record<string, unknown> | undefined
}

export interface CallResult {
  content?: { type: string; text?: string }[]
  structuredContent?: Record<string, unknown>
  isError?: boolean
  _meta?: Record<string, unknown>
}

interface CallOptions {
  signal?: AbortSignal
  meta?: Record<string, unknown>
}

/** One connection, the same to a test whichever library is behind it. */
export interface McpTestClient {
  sdk: Sdk
  revision: string | undefined
  tools(): Promise<ListedTool[]>
  /** The whole answer to tools/list, cache hints included. */
  list(): Promise<Record<string, unknown>>
  call(name: string, input?: Record<string, unknown>, options?: CallOptions): Promise<CallResult>
  close(): Promise<void>
}

const INFO = { name: 'gatehouse-test', version: '0.1.0' }

/** Connects with a real client of one of the official libraries. */
export function connectMcp(endpoint: Endpoint, sdk: Sdk = 'v2'): Promise<McpTestClient> {
  return sdk === 'v1' ? connectFirst(endpoint) : connectSecond(endpoint, sdk)
}

async function connectFirst(endpoint: Endpoint): Promise<McpTestClient> {
  const client = new FirstClient(INFO)
  let transport: FirstHttp | FirstStdio
  if ('url' in endpoint) {
    transport = new FirstHttp(new URL(endpoint.url), { requestInit: { headers: endpoint.headers ?? {} } })
  } else {
    transport = new FirstStdio(process(endpoint))
    listen(transport, endpoint)
  }
  // The library's own types disagree with exactOptionalPropertyTypes.
  await client.connect(transport as Parameters<FirstClient['connect']>[0])
  return {
    sdk: 'v1',
    revision: 'protocolVersion' in transport ? transport.protocolVersion : undefined,
    tools: async () => (await client.listTools()).tools,
    list: () => client.listTools(),
    call: async (name, input = {}, { signal, meta } = {}) => {
      const params = { name, arguments: input, ...(meta && { _meta: meta }) }
      return (await client.callTool(params, undefined, { ...(signal && { signal }) })) as CallResult
    },
    close: () => client.close(),
  }
}

async function connectSecond(endpoint: Endpoint, sdk: Sdk): Promise<McpTestClient> {
  const modern = sdk === 'v2-2026-07-28'
  const client = new Client(INFO, modern ? { versionNegotiation: { mode: { pin: '2026-07-28' } } } : {})
  let transport: StreamableHTTPClientTransport | StdioClientTransport
  if ('url' in endpoint) {
    transport = new StreamableHTTPClientTransport(new URL(endpoint.url), {
      requestInit: { headers: endpoint.headers ?? {} },
    })
  } else {
    transport = new StdioClientTransport(process(endpoint))
    listen(transport, endpoint)
  }
  await client.connect(transport)
  return {
    sdk,
    revision: client.getNegotiatedProtocolVersion(),
    tools: async () => (await client.listTools()).tools,
    list: () => client.listTools(),
    call: async (name, input = {}, { signal, meta } = {}) => {
      const params = { name, arguments: input, ...(meta && { _meta: meta }) }
      return (await client.callTool(params, { ...(signal && { signal }) })) as CallResult
    },
    close: () => client.close(),
  }
}

function process({ command, args, env, cwd }: Exclude<Endpoint, { url: string }>) {
  return { command, args, stderr: 'pipe' as const, ...(env && { env }), ...(cwd && { cwd }) }
}

function listen(transport: { stderr: unknown }, { onStderr }: Exclude<Endpoint, { url: string }>): void {
  const stream = transport.stderr as NodeJS.ReadableStream | null
  stream?.on('data', (chunk: Buffer) => onStderr?.(String(chunk)))
}
