import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { createInterface } from 'node:readline'
import { bareEnvironment } from '@gatehouse/testing/mcp'
import { main, START_LINE } from './harness.ts'

interface Message {
  jsonrpc: string
  id?: unknown
  // biome-ignore lint/suspicious/noExplicitAny: replies are asserted field by field
  result?: any
  error?: { code: number; message: string }
}

/** The program as a host sees it: bytes on three pipes. */
export interface RawAgent {
  write(bytes: string | Buffer): void
  request(id: number, method: string, params?: object): void
  /** The answer to a request, now or later. */
  answer(id: number): Promise<Message>
  /** Lines on stdout so far. */
  stdout: string[]
  stderr(): string
  /** The start line is there. */
  started: Promise<void>
  /** Closes stdin. */
  end(): void
  signal(name: NodeJS.Signals): void
  exited: Promise<{ code: number | null; signal: NodeJS.Signals | null }>
}

export const HANDSHAKE = {
  protocolVersion: '2025-11-25',
  capabilities: {},
  clientInfo: { name: 'raw', version: '1' },
}

export function spawnRaw(env: Record<string, string> = {}): RawAgent {
  const child = spawn(process.execPath, [main], { stdio: 'pipe', env: bareEnvironment(env) })
  const stdout: string[] = []
  const messages: Message[] = []
  const waiting = new Set<() => void>()
  let stderr = ''
  const started = Promise.withResolvers<void>()
  child.stderr.on('data', (chunk) => {
    stderr += chunk
    if (stderr.includes(`${START_LINE}\n`)) started.resolve()
  })
  createInterface({ input: child.stdout }).on('line', (line) => {
    stdout.push(line)
    if (line.startsWith('{')) messages.push(JSON.parse(line))
    for (const look of waiting) look()
  })
  child.stdin.on('error', () => {})
  const exited = once(child, 'close').then(([code, signal]) => ({ code, signal }))
  const answer = (id: number): Promise<Message> => {
    const { promise, resolve, reject } = Promise.withResolvers<Message>()
    const look = () => {
      const found = messages.find((message) => message.id === id)
      if (found) resolve(found)
    }
    waiting.add(look)
    look()
    void exited.then(() => reject(new Error(`ended without an answer to ${id}: ${stderr}`)))
    return promise
  }
  const write = (bytes: string | Buffer) => void child.stdin.write(bytes)
  return {
    write,
    request: (id, method, params = {}) =>
      write(`${JSON.stringify({ jsonrpc: '2.0', id, method, params })}\n`),
    answer,
    stdout,
    stderr: () => stderr,
    started: started.promise,
    end: () => child.stdin.end(),
    signal: (name) => void child.kill(name),
    exited,
  }
}
