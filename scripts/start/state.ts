import { setTimeout as pause } from 'node:timers/promises'

/** What a running server says about itself at /status. */
export interface ServerState {
  service: string
  version: string
  tools: number
  /** Where people decide, of the server that owns approvals. */
  approvals?: string
  cluster?: { connected: boolean; context?: string; version?: string; reason?: string; hint?: string }
}

/** What the hub says at /health about what is behind it. */
export interface HubState {
  state: string
  tools: number
  servers: { id: string; state: string; reason?: string }[]
}

const PATIENCE_MS = 10_000
const FIRST_LISTS_MS = 3_000

/** Asks a server for its state over its own door, which also proves that the door is open. */
export async function readState(origin: string): Promise<ServerState> {
  const response = await ask(`${origin}/status`)
  if (!response.ok) throw new Error(`${origin}/status answered ${response.status}`)
  return (await response.json()) as ServerState
}

/** Asks the hub, a moment longer while it does not reach every server yet. */
export async function readHub(origin: string): Promise<HubState> {
  for (const deadline = Date.now() + FIRST_LISTS_MS; ; await pause(50)) {
    const response = await ask(`${origin}/health`)
    // 503 is an answer as well: none of its servers can be called.
    if (!response.ok && response.status !== 503)
      throw new Error(`${origin}/health answered ${response.status}`)
    const state = (await response.json()) as HubState
    // A server that starts beside the hub is down until it listens, and up a moment later.
    const waiting = state.servers.some((server) => server.state === 'starting' || server.state === 'down')
    if (!waiting || Date.now() > deadline) return state
  }
}

function ask(url: string): Promise<Response> {
  return fetch(url, {
    signal: AbortSignal.timeout(PATIENCE_MS),
    // One connection for one question: a kept one would only be in the way of a quick stop.
    headers: { connection: 'close', accept: 'application/json' },
  })
}

/** An address a person can open: listening everywhere is reached as this machine. */
export function originOf(host: string, port: number): string {
  const everywhere = host === '0.0.0.0' || host === '::'
  const name = everywhere ? '127.0.0.1' : host
  return `http://${name.includes(':') ? `[${name}]` : name}:${port}`
}
