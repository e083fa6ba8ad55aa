import { connect, type Socket } from 'node:net'

/**
 * A minimal keep-alive HTTP client for one connection, one request at a time: where a server is what is measured,
 * a client library would cost more than the server.
 */
export class Wire {
  readonly #socket: Socket
  #buffered = ''
  #waiting: PromiseWithResolvers<string> | undefined

  private constructor(socket: Socket) {
    this.#socket = socket
    socket.setNoDelay(true)
    // Latin-1 keeps one character per byte, so that Content-Length can be compared with a string's length.
    socket.setEncoding('latin1')
    socket.on('data', (chunk: string) => this.#received(chunk))
    socket.on('error', (error) => this.#waiting?.reject(error))
    socket.on('close', () => this.#waiting?.reject(new Error('the server closed the connection')))
  }

  static open(port: number): Promise<Wire> {
    return new Promise((resolve, reject) => {
      const socket = connect(port, '127.0.0.1', () => resolve(new Wire(socket)))
      socket.once('error', reject)
    })
  }

  /** Sends a whole request and resolves with the whole answer, head and body. */
  send(request: string): Promise<string> {
    this.#waiting = Promise.withResolvers<string>()
    this.#socket.write(request)
    return this.#waiting.promise
  }

  close(): void {
    this.#waiting = undefined
    this.#socket.destroy()
  }

  #received(chunk: string): void {
    this.#buffered += chunk
    const head = this.#buffered.indexOf('\r\n\r\n')
    if (head < 0) return
    const length = /\r\ncontent-length: (\d+)/i.exec(this.#buffered.slice(0, head + 2))?.[1]
    const whole =
      length === undefined
        ? this.#buffered.endsWith('\r\n0\r\n\r\n')
        : this.#buffered.length >= head + 4 + Number(length)
    if (!whole) return
    const answer = this.#buffered
    this.#buffered = ''
    this.#waiting?.resolve(answer)
  }
}

export function getRequest(path: string): string {
  return `GET ${path} HTTP/1.1\r\nHost: localhost\r\n\r\n`
}

export type Era = '2026-07-28' | '2025-11-25'

/** A tools/call as bytes: the current revision carries its envelope, the earlier one only its version. */
export function toolCall(tool: string, input: Record<string, unknown>, era: Era = '2026-07-28'): string {
  const current = era === '2026-07-28'
  const meta = {
    'io.modelcontextprotocol/protocolVersion': era,
    'io.modelcontextprotocol/clientInfo': { name: 'gatehouse-bench', version: '0.1.0' },
    'io.modelcontextprotocol/clientCapabilities': {},
  }
  const params = { name: tool, arguments: input, ...(current && { _meta: meta }) }
  const body = JSON.stringify({ jsonrpc: '2.0', id: 1, method: 'tools/call', params })
  const head = [
    'POST /mcp HTTP/1.1',
    'Host: localhost',
    'Content-Type: application/json',
    'Accept: application/json, text/event-stream',
    `MCP-Protocol-Version: ${era}`,
    ...(current ? ['Mcp-Method: tools/call', `Mcp-Name: ${tool}`] : []),
    `Content-Length: ${Buffer.byteLength(body)}`,
  ]
  return `${head.join('\r\n')}\r\n\r\n${body}`
}
