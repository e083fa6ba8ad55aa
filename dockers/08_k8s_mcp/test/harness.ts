import { listen } from '@gatehouse/host'
import { type Config, readConfig } from '../src/config.ts'
import { createServer, type K8sServer } from '../src/server.ts'

// biome-ignore lint/suspicious/noExplicitAny: replies are asserted field by field
export type Body = any

export interface Answer {
  status: number
  headers: Headers
  body: Body
  text: string
}

/** The real server on a free port, called as a client would. */
export interface Running extends AsyncDisposable {
  url: string
  server: K8sServer
  /** POST /tools/<name>. */
  call(tool: string, input?: unknown, init?: RequestInit): Promise<Answer>
  get(path: string, init?: RequestInit): Promise<Answer>
  /** One JSON-RPC request of 2025-11-25; the result or the error. */
  rpc(method: string, params?: unknown, path?: string): Promise<Body>
  /** MCP tools/call; the result. */
  tool(name: string, input?: unknown): Promise<Body>
}

export async function start(settings: Record<string, string> = {}): Promise<Running> {
  const { config } = readConfig({ LOG_LEVEL: 'silent', ...settings })
  return startWith(config)
}

async function startWith(config: Config): Promise<Running> {
  const server = createServer(config, 1)
  const listener = await listen('127.0.0.1', 0, server.service.handle, server.log, server.sanitizer)
  const url = `http://127.0.0.1:${listener.port}`
  const ask = async (path: string, init?: RequestInit): Promise<Answer> => {
    const response = await fetch(`${url}${path}`, init)
    const text = await response.text()
    const json = text !== '' && response.headers.get('content-type')?.includes('json')
    return { status: response.status, headers: response.headers, text, body: json ? JSON.parse(text) : text }
  }
  const rpc = async (method: string, params: unknown = {}, path = '/mcp'): Promise<Body> => {
    const { body, text } = await ask(path, {
      method: 'POST',
      headers: { 'content-type': 'application/json', accept: 'application/json, text/event-stream' },
      body: JSON.stringify({ jsonrpc: '2.0', id: 1, method, params }),
    })
    const message = typeof body === 'string' ? JSON.parse(text.split(/^data: /m).at(-1) ?? '') : body
    return message.error ?? message.result
  }
  return {
    url,
    server,
    get: ask,
    rpc,
    call: (tool, input = {}, init = {}) =>
      ask(`/tools/${tool}`, { method: 'POST', body: JSON.stringify(input), ...init }),
    tool: (name, input = {}) => rpc('tools/call', { name, arguments: input }),
    [Symbol.asyncDispose]: async () => {
      await listener.stop(0)
      await server.close()
    },
  }
}
