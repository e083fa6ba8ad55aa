import { type ChildProcess, spawn } from 'node:child_process'
import { setTimeout as pause } from 'node:timers/promises'
import { Client, StreamableHTTPClientTransport } from '@modelcontextprotocol/client'
import { StdioClientTransport } from '@modelcontextprotocol/client/stdio'

/** How a server process is started. */
export interface Launch {
  command: string
  args: string[]
  env: Record<string, string>
}

/** A server process with a real MCP client of the SDK connected to it. */
export interface Session {
  client: Client
  pid: number
  /** The reply's text and data. Throws where the tool answered with an error. */
  call(tool: string, input: Record<string, unknown>): Promise<ToolReply>
  [Symbol.asyncDispose](): Promise<void>
}

export interface ToolReply {
  text: string
  structured: unknown
}

const MAIN = new URL('../../dockers/08_k8s_mcp/src/main.ts', import.meta.url).pathname
const MOST_BYTES = 256 * 1024 * 1024

/** Our own server as its users start it. */
export function ownServer(kubeconfig: string, stdio: boolean, env: Record<string, string> = {}): Launch {
  const ports = stdio ? {} : { MCP_PORT: '0', WEBCONTROL_PORT: '0' }
  return {
    command: process.execPath,
    args: stdio ? [MAIN, '--stdio'] : [MAIN],
    env: { PATH: process.env.PATH ?? '', HOME: '/nonexistent', KUBECONFIG: kubeconfig, ...ports, ...env },
  }
}

/** mcp-k8s-agent as a client starts it. */
export function agent(env: Record<string, string> = {}): Launch {
  const path = new URL('../../dockers/11_k8s_agent_mcp/src/main.ts', import.meta.url).pathname
  return {
    command: process.execPath,
    args: [path],
    env: { PATH: process.env.PATH ?? '', HOME: '/nonexistent', ...env },
  }
}

/** Starts a server over stdio; its log goes nowhere, as with most hosts. */
export async function openStdio(launch: Launch): Promise<Session> {
  const client = newClient()
  const transport = new StdioClientTransport({ ...launch, stderr: 'ignore', maxBufferSize: MOST_BYTES })
  await client.connect(transport)
  const pid = transport.pid ?? 0
  return {
    client,
    pid,
    call: (tool, input) => callTool(client, tool, input),
    [Symbol.asyncDispose]: () => client.close(),
  }
}

interface HttpServer extends AsyncDisposable {
  /** The first that listens. */
  port: number
  /** The port of one listener, as the log names it. */
  portOf(what: string): Promise<number>
  child: ChildProcess
}

/** Starts our own server over HTTP and waits until it listens. */
export async function startHttp(launch: Launch): Promise<HttpServer> {
  const child = spawn(launch.command, launch.args, { env: launch.env, stdio: ['ignore', 'pipe', 'inherit'] })
  // A crash here must not leave the server behind.
  const kill = (): void => void child.kill('SIGKILL')
  process.once('exit', kill)
  const ended = new Promise<void>((resolve) => child.once('exit', () => resolve()))
  let text = ''
  child.stdout?.on('data', (chunk: Buffer) => {
    if (text.length <= 100_000) text += chunk
  })
  const portIn = async (line: RegExp): Promise<number> => {
    for (;;) {
      const port = line.exec(text)?.[1]
      if (port) return Number(port)
      if (child.exitCode !== null)
        throw new Error(`the server ended before it listened: ${text.slice(0, 500)}`)
      await pause(2)
    }
  }
  const port = await portIn(/"port":(\d+)/)
  const stop = async (): Promise<void> => {
    child.kill('SIGTERM')
    await ended
    process.off('exit', kill)
  }
  return {
    port,
    portOf: (what) => portIn(new RegExp(`"what":"${what}".*?"port":(\\d+)`)),
    child,
    [Symbol.asyncDispose]: stop,
  }
}

export async function connectHttp(port: number, path = '/mcp'): Promise<Client> {
  const client = newClient()
  await client.connect(new StreamableHTTPClientTransport(new URL(`http://127.0.0.1:${port}${path}`)))
  return client
}

export async function callTool(
  client: Client,
  name: string,
  input: Record<string, unknown>,
): Promise<ToolReply> {
  const result = await client.callTool({ name, arguments: input })
  const text = result.content.map((part) => (part.type === 'text' ? part.text : '')).join('\n')
  if (result.isError) throw new Error(`${name}: ${text.slice(0, 300)}`)
  return { text, structured: result.structuredContent }
}

function newClient(): Client {
  return new Client({ name: 'gatehouse-bench', version: '0.1.0' })
}
