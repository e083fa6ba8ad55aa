/** What a running server says about itself at /status. */
export interface ServerState {
  service: string
  version: string
  tools: number
  /** Where people decide, of the server that owns approvals. */
  approvals?: string
  /** Those behind it, of the hub. */
  servers?: { id: string; state: string }[]
  cluster?: { connected: boolean; context?: string; version?: string; reason?: string; hint?: string }
}

const PATIENCE_MS = 10_000

/** Asks a server for its state over its own door, which also proves that the door is open. */
export async function readState(origin: string): Promise<ServerState> {
  const response = await fetch(`${origin}/status`, {
    signal: AbortSignal.timeout(PATIENCE_MS),
    // One connection for one question: a kept one would only be in the way of a quick stop.
    headers: { connection: 'close', accept: 'application/json' },
  })
  if (!response.ok) throw new Error(`${origin}/status answered ${response.status}`)
  return (await response.json()) as ServerState
}

/** An address a person can open: listening everywhere is reached as this machine. */
export function originOf(host: string, port: number): string {
  const everywhere = host === '0.0.0.0' || host === '::'
  const name = everywhere ? '127.0.0.1' : host
  return `http://${name.includes(':') ? `[${name}]` : name}:${port}`
}
