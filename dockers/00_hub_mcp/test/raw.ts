import { connect, type Socket } from 'node:net'

export const META = {
  'io.modelcontextprotocol/protocolVersion': '2026-07-28',
  'io.modelcontextprotocol/clientCapabilities': {},
}

/** The head of a POST to a hub, for bodies that no client of ours would send. */
export function head(url: string, headers: Record<string, string>, at = '/mcp'): string {
  const all = {
    host: new URL(url).host,
    'content-type': 'application/json',
    accept: 'application/json, text/event-stream',
    ...headers,
  }
  const lines = Object.entries(all).map(([name, value]) => `${name}: ${value}`)
  return `POST ${at} HTTP/1.1\r\n${lines.join('\r\n')}\r\n\r\n`
}

/** A connection that does not read until told to. */
export function unread(url: string, text: string): Socket {
  const socket = connect(Number(new URL(url).port), '127.0.0.1')
  socket.on('error', () => {})
  socket.pause()
  socket.write(text)
  return socket
}

/** The same, once the answer has begun. */
export async function begun(url: string, text: string): Promise<Socket> {
  const socket = unread(url, text)
  await new Promise((resolve) => socket.once('readable', resolve))
  return socket
}
