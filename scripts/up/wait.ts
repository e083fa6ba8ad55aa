import { setTimeout as pause } from 'node:timers/promises'
import { stripVTControlCharacters } from 'node:util'
import { compose } from './docker.ts'
import { Problem } from './problem.ts'

const PATIENCE_MS = 60_000

/** Waits until /livez answers through the published port, or the container turns out not to run. */
export async function waitUntilLive(origin: string, service: string, cwd: string): Promise<void> {
  const deadline = Date.now() + PATIENCE_MS
  for (let round = 1; Date.now() < deadline; round++) {
    if (await answers(`${origin}/livez`)) return
    // Every second is enough to notice a container that fails again and again.
    if (round % 5 === 0 && !(await isRunning(service, cwd))) break
    await pause(200)
  }
  const logs = await compose(['logs', '--no-color', '--no-log-prefix', '--tail', '8', service], { cwd })
  throw new Problem(
    `The container does not answer on ${origin}. "npm run up -- down" removes it. The end of its log:\n${stripVTControlCharacters(logs.stdout).trimEnd()}`,
  )
}

async function answers(url: string): Promise<boolean> {
  try {
    const headers = { connection: 'close' }
    const { ok } = await fetch(url, { headers, signal: AbortSignal.timeout(2_000) })
    return ok
  } catch {
    return false
  }
}

/** Whether the service's container exists and has not ended. */
export async function isRunning(service: string, cwd: string): Promise<boolean> {
  const { stdout } = await compose(['ps', '--all', '--format', '{{.State}}', service], { cwd })
  return stdout.trim() === 'running' || stdout.trim() === 'created'
}
