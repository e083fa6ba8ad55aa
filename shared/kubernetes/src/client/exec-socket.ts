import type { WebSocket } from 'ws'
import type { Credentials } from '../connection/credentials.ts'
import { apiError, connectionError } from './api-error.ts'

export interface ExecCall {
  /** `…/pods/<name>/exec` */
  path: string
  container: string
  /** Argument vector; no shell is between it and the container. */
  command: readonly string[]
  /** Bytes kept of each stream; the rest is read and dropped. */
  mostBytes: number
  headers?: Record<string, string>
  signal: AbortSignal
}

export interface ExecAnswer {
  stdout: Buffer
  stderr: Buffer
  /** Bytes that were dropped. */
  dropped: number
  /** Absent when the command ended without saying so. */
  exitCode?: number
  /** Why it could not be run, in the cluster's words. */
  failure?: string
}

export interface ExecDoor {
  context: string
  origin: string
  credentials: Credentials
}

// The newest of the protocols; with v4 an ended command is announced the same way.
const PROTOCOLS = ['v5.channel.k8s.io', 'v4.channel.k8s.io']
const STDOUT = 1
const STDERR = 2
const ERROR = 3

/**
 * Runs one command and waits for its end, over one WebSocket that is opened once. A refusal by HTTP status is an error
 * of the catalogue; a connection that breaks later is CLUSTER_UNREACHABLE, and then nobody knows what ran.
 */
export async function runCommand(door: ExecDoor, target: string, call: ExecCall): Promise<ExecAnswer> {
  const { WebSocket } = await import('ws')
  call.signal.throwIfAborted()
  const { tls, headers } = door.credentials
  const socket = new WebSocket(`${door.origin.replace(/^http/, 'ws')}${target}`, PROTOCOLS, {
    ...tls,
    headers: { ...headers, ...call.headers },
    handshakeTimeout: 15_000,
    maxPayload: 8 * 1024 * 1024,
    perMessageDeflate: false,
  })
  const stop = () => socket.terminate()
  call.signal.addEventListener('abort', stop, { once: true })
  try {
    return await conversation(socket, door.context, call)
  } finally {
    call.signal.removeEventListener('abort', stop)
    socket.terminate()
  }
}

function conversation(socket: WebSocket, context: string, call: ExecCall): Promise<ExecAnswer> {
  const { promise, resolve, reject } = Promise.withResolvers<ExecAnswer>()
  const out = new Kept(call.mostBytes)
  const err = new Kept(call.mostBytes)
  let end: Pick<ExecAnswer, 'exitCode' | 'failure'> | undefined
  socket.on('message', (data: Buffer) => {
    const rest = data.subarray(1)
    if (data[0] === STDOUT) out.add(rest)
    else if (data[0] === STDERR) err.add(rest)
    else if (data[0] === ERROR) end = endOf(rest.toString())
  })
  socket.on('unexpected-response', (_request, response) => {
    const chunks: Buffer[] = []
    const refuse = () => reject(apiError(response.statusCode ?? 0, Buffer.concat(chunks).toString()))
    response.on('data', (chunk: Buffer) => chunks.length < 64 && chunks.push(chunk))
    response.on('end', refuse).on('error', refuse)
  })
  socket.on('error', (cause) => reject(connectionError(context, cause)))
  socket.on('close', () => {
    if (end) resolve({ stdout: out.bytes(), stderr: err.bytes(), dropped: out.dropped + err.dropped, ...end })
    else if (call.signal.aborted) reject(call.signal.reason)
    else reject(connectionError(context, { code: 'ECONNRESET' }))
  })
  return promise
}

/** The first bytes of a stream. */
class Kept {
  readonly #most: number
  readonly #chunks: Buffer[] = []
  #size = 0
  dropped = 0

  constructor(most: number) {
    this.#most = most
  }

  add(chunk: Buffer): void {
    const kept = chunk.subarray(0, this.#most - this.#size)
    this.#chunks.push(kept)
    this.#size += kept.length
    this.dropped += chunk.length - kept.length
  }

  bytes(): Buffer {
    return Buffer.concat(this.#chunks)
  }
}

interface ExecStatus {
  status?: string
  message?: string
  reason?: string
  details?: { causes?: { reason?: string; message?: string }[] }
}

/** How a command ended, by the Status that comes last. A kubelet tells the exit code among its causes. */
export function endOf(text: string): Pick<ExecAnswer, 'exitCode' | 'failure'> {
  const said = statusIn(text)
  if (said.status === 'Success') return { exitCode: 0 }
  const code = said.details?.causes?.find(({ reason }) => reason === 'ExitCode')?.message
  if (said.reason === 'NonZeroExitCode' && code !== undefined) return { exitCode: Number(code) }
  return { failure: said.message ?? 'the command could not be run' }
}

function statusIn(text: string): ExecStatus {
  try {
    return Object(JSON.parse(text))
  } catch {
    return { message: 'the cluster ended the command with something unreadable' }
  }
}
