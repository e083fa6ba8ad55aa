import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { closeSync, openSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

/** A running program of the cluster. */
export type Program = { name: string; pid: number; running: () => boolean; stop: () => Promise<void> }

/** The programs of one cluster and the watchdog that outlives this process if it must. */
export type Programs = {
  start: (name: string, args: string[]) => Program
  /** Throws when a program has ended by itself, with the end of its log: better than a timeout. */
  assertRunning: () => void
  end: () => Promise<void>
}

/** Prepares to run programs from `bin` for the cluster in `dir`. */
export function supervise(bin: string, dir: string): Programs {
  const watchdog = startWatchdog(dir)
  const programs: Program[] = []
  const failed: string[] = []
  const start = (name: string, args: string[]): Program => {
    const log = openSync(join(dir, 'logs', `${name}.log`), 'a')
    // Own process group: Ctrl-C reaches only us, and we decide in which order things end.
    const child = spawn(join(bin, name), args, {
      detached: true,
      stdio: ['ignore', log, log],
      env: environment(dir),
    })
    closeSync(log)
    const { pid } = child
    if (!pid) throw new Error(`${name} could not be started from ${bin}`)
    tell(watchdog, `+${pid}`)
    let stopping = false
    const ended = once(child, 'exit').then(() => {
      tell(watchdog, `-${pid}`)
      if (!stopping) failed.push(name)
    })
    const running = (): boolean => child.exitCode === null && child.signalCode === null
    const stop = async (): Promise<void> => {
      stopping = true
      child.kill('SIGTERM')
      const impatient = setTimeout(() => child.kill('SIGKILL'), 1000)
      await ended.finally(() => clearTimeout(impatient))
    }
    const program = { name, pid, running, stop }
    programs.push(program)
    return program
  }
  const assertRunning = (): void => {
    const [name] = failed
    if (name) throw new Error(`${name} ended by itself. The end of its log:\n${lastLines(dir, name)}`)
  }
  return { start, assertRunning, end: () => endWatchdog(watchdog) }
}

/** The end of a program's log, for messages. */
function lastLines(dir: string, name: string, count = 15): string {
  try {
    return readFileSync(join(dir, 'logs', `${name}.log`), 'utf8')
      .trimEnd()
      .split('\n')
      .slice(-count)
      .join('\n')
  } catch {
    return '(no log)'
  }
}

function startWatchdog(dir: string): ChildProcess {
  const script = fileURLToPath(new URL('./watchdog.ts', import.meta.url))
  const { NODE_OPTIONS: _, ...env } = process.env
  const options = { detached: true, stdio: ['pipe', 'ignore', 'ignore'] as ['pipe', 'ignore', 'ignore'], env }
  const watchdog = spawn(process.execPath, [script, dir], options)
  watchdog.unref()
  // A watchdog killed by hand must not crash the test run with EPIPE.
  watchdog.stdin?.on('error', () => {})
  return watchdog
}

function tell(watchdog: ChildProcess, line: string): void {
  if (watchdog.stdin?.writable) watchdog.stdin.write(`${line}\n`)
}

async function endWatchdog(watchdog: ChildProcess): Promise<void> {
  if (watchdog.exitCode !== null || watchdog.signalCode !== null) return
  const ended = once(watchdog, 'exit')
  watchdog.ref()
  watchdog.stdin?.end()
  await ended
}

/** Not ours: `kubectl exec` runs commands with it, and a token in it would be readable there. */
function environment(dir: string): NodeJS.ProcessEnv {
  return { PATH: process.env.PATH, HOME: join(dir, 'home'), LANG: 'C.UTF-8' }
}
