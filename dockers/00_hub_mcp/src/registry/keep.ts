import { readFile } from 'node:fs/promises'
import type { Logger } from '@gatehouse/telemetry'
import { RegistryError, readRegistry } from './read.ts'
import type { Registry } from './schema.ts'

const EVERY_MS = 500

export interface KeptRegistry {
  current(): Registry
  /** What is wrong with the file as it is now; undefined while it is what is in force. */
  problem(): string | undefined
  stop(): void
}

export interface KeepOptions {
  file: string
  environment: Record<string, string | undefined>
  log: Logger
  /** May throw RegistryError, as for a file that the registry names and nobody can read. */
  onChange: (registry: Registry) => void
}

/**
 * Reads hub.yaml and looks again twice a second: by content, because editors and mounted files replace rather than
 * write. A mistake leaves the last good one in force. Throws RegistryError where the first reading fails.
 */
export async function keepRegistry(options: KeepOptions): Promise<KeptRegistry> {
  const { file, environment, log, onChange } = options
  const shown = file.split('/').at(-1) ?? file
  const read = () =>
    readFile(file, 'utf8').catch((cause: NodeJS.ErrnoException) => {
      throw new RegistryError([`${shown}: the file cannot be read (${cause.code})`])
    })
  let text = await read()
  let current = readRegistry(text, shown, environment)
  let problem: string | undefined
  let looking = false
  const look = async (): Promise<void> => {
    let now: string
    try {
      now = await read()
      // With a problem it is looked at again: a file that it names may be there by now.
      if (now === text && problem === undefined) return
      text = now
      const next = readRegistry(now, shown, environment)
      const same = JSON.stringify(next) === JSON.stringify(current)
      if (!same) onChange(next)
      current = next
      problem = undefined
      if (!same) log.info('registry loaded', { servers: next.servers.length, callers: next.callers.length })
    } catch (error) {
      if (!(error instanceof RegistryError)) throw error
      if (problem === error.message) return
      problem = error.message
      log.error('the registry has a mistake; the last good one stays in force', { err: problem })
    }
  }
  const timer = setInterval(() => {
    if (looking) return
    looking = true
    void look().finally(() => {
      looking = false
    })
  }, EVERY_MS)
  timer.unref()
  return { current: () => current, problem: () => problem, stop: () => clearInterval(timer) }
}
