import { setTimeout as pause } from 'node:timers/promises'

/** How long to wait, how often to look, and what to check besides (a program that has died). */
export type Patience = { timeout?: number; interval?: number; meanwhile?: () => void }

/**
 * Waits until `check` returns something other than undefined and false, and returns that. Errors count as
 * "not yet"; the last one is part of the message when time is up.
 */
export async function eventually<T>(
  what: string,
  check: () => Promise<T | undefined | false>,
  { timeout = 30_000, interval = 100, meanwhile = () => {} }: Patience = {},
): Promise<T> {
  const deadline = Date.now() + timeout
  let last: unknown
  for (;;) {
    meanwhile()
    try {
      const value = await check()
      if (value !== undefined && value !== false) return value
    } catch (error) {
      last = error
    }
    if (Date.now() > deadline) break
    await pause(interval)
  }
  throw new Error(`${what}: not after ${timeout / 1000} s`, { cause: last })
}
