import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { createInterface } from 'node:readline'

/** A line of a server's log. */
export type LogLine = Record<string, unknown> & { msg: string; level: string }

export interface ServerProcess {
  /** http://127.0.0.1:<port> */
  url: string
  pid: number
  /** What was logged so far. */
  logs: LogLine[]
  /** Everything on stdout and stderr so far, for what must not be there. */
  output(): string
  /** The first log line that fits, now or later. */
  logged(fits: (line: LogLine) => boolean): Promise<LogLine>
  signal(name: NodeJS.Signals): void
  exited: Promise<number | null>
  stop(): Promise<number | null>
}

export interface Program {
  /** Path of a main.ts. */
  main: string
  args?: string[]
  env?: Record<string, string | undefined>
  cwd?: string
}

/** What a program gets of our environment: nothing that configures it. */
export function bareEnvironment(more: Record<string, string | undefined> = {}): Record<string, string> {
  const { PATH = '' } = process.env
  const all = { PATH, HOME: '/nonexistent', ...more }
  return Object.fromEntries(Object.entries(all).filter(([, value]) => value !== undefined)) as Record<
    string,
    string
  >
}

/** Starts a server over HTTP on a free port and waits until it listens. Rejects with its output if it ends before. */
export async function startServer(program: Program): Promise<ServerProcess> {
  const port = { MCP_PORT: '0', WEBCONTROL_PORT: '0' }
  const child = run({ ...program, env: { ...port, ...program.env } })
  const logs: LogLine[] = []
  const waiting = new Set<() => void>()
  let text = ''
  child.stderr?.on('data', (chunk) => {
    text += chunk
  })
  if (child.stdout) {
    createInterface({ input: child.stdout }).on('line', (line) => {
      text += `${line}\n`
      if (line.startsWith('{')) logs.push(JSON.parse(line))
      for (const look of waiting) look()
    })
  }
  const exited = once(child, 'exit').then(([code]) => code as number | null)
  const logged = (fits: (line: LogLine) => boolean): Promise<LogLine> => {
    const { promise, resolve, reject } = Promise.withResolvers<LogLine>()
    const look = () => {
      const found = logs.find(fits)
      if (!found) return
      waiting.delete(look)
      resolve(found)
    }
    waiting.add(look)
    look()
    void exited.then(() => reject(new Error(`the server ended:\n${text}`)))
    return promise
  }
  const listening = await logged((line) => line.msg === 'listening')
  return {
    url: `http://127.0.0.1:${listening.port}`,
    pid: child.pid ?? 0,
    logs,
    output: () => text,
    logged,
    signal: (name) => child.kill(name),
    exited,
    stop: () => {
      child.kill('SIGTERM')
      return exited
    },
  }
}

export interface Finished {
  code: number | null
  stdout: string
  stderr: string
}

/** Runs a program to its end, with `input` as its whole stdin. */
export async function runToEnd(program: Program, input = ''): Promise<Finished> {
  const child = run(program)
  const read = { stdout: '', stderr: '' }
  child.stdout?.on('data', (chunk) => {
    read.stdout += chunk
  })
  child.stderr?.on('data', (chunk) => {
    read.stderr += chunk
  })
  child.stdin?.on('error', () => {})
  child.stdin?.end(input)
  const [code] = await once(child, 'close')
  return { code, ...read }
}

function run({ main, args = [], env, cwd }: Program): ChildProcess {
  return spawn(process.execPath, [main, ...args], {
    stdio: 'pipe',
    env: bareEnvironment(env),
    ...(cwd && { cwd }),
  })
}
